//! How often somebody may ask.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};

use super::headers::Surface;
use super::idempotency;
use crate::domain::access::Actor;
use crate::http::client;
use crate::http::codes::Code;
use crate::http::operations::Within;
use crate::http::problem::{Problem, tell_left};
use crate::limits::{Network, Place, Wait};
use crate::services::App;

/// A place among the requests that are worked on; `None` for what needs none.
pub(super) fn place(req: &ServiceRequest, app: &App) -> Result<Option<Place>, Problem> {
    // Whoever watches over a busy server must not take it for a dead one. What comes within a request has that one's place.
    if req.path().starts_with("/health/") || req.extensions().contains::<Within>() {
        return Ok(None);
    }
    let place = app.throttle().at_work.enter();
    place.map(Some).ok_or_else(|| Problem::plain(Code::Overloaded))
}

/// Has a change done, unless whoever asks has asked for too many.
pub(super) async fn write(req: ServiceRequest, next: Next<BoxBody>, app: &Arc<App>) -> Result<ServiceResponse, Error> {
    let left = match writer(&req).map(|user| app.throttle().writes.take(&user)).transpose() {
        Ok(left) => left.flatten(),
        Err(wait) => return Ok(req.error_response(Problem::from(wait))),
    };
    let mut response = idempotency::once(req, next, app).await?;
    if let Some(left) = left {
        tell_left(response.headers_mut(), left);
    }
    Ok(response)
}

/// Who changes something. The operations of a batch are counted as the one request that they came in.
fn writer(req: &ServiceRequest) -> Option<u128> {
    let writes = [Method::POST, Method::PATCH, Method::PUT, Method::DELETE].contains(req.method());
    let extensions = req.extensions();
    let actor = extensions.get::<Actor>().filter(|_| writes)?;
    (!extensions.contains::<Within>()).then(|| actor.id.0.as_u128())
}

/// Counts what a reader asks for that is not kept ready.
pub(super) fn miss(req: &ServiceRequest, app: &App) -> Result<(), Wait> {
    let path = req.match_info().as_str();
    if Surface::of(path) != Surface::Delivery {
        return Ok(());
    }
    let Some(client) = client::of(req.head(), &app.config().http.trusted_proxies) else {
        return Ok(());
    };
    let network = Network::from(client.address);
    if path == "/api/v1/search" {
        app.throttle().searches.take(&network)?;
    }
    app.throttle().misses.take(&network).map(drop)
}
