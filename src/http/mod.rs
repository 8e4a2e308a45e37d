//! HTTP: routes, what is read and shown, problems, the document of the API. Names services, never the store.
//!
//! To add an endpoint: a handler with `#[utoipa::path]` in `delivery` or `editor`, its line in that module's `routes`, an
//! example in `examples`. The document, the fallback for other methods and the checks follow from the registration.

mod account;
mod api_keys;
mod auth;
mod bytes;
mod client;
mod codes;
mod conditional;
mod delivery;
mod docs;
mod drain;
mod editor;
mod etag;
mod examples;
mod extract;
mod media;
mod methods;
mod middleware;
mod openapi;
mod operations;
mod ops;
mod parameters;
mod preview;
mod problem;
mod range;
mod ready;
mod routes;
mod server;
mod totp;
mod view;

use std::rc::Rc;
use std::sync::Arc;

use actix_http::{Request, Response};
use actix_service::apply;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{Error, web};

pub use codes::{Code, reference};
pub use openapi::{document, pretty};
pub use server::{Tls, serve, signal};

use self::middleware::AtOnce;
use self::operations::Operations;
use self::routes::Routes;
use crate::services::App;

/// Every handler there is. What is not registered here is neither served nor in the document.
fn register(routes: &mut Routes<'_>) {
    delivery::routes(routes);
    editor::routes(routes);
    media::routes(routes);
    auth::routes(routes);
    account::routes(routes);
    totp::routes(routes);
    api_keys::routes(routes);
    preview::routes(routes);
    ops::routes(routes);
    docs::routes(routes);
}

/// The whole service, for the server as for tests without a socket.
pub fn application(
    app: Arc<App>,
) -> actix_web::App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    let operations = Rc::new(Operations::new(Arc::clone(&app)));
    actix_web::App::new()
        .app_data(app)
        .app_data(operations)
        .configure(|config| register(&mut Routes::Served(config)))
        .default_service(web::to(methods::fallback))
        .wrap(from_fn(middleware::around))
}

/// The same for whole requests, what is kept ready sent at once.
pub fn service(
    app: Arc<App>,
) -> impl ServiceFactory<Request, Config = AppConfig, Response = Response<BoxBody>, Error = Error, InitError = ()> {
    let routes = application(Arc::clone(&app));
    apply(AtOnce::new(app, None), routes)
}
