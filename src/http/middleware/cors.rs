//! Which pages of other sites a browser lets call the API (the CORS protocol of the Fetch standard).
//!
//! Written here and not wrapped around: a wrapper stands either inside of what refuses a bad token, whose problems no page
//! could then read, or outside of what names and logs requests; and what it says of an origin holds for all paths alike,
//! while here what is public says the same to every page, so that caches keep it once.

use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

use super::headers::Surface;
use crate::config::CorsConfig;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// Seconds that a browser need not ask again; none takes more.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// What any page may send: nothing that says who asks.
const SENT_BY_ANY: HeaderValue =
    HeaderValue::from_static("If-Match, If-Modified-Since, If-None-Match, If-Range, Range, X-Request-Id");
const SENT_BY_LISTED: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Disposition, Content-Type, Idempotency-Key, If-Match, If-Modified-Since, \
     If-None-Match, If-Range, Prefer, Range, Tus-Resumable, Upload-Length, Upload-Metadata, \
     Upload-Offset, X-Request-Id",
);

/// What a page may read besides the few headers that it always may.
const READ_OF_PUBLIC: HeaderValue = HeaderValue::from_static(
    "Accept-Ranges, Allow, Content-Disposition, Content-Range, ETag, Location, RateLimit, \
     RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id",
);
const READ_OF_PERSONAL: HeaderValue = HeaderValue::from_static(
    "Allow, Content-Location, ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, \
     Tus-Extension, Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Offset, \
     WWW-Authenticate, X-Request-Id",
);

/// Whether a browser asks what it may send, before it sends it.
pub(in crate::http) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    let names = [header::ORIGIN, header::ACCESS_CONTROL_REQUEST_METHOD];
    *method == Method::OPTIONS && names.iter().all(|name| headers.contains_key(name))
}

/// What is told about a request.
#[derive(Debug)]
pub(super) struct Grant {
    /// Who may read the answer: any, or the page that asks.
    reader: Option<HeaderValue>,
    /// Whether another origin is answered otherwise.
    varies: bool,
    lets: Lets,
}

/// Names of headers.
#[derive(Debug, Clone)]
enum Lets {
    /// Before the request: what may be sent with it.
    Send(HeaderValue),
    /// What of the answer may be read.
    Read(HeaderValue),
}

impl Grant {
    /// `path` as it is routed.
    pub(super) fn of(asked: &RequestHead, path: &str, config: &CorsConfig) -> Self {
        let listed = asked.headers().get(header::ORIGIN).filter(|sent| {
            let mut origins = config.origins.iter();
            origins.any(|origin| origin.as_bytes() == sent.as_bytes())
        });
        let is_personal = Surface::of(path) == Surface::Personal;
        let is_preflight = is_preflight(&asked.method, asked.headers());
        let open = config.any && !is_personal;
        let lets = match (is_preflight, listed) {
            (true, Some(_)) => Lets::Send(SENT_BY_LISTED),
            (true, None) => Lets::Send(SENT_BY_ANY),
            (false, _) if is_personal => Lets::Read(READ_OF_PERSONAL),
            (false, _) => Lets::Read(READ_OF_PUBLIC),
        };
        Self {
            reader: if open {
                Some(HeaderValue::from_static("*"))
            } else {
                listed.cloned()
            },
            // What may be read of an open answer is the same for all; what may be sent is not.
            varies: !config.origins.is_empty() && (!open || is_preflight),
            lets,
        }
    }

    pub(super) fn dress(&self, headers: &mut HeaderMap) {
        if self.varies {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
        let Some(reader) = &self.reader else {
            return;
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, reader.clone());
        let mut say = |name, value| drop(headers.insert(name, value));
        match &self.lets {
            Lets::Send(names) => {
                say(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
                say(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
                say(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
            }
            Lets::Read(names) => say(header::ACCESS_CONTROL_EXPOSE_HEADERS, names.clone()),
        }
    }
}
