//! The server.

use std::net::TcpListener;
use std::sync::Arc;

use super::{Failure, say, told};
use crate::http::{self, Tls};
use crate::services::{App, accounts};
use crate::worker::Worker;

/// Serves until it is told to stop, then finishes what is in flight and brings all writes into the database file.
pub(super) async fn serve(app: Arc<App>) -> Result<(), Failure> {
    if !accounts::users::any(&app).await.map_err(told)? {
        say(
            "Nobody can log in yet. Make an admin with:\n  copydesk user create --email YOU@EXAMPLE.ORG --name 'YOUR NAME' --role admin",
        )?;
    }
    let address = app.config().listen;
    let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let stop = http::signal()?;
    until(app, listener, stop).await
}

/// Serves at an address that was taken, until `stop`.
pub(super) async fn until(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + 'static,
) -> Result<(), Failure> {
    let address = listener.local_addr()?;
    let http = &app.config().http;
    let tls = match (&http.tls_cert, &http.tls_key) {
        (Some(chain), Some(key)) => Some(Arc::new(Tls::read(chain, key)?)),
        _ => None,
    };
    let scheme = http.scheme();
    if let Err(fault) = app.date_pages().await {
        tracing::error!(error = ?fault, "It cannot be told since when pages are as they are; they are dated as of now");
    }
    tracing::info!(%address, scheme, version = env!("CARGO_PKG_VERSION"), "Serving");
    let worker = Worker::start(Arc::clone(&app));
    let served = http::serve(Arc::clone(&app), listener, tls, stop).await;
    worker.stop().await;
    app.close();
    served?;
    tracing::info!("Stopped");
    Ok(())
}
