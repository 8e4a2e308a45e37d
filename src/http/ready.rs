//! Sending an answer that is ready: whole or 304, in the coding that the client takes.

use std::sync::Arc;

use actix_web::http::header::{self, AcceptEncoding, Encoding, Header as _};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpResponse, HttpResponseBuilder};

use super::conditional::{Validators, is_fresh_of};
use crate::services::delivery::{Coding, Ready};

/// Bytes that are compressed where they are asked for; more are handed to a thread of their own.
const AT_ONCE: usize = 64 * 1024;

/// The coding that the client likes best, of those that we make.
pub(super) fn coding<M: HttpMessage>(req: &M) -> Option<Coding> {
    if !req.headers().contains_key(header::ACCEPT_ENCODING) {
        return None;
    }
    let supported = [
        Encoding::brotli(),
        Encoding::zstd(),
        Encoding::gzip(),
        Encoding::identity(),
    ];
    let chosen = AcceptEncoding::parse(req).ok()?.negotiate(supported.iter())?;
    let name = chosen.to_string();
    Coding::ALL.into_iter().find(|coding| coding.name() == name)
}

/// The answer, where nothing has to be made for it that takes long.
pub(super) fn at_once<M: HttpMessage>(req: &M, ready: &Ready) -> Option<HttpResponse> {
    let coding = coding(req);
    let there = coding.is_none_or(|coding| ready.has(coding) || ready.bytes.len() <= AT_ONCE);
    there.then(|| answer(req, ready, coding))
}

/// The answer.
pub(super) async fn sent<M: HttpMessage>(req: &M, ready: &Arc<Ready>) -> HttpResponse {
    if let Some(answer) = at_once(req, ready) {
        return answer;
    }
    let coding = coding(req);
    if let Some(coding) = coding {
        let ready = Arc::clone(ready);
        // Where the thread is lost, the coding is made below.
        let _ = actix_web::web::block(move || ready.coded(coding)).await;
    }
    answer(req, ready, coding)
}

fn answer<M: HttpMessage>(req: &M, ready: &Ready, coding: Option<Coding>) -> HttpResponse {
    let coded = coding.and_then(|coding| Some((coding, ready.coded(coding)?)));
    let validators = Validators {
        etag: coded
            .as_ref()
            .map_or_else(|| ready.etag.clone(), |(coding, _)| tag(ready, *coding)),
        last_modified: ready.last_modified,
    };
    // The same page in another coding is what the client has, too.
    let all = Coding::ALL.map(|coding| tag(ready, coding));
    let fresh = is_fresh_of(req.headers(), &validators, [&ready.etag].into_iter().chain(&all));
    let mut response = HttpResponseBuilder::new(if fresh {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    });
    response.insert_header((header::ETAG, validators.etag));
    response.insert_header((header::CACHE_CONTROL, ready.cache_control.as_str()));
    response.insert_header((header::VARY, vary(ready)));
    if let Some(moment) = ready.last_modified {
        response.insert_header((header::LAST_MODIFIED, moment.http_date()));
    }
    response.insert_header(("Surrogate-Key", ready.surrogate_key.as_str()));
    if fresh {
        return response.finish();
    }
    response.insert_header((header::CONTENT_TYPE, ready.media_type));
    match coded {
        None => response.body(Bytes::clone(&ready.bytes)),
        Some((coding, bytes)) => {
            response.insert_header((header::CONTENT_ENCODING, coding.name()));
            response.body(bytes)
        }
    }
}

/// The tag of the bytes in a coding: a strong one names bytes as they are sent (RFC 9110 §8.8.3.3).
fn tag(ready: &Ready, coding: Coding) -> String {
    format!("{}-{}\"", ready.etag.trim_end_matches('"'), coding.name())
}

fn vary(ready: &Ready) -> &'static str {
    if ready.varies {
        "Accept, Accept-Encoding"
    } else {
        "Accept-Encoding"
    }
}

/// What the answer to a request is kept under; `None` where it is none to keep.
pub(super) fn key(req: &actix_web::dev::ServiceRequest) -> Option<String> {
    let (path, query) = (req.path(), req.query_string());
    let asked = matches!(*req.method(), Method::GET | Method::HEAD) && path.len() + query.len() <= LONGEST;
    // Whoever shows a token is known by it first.
    if !asked || !is_public(path) || req.headers().contains_key(header::AUTHORIZATION) {
        return None;
    }
    let mut key = path.to_owned();
    if !query.is_empty() {
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        // In the order of the names; what is given several times keeps its own.
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        key.push('?');
        key.push_str(
            &form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish(),
        );
    }
    let mut accepts = req.headers().get_all(header::ACCEPT).peekable();
    if accepts.peek().is_some() {
        let accepts: Vec<&str> = accepts.map(|value| value.to_str()).collect::<Result<_, _>>().ok()?;
        let accepts = accepts.join(",");
        if !matches!(accepts.as_str(), "*/*" | "application/json") {
            if accepts.len() > LONGEST {
                return None;
            }
            key.push(' ');
            key.push_str(&accepts);
        }
    }
    Some(key)
}

/// Bytes of a path and its query; what is longer is answered anew each time.
const LONGEST: usize = 2048;

/// Whether anybody may read what is there.
fn is_public(path: &str) -> bool {
    let api = path
        .strip_prefix("/api/v1/")
        .is_some_and(|rest| !rest.starts_with("editor/") && !rest.starts_with("auth/"));
    api || path.starts_with("/feeds/") || path.starts_with("/sitemap") || path == "/robots.txt"
}
