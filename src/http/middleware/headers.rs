//! The headers that every answer has.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::request_id;
use crate::http::conditional::PRIVATE;

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// What a browser is shown of a file that somebody uploaded, should it be opened as a page.
const MEDIA: &str = "sandbox; default-src 'none'";
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";
/// Scripts and styles of this host only, none inline. Its pictures are data within the style sheet.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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
pub(super) fn dress(headers: &mut HeaderMap, path: &str, status: StatusCode, id: &str) {
    let surface = Surface::of(path);
    let set = |headers: &mut HeaderMap, name, value| drop(headers.insert(name, HeaderValue::from_static(value)));
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    let policy = match surface {
        Surface::Docs if !status.is_client_error() => DOCS,
        Surface::Media if !status.is_client_error() => MEDIA,
        _ => NOTHING,
    };
    set(headers, header::CONTENT_SECURITY_POLICY, policy);
    set(
        headers,
        CORP,
        if matches!(surface, Surface::Delivery | Surface::Media) {
            "cross-origin"
        } else {
            "same-origin"
        },
    );
    if surface == Surface::Personal && !headers.contains_key(header::CACHE_CONTROL) {
        set(headers, header::CACHE_CONTROL, PRIVATE);
    }
    // What tus asks of every answer, refusals included.
    if path == "/api/v1/editor/media/uploads" || path.starts_with("/api/v1/editor/uploads/") {
        for (name, value) in [
            ("tus-resumable", "1.0.0"),
            ("tus-version", "1.0.0"),
            ("tus-extension", "creation,expiration,termination"),
        ] {
            set(headers, HeaderName::from_static(name), value);
        }
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(request_id::NAME, id);
    }
}
