//! A request that comes with a key is done once: its answer is kept with what it did, and given again.

use std::sync::Arc;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};

use crate::domain::access::Actor;
use crate::domain::idempotency::{IdempotencyKey, KeptAnswer};
use crate::http::codes::Code;
use crate::http::problem::Problem;
use crate::services::accounts::By;
use crate::services::{App, Finish, Unit};

const HEADER: &str = "Idempotency-Key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Headers that say what is asked, besides the body.
const ASKING: [&str; 3] = ["Upload-Length", "Upload-Metadata", "Content-Disposition"];

/// The key of an operation among several: they have no headers of their own to say it in.
pub(in crate::http) struct OperationKey(pub IdempotencyKey);

/// Has the handler answer, or whoever answered the same request before.
pub(super) async fn once(req: ServiceRequest, next: Next<BoxBody>, app: &Arc<App>) -> Result<ServiceResponse, Error> {
    let unit = match unit_of(&req, app) {
        Ok(Some(unit)) => unit,
        Ok(None) => return next.call(req).await,
        Err(problem) => return Ok(req.error_response(problem)),
    };
    unit.asked(req.method().as_str().as_bytes());
    unit.asked(req.path().as_bytes());
    unit.asked(req.query_string().as_bytes());
    // What one API key was answered is not for another, which may be for less.
    if let Some(By::ApiKey(id)) = req.extensions().get::<By>() {
        unit.asked(id.0.as_bytes());
    }
    for name in ASKING {
        unit.asked(req.headers().get(name).map_or(&[], HeaderValue::as_bytes));
    }
    req.extensions_mut().insert(unit.clone());
    let (request, response) = next.call(req).await?.into_parts();
    let response = settle(&unit, response).await.unwrap_or_else(HttpResponse::from_error);
    Ok(ServiceResponse::new(request, response))
}

fn unit_of(req: &ServiceRequest, app: &Arc<App>) -> Result<Option<Unit>, Problem> {
    let path = req.match_info().as_str();
    let writes = [Method::POST, Method::PATCH, Method::PUT, Method::DELETE].contains(req.method());
    // A part of an upload says where it begins; sent again it is refused, and what came of it is kept even where it broke off.
    let takes_key = writes && path.starts_with("/api/v1/editor/") && !path.starts_with("/api/v1/editor/uploads/");
    let Some(actor) = req.extensions().get::<Actor>().copied().filter(|_| takes_key) else {
        return Ok(None);
    };
    let own = req.extensions().get::<OperationKey>().map(|key| key.0.clone());
    let key = own.map_or_else(|| sent(req.headers()), |key| Ok(Some(key)))?;
    Ok(key.map(|key| Unit::keyed(app, actor.id, key)).transpose()?)
}

fn sent(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut sent = headers.get_all(HEADER);
    let Some(first) = sent.next() else {
        return Ok(None);
    };
    if sent.next().is_some() {
        return Err(Problem::new(
            Code::BadRequest,
            "`Idempotency-Key` was sent more than once.",
        ));
    }
    let key = IdempotencyKey::parse(first.to_str().unwrap_or_default());
    key.map(Some)
        .map_err(|flaw| Problem::new(Code::BadRequest, format!("`Idempotency-Key` {}.", flaw.message)))
}

/// Keeps what was done well with its answer; what was not leaves the key free.
async fn settle(unit: &Unit, response: HttpResponse) -> Result<HttpResponse, Problem> {
    if !response.status().is_success() {
        return Ok(unit.give_up().await?.map_or(response, again));
    }
    let (head, body) = response.into_parts();
    let broken = || Problem::plain(Code::Internal);
    let body = to_bytes(body).await.map_err(|_why| broken())?;
    let answer = KeptAnswer {
        status: head.status().as_u16(),
        headers: head.headers().iter().filter_map(kept).collect(),
        body: std::str::from_utf8(&body).map_err(|_why| broken())?.to_owned(),
    };
    Ok(match unit.finish(answer).await? {
        Finish::Done => head.set_body(BoxBody::new(body)),
        Finish::Before(earlier) => again(earlier),
    })
}

fn kept((name, value): (&HeaderName, &HeaderValue)) -> Option<(String, String)> {
    // It is the next one's own.
    if *name == header::CONTENT_LENGTH {
        return None;
    }
    Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
}

/// The answer that was given before.
fn again(earlier: KeptAnswer) -> HttpResponse {
    let status = StatusCode::from_u16(earlier.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in earlier.headers {
        response.insert_header((name, value));
    }
    response.insert_header((REPLAYED, "true"));
    if earlier.body.is_empty() {
        response.finish()
    } else {
        response.body(earlier.body)
    }
}
