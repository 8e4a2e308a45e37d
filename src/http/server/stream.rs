//! A stream that cannot be held for nothing.
//!
//! The framework bounds the first head of a connection and the time that one rests. Here are bounded a later head that began to come, and an answer that
//! is not taken. A timer is set when something is waited for, and left alone while it is not: it looks, when it ends, what there is to
//! wait for then. So nothing is registered for each request.
//!
//! And it hands on one request after the other (`turns`).

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::connection::Connection;
use super::turns::Turns;

/// Whoever takes an answer slower than this, in bytes a second, is held to be gone.
const SLOWEST: u64 = 1024;
/// How long who was answered for the last time may take to hang up.
const LEAVING: Duration = Duration::from_secs(5);
/// Reads that are thrown away before others on the same thread have their turn.
const AT_ONCE: usize = 16;

/// What can be hung up on without waiting for who does not listen.
pub(super) trait Abort {
    /// Has nothing more sent when it is closed.
    fn abort(&self);
}

/// A stream with bounds.
pub(super) struct Bounded<S> {
    inner: S,
    connection: Rc<Connection>,
    turns: Turns,
    /// How long nothing of an answer may be taken.
    idle: Duration,
    /// By when more of an answer must have been taken.
    due: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    /// By when it is closed, once nothing more is sent.
    gone_by: Option<Instant>,
}

impl<S> Bounded<S> {
    pub(super) fn new(inner: S, connection: Rc<Connection>, idle: Duration) -> Self {
        Self {
            inner,
            connection,
            turns: Turns::default(),
            idle,
            due: None,
            timer: None,
            gone_by: None,
        }
    }

    pub(super) fn connection(&self) -> &Rc<Connection> {
        &self.connection
    }

    /// Whether it is past `due`. Otherwise the task is woken then, or before.
    fn is_past(&mut self, due: Instant, cx: &mut Context<'_>) -> bool {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
        loop {
            if timer.deadline() > due {
                timer.as_mut().reset(due);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return false;
            }
            if Instant::now() >= due {
                return true;
            }
            timer.as_mut().reset(due);
        }
    }
}

