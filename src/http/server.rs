//! Serving until a signal says stop.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::http::KeepAlive;

use super::application;
use crate::services::App;

/// How long a connection without a request is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a client that was told to go may take to hang up.
const DISCONNECT: Duration = Duration::from_secs(5);

/// Serves on `listener` until SIGTERM or SIGINT, then finishes what is in flight.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> std::io::Result<()> {
    let config = app.config().http.clone();
    let mut server = HttpServer::new(move || application(Arc::clone(&app)))
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(Duration::from_secs(config.head_seconds.into()))
        .client_disconnect_timeout(DISCONNECT)
        .shutdown_timeout(config.shutdown_seconds.into())
        .disable_signals();
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    // Taken hold of before anything is accepted, so that no signal is missed.
    let stop = signal()?;
    let server = server.listen(listener)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stop.await;
        tracing::info!("stopping: no new connections, finishing what is in flight");
        handle.stop(true).await;
    });
    server.await
}

#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    })
}

#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
