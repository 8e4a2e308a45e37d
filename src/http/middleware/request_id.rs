//! A name for each request, the client's own where it has one that is fit for a log.

use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage as _, HttpRequest};

use crate::services::App;

pub(in crate::http) const NAME: HeaderName = HeaderName::from_static("x-request-id");

/// The name, for handlers.
pub(super) struct RequestId(pub String);

pub(in crate::http) fn of_request(req: &HttpRequest) -> String {
    let id = req.extensions().get::<RequestId>().map(|id| id.0.clone());
    id.unwrap_or_default()
}

pub(super) fn of(headers: &HeaderMap, app: &App) -> String {
    given(headers).unwrap_or_else(|| app.new_request_id())
}

fn given(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(NAME)?.to_str().ok()?;
    let fits = (1..=128).contains(&text.len());
    (fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))).then(|| text.to_owned())
}
