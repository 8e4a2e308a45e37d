//! Serving until a signal says stop.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::http::KeepAlive;

use super::application;
use super::drain::Drain;
use crate::services::App;

/// How long a connection without a request is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a client that was told to go may take to hang up.
const DISCONNECT: Duration = Duration::from_secs(5);

/// Serves on `listener` until `stop`, then finishes what is in flight and what is on its way.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + 'static,
) -> std::io::Result<()> {
    let config = app.config().http.clone();
    let drain = Arc::new(Drain::new());
    let at_the_end = Arc::clone(&drain);
    let mut server = HttpServer::new(move || application(Arc::clone(&app)).app_data(Arc::clone(&drain)))
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(Duration::from_secs(config.head_seconds.into()))
        .client_disconnect_timeout(DISCONNECT)
        .shutdown_timeout(config.shutdown_seconds.into())
        .disable_signals();
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let server = server.listen(listener)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stop.await;
        at_the_end.begin();
        tracing::info!("stopping: each answer ends its connection, until nobody comes any more");
        at_the_end.quiet().await;
        handle.stop(true).await;
    });
    server.await
}

/// SIGTERM or SIGINT, from now on: to be taken hold of before anybody is told that the server is there.
#[cfg(unix)]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    })
}

#[cfg(not(unix))]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
