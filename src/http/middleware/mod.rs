//! What happens around every handler: a name for the request, who asks, how long it may take, what the answer's headers
//! say, how failure looks, one line in the log.
//!
//! All of it is one function around the router, because the parts need each other's order: nothing may answer without
//! a request id, headers and a log line, not even a panic.

mod answer;
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

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError as _};
use tracing::Instrument as _;

pub(super) use cors::is_preflight;
pub(super) use guard::Patience;
pub(super) use idempotency::OperationKey;
pub(super) use negotiate::preferred;
pub(super) use request_id::{NAME as REQUEST_ID, of_request as request_id_of};

use self::cors::Grant;
use self::request_id::RequestId;
use self::unread::Unread;
use super::client;
use super::drain::Drain;
use super::extract::authenticate;
use super::problem::Problem;
use super::server::AtWork;
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
    // Until the end of this function.
    let _at_work = AtWork::of(&req);
    let request_id = request_id::of(&req);
    let unread = Unread::of(&mut req);
    let end = |drain: Option<&Arc<Drain>>, answer| match drain {
        Some(drain) => unread.end(drain.end(answer)),
        None => unread.end(answer),
    };
    let flaw = size::check(&req);
    let answer = if flaw.is_none() {
        kept(&req, &request_id, started)
    } else {
        None
    };
    if let Some(answer) = answer {
        // Without a hand on what all processors share, for these are most.
        let answer = end(Drain::of(&req), answer);
        return Ok(req.into_response(answer));
    }
    let drain = Drain::of(&req).map(Arc::clone);
    let asked = Asked {
        request_id,
        method: req.method().clone(),
        raw_path: req.path().to_owned(),
        path: req.match_info().as_str().to_owned(),
        grant: Grant::of(&req),
        https: is_https(&req),
        started,
    };
    // A level that every filter lets through: what is logged below carries the id at any level.
    let span = tracing::error_span!("request", request_id = %asked.request_id);
    match run(&asked, req, flaw, next).instrument(span).await {
        Ok(response) => {
            let (request, response) = response.into_parts();
            let route = request.match_pattern();
            let response = end(drain.as_ref(), finish(&asked, response, route.as_deref()));
            Ok(ServiceResponse::new(request, response))
        }
        // The request is lost inside, and without it actix takes an answer only as an error.
        Err(problem) => {
            let response = end(drain.as_ref(), finish(&asked, problem.error_response_of(&asked), None));
            Err(InternalError::from_response(problem, response).into())
        }
    }
}

/// The answer to most requests of readers, for which nothing is remembered and nobody is asked.
fn kept(req: &ServiceRequest, request_id: &str, started: Instant) -> Option<HttpResponse> {
    let app = req.app_data::<Arc<App>>()?;
    let (mut response, kept) = kept::at_once(req, app)?;
    let status = response.status();
    let https = client::is_https(req, &app.config().http.trusted_proxies);
    headers::dress(
        response.headers_mut(),
        req.match_info().as_str(),
        status,
        request_id,
        https,
    );
    Grant::of(req).dress(response.headers_mut());
    if *req.method() == Method::HEAD {
        response = answer::without_body(response);
    }
    log(req.method(), &kept.route, status.as_u16(), request_id, started);
    Some(response)
}

fn is_https(req: &ServiceRequest) -> bool {
    let app = req.app_data::<Arc<App>>();
    app.is_some_and(|app| client::is_https(req, &app.config().http.trusted_proxies))
}

async fn run(
    asked: &Asked,
    mut req: ServiceRequest,
    flaw: Option<Problem>,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Problem> {
    if let Some(problem) = flaw {
        return Ok(req.error_response(problem));
    }
    let Some(app) = req.app_data::<Arc<App>>().map(Arc::clone) else {
        return Ok(req.error_response(Problem::plain(super::codes::Code::Internal)));
    };
    req.extensions_mut().insert(RequestId(asked.request_id.clone()));
    let place = match limits::place(&req, &app) {
        Ok(place) => place,
        // Nothing has to be made of what is kept and holds still.
        Err(problem) => {
            return Ok(match kept::still(&req, &app).await {
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
        if let Err(problem) = authenticate(&req, &app, &asked.request_id).await {
            return Ok(req.error_response(problem));
        }
        if *req.method() == Method::GET {
            kept::serve(req, next, &app).await
        } else {
            limits::write(req, next, &app).await
        }
    };
    guard::watch(served, &patience).await
}

fn finish(asked: &Asked, response: HttpResponse, route: Option<&str>) -> HttpResponse {
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
        route.unwrap_or("-"),
        status.as_u16(),
        &asked.request_id,
        asked.started,
    );
    response
}

/// Neither the path nor the query is logged as sent: they may hold what a reader looks for.
fn log(method: &Method, route: &str, status: u16, request_id: &str, started: Instant) {
    let duration_ms = u32::try_from(started.elapsed().as_micros()).map_or(f64::INFINITY, |us| f64::from(us) / 1000.0);
    let method = method.as_str();
    if status >= 500 {
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
