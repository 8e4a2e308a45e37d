//! Serving until a signal says stop.

mod connection;
mod io;
mod stream;
mod tls;
mod turns;

use std::net::TcpListener;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{ServiceFactory, ServiceFactoryExt as _, apply, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::http::KeepAlive;
use tokio::net::TcpStream;

pub(super) use self::connection::{AtWork, Connection};
use self::io::Io;
use self::stream::Bounded;
pub use self::tls::Tls;
use super::application;
use super::drain::Drain;
use super::middleware::AtOnce;
use crate::config::HttpConfig;
use crate::services::App;

/// How long a connection without a request is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a client that was told to go may take to hang up.
const DISCONNECT: Duration = Duration::from_secs(5);

/// Serves on `listener` until `stop`, then finishes what is in flight and what is on its way.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    stop: impl Future<Output = ()> + 'static,
) -> std::io::Result<()> {
    let drain = Arc::new(Drain::new());
    if let Some(tls) = &tls {
        actix_web::rt::spawn(Arc::clone(tls).follow()?);
    }
    let server = listen(app, listener, tls, &drain)?;
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stop.await;
        drain.begin();
        tracing::info!("stopping: each answer ends its connection, until nobody comes any more");
        drain.quiet().await;
        handle.stop(true).await;
    });
    server.await
}

fn listen(app: Arc<App>, listener: TcpListener, tls: Option<Arc<Tls>>, drain: &Arc<Drain>) -> std::io::Result<Server> {
    let config = app.config().http.clone();
    let mut server = Server::build()
        .shutdown_timeout(config.shutdown_seconds.into())
        .disable_signals();
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let (drain, stopping) = (Arc::clone(drain), server.graceful_shutdown_signal());
    let factory = move || {
        let (app, drain) = (Arc::clone(&app), Arc::clone(&drain));
        connections(app, drain, tls.clone(), &config, stopping.clone())
    };
    Ok(server.listen("http", listener, factory)?.run())
}

/// What one worker does with a connection: as the framework's own server does it, but with streams of ours.
fn connections(
    app: Arc<App>,
    drain: Arc<Drain>,
    tls: Option<Arc<Tls>>,
    config: &HttpConfig,
    stopping: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<> {
    let head = Duration::from_secs(config.head_seconds.into());
    let idle = Duration::from_secs(config.answer_idle_seconds.into());
    let routes = application(Arc::clone(&app)).app_data(Arc::clone(&drain));
    let application = apply(AtOnce::new(app, Some(drain)), routes).map_err(|error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(head)
        .client_disconnect_timeout(DISCONNECT)
        .on_connect_ext(|stream: &Bounded<Io>, data| {
            data.insert(Rc::clone(stream.connection()));
        })
        // Neither a name nor an address of this server stands in what it answers.
        .finish(map_config(application, |()| AppConfig::default()));
    fn_service(move |tcp: TcpStream| {
        let tls = tls.clone();
        async move {
            let peer = tcp.peer_addr().ok();
            let io = Io::accept(tcp, tls.as_deref(), head).await.map_err(DispatchError::Io)?;
            let stream = Bounded::new(io, Connection::new(tls.is_some(), head), idle);
            Ok((stream, actix_http::Protocol::Http1, peer))
        }
    })
    .and_then(http)
}

/// SIGTERM or SIGINT, from now on: to be taken hold of before anybody is told that the server is there.
#[cfg(unix)]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    // It has certificates read anew; where there are none it must not end the server.
    let hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        let _hangup = hangup;
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    })
}

#[cfg(not(unix))]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