impl<S: Abort> Bounded<S> {
    /// What came of a write, or of what ends one, within the bound of it.
    fn bounded<T>(&mut self, tried: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let is_late = match (&tried, self.due) {
            (Poll::Pending, due) => {
                let due = due.unwrap_or_else(|| Instant::now() + self.idle);
                self.due = Some(due);
                self.is_past(due, cx)
            }
            // What was taken is the proof that somebody takes it.
            (Poll::Ready(_), _) => false,
        };
        if !is_late {
            return tried;
        }
        self.inner.abort();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Bytes that were taken give time for more.
    fn taken(&mut self, bytes: usize) {
        self.connection.went();
        if let Some(due) = self.due {
            let earned = Duration::from_millis(u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(1000) / SLOWEST);
            self.due = Some((due + earned.min(self.idle)).min(Instant::now() + self.idle));
        }
    }
}

impl<S: AsyncRead + Unpin> Bounded<S> {
    /// Waits for the end of what a client sends, and throws away what comes before it.
    fn poll_end(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        for _ in 0..AT_ONCE {
            ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
            if buf.filled().len() == before {
                return Poll::Ready(Ok(()));
            }
            buf.set_filled(before);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    /// To whoever is late it is as if the client had hung up: the framework then ends the connection in good order.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.turns.is_over() {
            return this.poll_end(cx, buf);
        }
        if this.turns.has_kept() {
            let kept = this.turns.kept(buf.remaining());
            if this.turns.is_refused() {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
            if kept.is_empty() {
                return Poll::Pending;
            }
            buf.put_slice(&kept);
            this.connection.came();
            return Poll::Ready(Ok(()));
        }
        let (before, due) = (buf.filled().len(), this.connection.due());
        let read = Pin::new(&mut this.inner).poll_read(cx, buf);
        let is_late = match (&read, due) {
            (Poll::Ready(Ok(())), None) if buf.filled().len() > before => {
                this.connection.came();
                false
            }
            // While an answer waits for its reader the bound on that holds.
            _ if this.due.is_some() => false,
            // Somebody whose bytes never end for a moment is late, too.
            (Poll::Ready(Ok(())), Some(due)) => Instant::now() >= due,
            (Poll::Pending, Some(due)) => this.is_past(due, cx),
            _ => false,
        };
        if is_late {
            buf.set_filled(before);
            return Poll::Ready(Ok(()));
        }
        let came = buf.filled().get(before..).unwrap_or_default();
        let passed = this.turns.pass(came);
        if this.turns.is_refused() {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        if passed < came.len() {
            this.turns.keep(came.get(passed..).unwrap_or_default());
            buf.set_filled(before + passed);
            // Nothing read would be the end.
            return if passed == 0 { Poll::Pending } else { read };
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Abort + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.turns.sending(bytes, this.connection.begun());
        let written = Pin::new(&mut this.inner).poll_write(cx, bytes);
        let written = this.bounded(written, cx);
        if let Poll::Ready(Ok(count)) = written {
            this.taken(count);
        }
        written
    }

    /// Called by the framework when all that it has is written.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.inner).poll_flush(cx);
        let flushed = this.bounded(flushed, cx);
        if flushed.is_ready() {
            this.due = None;
            let answered = this.connection.answered();
            if answered.is_some_and(|requests| this.turns.sent(requests)) {
                // Who reads was told to wait.
                cx.waker().wake_by_ref();
            }
        }
        flushed
    }

    /// Whoever still sends behind the last answer is read for a while: a system that is sent to what is closed takes back what it has of the
    /// answer (RFC 9112 §9.6).
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let gone_by = if let Some(gone_by) = this.gone_by {
            gone_by
        } else {
            let shut = Pin::new(&mut this.inner).poll_shutdown(cx);
            ready!(this.bounded(shut, cx))?;
            *this.gone_by.insert(Instant::now() + LEAVING)
        };
        let mut space = [0; 4096];
        let is_there = this.turns.is_over() && this.poll_end(cx, &mut ReadBuf::new(&mut space)).is_pending();
        if is_there && !this.is_past(gone_by, cx) {
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::super::connection::AtWork;
    use super::*;

    const HEAD: Duration = Duration::from_secs(5);
    const IDLE: Duration = Duration::from_secs(10);

    impl Abort for DuplexStream {
        fn abort(&self) {}
    }

    /// A stream of ours and the client's end of it, with `room` bytes between them.
    fn pair(room: usize) -> (Bounded<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(room);
        (Bounded::new(ours, Connection::new(false, HEAD), IDLE), theirs)
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_has_to_take_a_kibibyte_a_second_in_the_long_run() {
        for (bytes, is_served) in [(500, false), (4000, true)] {
            let (mut ours, mut theirs) = pair(64);
            let reads = tokio::spawn(async move {
                let mut some = vec![0; bytes];
                while theirs.read_exact(&mut some).await.is_ok() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            });
            let sent = ours.write_all(&vec![0; 200_000]).await;
            assert_eq!(sent.is_ok(), is_served, "{bytes} a second: {sent:?}");
            drop(ours);
            reads.await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_late_from_its_first_byte_on_and_a_rest_is_not() {
        let (mut ours, mut theirs) = pair(64);
        drop(AtWork::begin(ours.connection()));
        let mut some = [0; 10];
        let hour = Duration::from_hours(1);
        let rested = tokio::time::timeout(hour, ours.read(&mut some)).await;
        assert!(rested.is_err(), "nothing came, and nothing is late");
        theirs.write_all(b"G").await.unwrap();
        assert_eq!(ours.read(&mut some).await.unwrap(), 1);
        let began = Instant::now();
        assert_eq!(ours.read(&mut some).await.unwrap(), 0);
        assert!(began.elapsed() >= HEAD && began.elapsed() < HEAD * 2);
        // A request is there: what comes now is its body, which others bound.
        let at_work = AtWork::begin(ours.connection());
        assert!(tokio::time::timeout(hour, ours.read(&mut some)).await.is_err());
        drop(at_work);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_sent_ahead_waits_for_the_answer_and_is_not_heard_behind_the_last() {
        const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
        for (answer, is_last) in [
            ("HTTP/1.1 200 OK\r\n\r\nbody", false),
            ("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbody", true),
        ] {
            let (mut ours, mut theirs) = pair(1024);
            theirs.write_all(&REQUEST.repeat(3)).await.unwrap();
            theirs.shutdown().await.unwrap();
            let mut some = [0; 100];
            assert_eq!(ours.read(&mut some).await.unwrap(), REQUEST.len());
            let at_work = AtWork::begin(ours.connection());
            let wait = tokio::time::timeout(Duration::from_millis(1), ours.read(&mut some));
            wait.await.unwrap_err();
            // All that is there of the answer is sent, and more of it is to come.
            ours.write_all(answer.as_bytes()).await.unwrap();
            ours.flush().await.unwrap();
            if !is_last {
                let wait = tokio::time::timeout(Duration::from_millis(1), ours.read(&mut some));
                wait.await.unwrap_err();
            }
            drop(at_work);
            ours.flush().await.unwrap();
            let expected = if is_last { 0 } else { REQUEST.len() };
            assert_eq!(ours.read(&mut some).await.unwrap(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_on_behind_the_last_answer_is_read_until_they_hang_up_or_for_a_while() {
        for hangs_up in [true, false] {
            let (mut ours, mut theirs) = pair(64);
            theirs.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
            ours.read_exact(&mut [0; 18]).await.unwrap();
            drop(AtWork::begin(ours.connection()));
            ours.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
                .await
                .unwrap();
            ours.flush().await.unwrap();
            let began = Instant::now();
            let sends_on = async {
                theirs.write_all(&[b'x'; 1000]).await.unwrap();
                if hangs_up {
                    theirs.shutdown().await.unwrap();
                }
                theirs
            };
            let (shut, _theirs) = tokio::join!(ours.shutdown(), sends_on);
            shut.unwrap();
            assert_eq!(began.elapsed() >= LEAVING, !hangs_up);
        }
    }
}
