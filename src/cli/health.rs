//! Asks a running server how it is; what a container's health check calls.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::{Failure, say};

/// Longest wait for each step.
const PATIENCE: Duration = Duration::from_secs(3);

/// Fails unless the server at this address answers that it is ready.
pub(super) fn ask(listen: SocketAddr) -> Result<(), Failure> {
    // A server that listens on every address is asked on this machine's own.
    let address = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), listen.port()),
        _ => listen,
    };
    let failed = |error: std::io::Error| format!("{address} does not answer: {error}");
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
    let request = format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = Vec::new();
    stream.take(16 * 1024).read_to_end(&mut answer).map_err(failed)?;
    if answer.starts_with(b"HTTP/1.1 200") {
        say("ready")
    } else {
        Err(format!("{address} is not ready").into())
    }
}
