//! A name for each request, the client's own where it has one that is fit for a log.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::HeaderMap;

use crate::services::App;

pub(super) const HEADER: &str = "x-request-id";

pub(super) fn of(req: &ServiceRequest) -> String {
    given(req.headers())
        .or_else(|| Some(req.app_data::<Arc<App>>()?.new_request_id()))
        .unwrap_or_default()
}

fn given(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(HEADER)?.to_str().ok()?;
    let fits = (1..=128).contains(&text.len());
    (fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))).then(|| text.to_owned())
}
