//! What happens around every handler: a name for the request, who asks, how long it may take, what the answer's headers
//! say, how failure looks, one line in the log.
//!
//! All of it is one function around the router, because the parts need each other's order: nothing may answer without
//! a request id, headers and a log line, not even a panic. But for what is kept ready, which is answered before (`at_once`), in the same dress.

mod answer;
mod at_once;
mod cors;
mod guard;
mod headers;
mod idempotency;
mod kept;
mod limits;
mod negotiate;
mod request_id;
mod size;
mod unread;

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{ConnectionType, Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError as _};
use tracing::Instrument as _;

pub(super) use at_once::AtOnce;
pub(super) use cors::is_preflight;
pub(super) use guard::Patience;
pub(super) use idempotency::OperationKey;
pub(super) use negotiate::preferred;
pub(super) use request_id::{NAME as REQUEST_ID, of_request as request_id_of};

use self::cors::Grant;
use self::request_id::RequestId;
use self::unread::Unread;
use super::client;
use super::codes::Code;
use super::drain::{Drain, last};
use super::extract::authenticate;
use super::problem::Problem;
use super::routes::route;
use super::server::{AtWork, Connection};
use crate::services::App;

/// What is remembered of a request while it is with its handler.
struct Asked {
    request_id: String,
    method: Method,
    /// As it was sent.
    raw_path: String,
    /// As it is routed.
    path: String,
    /// Which pages may read the answer.
    grant: Grant,
    https: bool,
    started: Instant,
}

/// The middleware.
pub(super) async fn around(mut req: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    let started = Instant::now();
    let at_work = AtWork::of(&req);
    let Some(app) = req.app_data::<Arc<App>>().map(Arc::clone) else {
        return Ok(req.error_response(Problem::plain(Code::Internal)));
    };
    let unread = Unread::of(&mut req);
    let flaw = size::check(req.head());
    let drain = Drain::of(&req).map(Arc::clone);
    let is_last = upgrades(req.head());
    let end = |answer| {
        let answer = if is_last { last(answer) } else { answer };
        match &drain {
            Some(drain) => unread.end(drain.end(answer)),
            None => unread.end(answer),
        }
    };
    let path = req.match_info().as_str();
    let asked = Asked {
        request_id: request_id::of(req.headers(), &app),
        method: req.method().clone(),
        raw_path: req.path().to_owned(),
        path: path.to_owned(),
        grant: Grant::of(req.head(), path, &app.config().http.cors),
        https: is_https(req.conn_data(), req.head(), &app),
        started,
    };
    // A level that every filter lets through: what is logged below carries the id at any level.
    let span = tracing::error_span!("request", request_id = %asked.request_id);
    match run(&asked, &app, req, flaw, next).instrument(span).await {
        Ok(response) => {
            let (request, response) = response.into_parts();
            let response = end(finish(&asked, response, Some(&request)));
            Ok(ServiceResponse::new(request, answer::at_work(response, at_work)))
        }
        // The request is lost inside, and without it actix takes an answer only as an error.
        Err(problem) => {
            let response = end(finish(&asked, problem.error_response_of(&asked), None));
            Err(InternalError::from_response(problem, response).into())
        }
    }
}

/// Whether it wants to go on with something else than HTTP. It is answered as if it did not, but the framework uses no such connection again, and would
/// not say so.
fn upgrades(asked: &RequestHead) -> bool {
    asked.connection_type() == ConnectionType::Upgrade
}

/// Whether it came by https, to us or to a trusted proxy.
fn is_https(connection: Option<&Rc<Connection>>, asked: &RequestHead, app: &App) -> bool {
    connection.is_some_and(|connection| connection.https) || client::is_https(asked, &app.config().http.trusted_proxies)
}

async fn run(
    asked: &Asked,
    app: &Arc<App>,
    mut req: ServiceRequest,
    flaw: Option<Problem>,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Problem> {
    if let Some(problem) = flaw {
        return Ok(req.error_response(problem));
    }
    req.extensions_mut().insert(RequestId(asked.request_id.clone()));
    let place = match limits::place(&req, app) {
        Ok(place) => place,
        // Nothing has to be made of what is kept and holds still.
        Err(problem) => {
            return Ok(match kept::still(&req, app).await {
                Some(answer) => req.into_response(answer),
                None => req.error_response(problem),
            });
        }
    };
    let patience = Patience::new(app.config().http.handler_seconds, place);
    req.extensions_mut().insert(patience.clone());
    if asked.method == Method::HEAD {
        req.head_mut().method = Method::GET;
        // Only GET has parts (RFC 9110 §14.2).
        req.headers_mut().remove(header::RANGE);
    }
    // OPTIONS is answered without a body, so whoever asks need not take JSON.
    if asked.method != Method::OPTIONS {
        if let Err(problem) = negotiate::check(&asked.path, req.query_string(), req.headers()) {
            return Ok(req.error_response(problem));
        }
    }
    // Who asks is looked up under the same guard: that can be slow, or break, too.
    let served = async move {
        if let Err(problem) = authenticate(&req, app, &asked.request_id).await {
            return Ok(req.error_response(problem));
        }
        if *req.method() == Method::GET {
            kept::serve(req, next, app).await
        } else {
            limits::write(req, next, app).await
        }
    };
    guard::watch(served, &patience).await
}

fn finish(asked: &Asked, response: HttpResponse, request: Option<&HttpRequest>) -> HttpResponse {
    let mut response = answer::as_problem(response, asked);
    let status = response.status();
    headers::dress(
        response.headers_mut(),
        &asked.path,
        status,
        &asked.request_id,
        asked.https,
    );
    asked.grant.dress(response.headers_mut());
    if asked.method == Method::HEAD {
        response = answer::without_body(response);
    }
    log(
        &asked.method,
        || request.and_then(route).unwrap_or(Cow::Borrowed("-")),
        status.as_u16(),
        &asked.request_id,
        asked.started,
    );
    response
}

/// Neither the path nor the query is logged as sent: they may hold what a reader looks for.
fn log<'a>(method: &Method, route: impl FnOnce() -> Cow<'a, str>, status: u16, request_id: &str, started: Instant) {
    let is_fault = status >= 500;
    if !is_fault && !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    let duration_ms = u32::try_from(started.elapsed().as_micros()).map_or(f64::INFINITY, |us| f64::from(us) / 1000.0);
    let (method, route) = (method.as_str(), &*route());
    if is_fault {
        tracing::error!(method, route, status, duration_ms, request_id, "request");
    } else {
        tracing::info!(method, route, status, duration_ms, request_id, "request");
    }
}

impl Problem {
    fn error_response_of(&self, asked: &Asked) -> HttpResponse {
        self.clone().of(&asked.request_id, &asked.raw_path).error_response()
    }
}
