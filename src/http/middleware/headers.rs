//! The headers that every answer has.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::request_id;
use crate::http::conditional::PRIVATE;

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
/// For a year, and for this host alone: what else there is below its name is not ours to speak for.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");
const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
/// What a browser is shown of a file that somebody uploaded, should it be opened as a page.
const MEDIA: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// Scripts and styles of this host only, none inline. Its pictures are data within the style sheet.
const DOCS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// Which part of the API a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    Delivery,
    /// Editor and accounts: for one person's eyes.
    Personal,
    Docs,
    /// The bytes of media.
    Media,
    Other,
}

impl Surface {
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/editor/") || path.starts_with("/api/v1/auth/") {
            Self::Personal
        } else if path.starts_with("/api/v1/") || path.starts_with("/feeds/") || path.starts_with("/sitemap") {
            Self::Delivery
        } else if path == "/docs" || path.starts_with("/docs/") {
            Self::Docs
        } else if path.starts_with("/media/") {
            Self::Media
        } else {
            Self::Other
        }
    }
}

/// Puts them on; `path` as it is routed.
pub(super) fn dress(headers: &mut HeaderMap, path: &str, status: StatusCode, id: &str, https: bool) {
    let surface = Surface::of(path);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::REFERRER_POLICY, NO_REFERRER);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    let policy = match surface {
        Surface::Docs if !status.is_client_error() => DOCS,
        Surface::Media if !status.is_client_error() => MEDIA,
        _ => NOTHING,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let shared = matches!(surface, Surface::Delivery | Surface::Media);
    headers.insert(CORP, if shared { CROSS_ORIGIN } else { SAME_ORIGIN });
    if surface == Surface::Personal && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE));
    }
    // Whoever finds the link somewhere is not to lead others to it.
    if path.starts_with("/api/v1/preview/") {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    // What tus asks of every answer, refusals included.
    if path == "/api/v1/editor/media/uploads" || path.starts_with("/api/v1/editor/uploads/") {
        for (name, value) in [
            ("tus-resumable", "1.0.0"),
            ("tus-version", "1.0.0"),
            ("tus-extension", "creation,expiration,termination"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(request_id::NAME, id);
    }
}
