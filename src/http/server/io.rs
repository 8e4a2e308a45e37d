//! A connection as it came, or within TLS.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::stream::Abort;
use super::tls::Tls;

/// Bytes that the system takes from us before it has sent what it has. Its own measure is megabytes, of which it tells nothing while they go: who reads
/// slowly would seem not to read at all.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 32 * 1024;

pub(super) enum Io {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Io {
    /// With `tls` it has to greet within `patience`.
    pub(super) async fn accept(tcp: TcpStream, tls: Option<&Tls>, patience: Duration) -> io::Result<Self> {
        // What is written in pieces must not wait for the acknowledgement of the one before.
        tcp.set_nodelay(true)?;
        #[cfg(target_os = "linux")]
        socket2::SockRef::from(&tcp).set_tcp_notsent_lowat(UNSENT)?;
        let Some(tls) = tls else {
            return Ok(Self::Plain(tcp));
        };
        let greeted = TlsAcceptor::from(tls.config()).accept(tcp);
        let stream = tokio::time::timeout(patience, greeted).await??;
        Ok(Self::Tls(Box::new(stream)))
    }
}

impl Abort for Io {
    fn abort(&self) {
        let tcp = match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(stream) => stream.get_ref().0,
        };
        // Then it is closed as ever, and the system waits a while for who does not listen.
        let _ = tcp.set_zero_linger();
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
