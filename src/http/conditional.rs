//! Answers that a client may already have: `ETag`, `Last-Modified`, 304.

use std::cell::RefCell;

use actix_web::http::header::HeaderMap;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use super::etag::{Tags, revision_etag, strong_etag};
use super::problem::Problem;
use crate::domain::time::Timestamp;
use crate::services::Error;

/// Nobody but the one who asked may keep it, and not even they.
pub(crate) const PRIVATE: &str = "private, no-store";

/// Bytes that a thread keeps to write the next answer into.
const LARGEST_SHEET: usize = 256 * 1024;

/// What tells one state of a resource from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Validators {
    pub etag: String,
    pub last_modified: Option<Timestamp>,
}

/// 200 with JSON, or 304 where the client has it.
pub(crate) fn respond_json(
    req: &HttpRequest,
    bytes: Bytes,
    validators: &Validators,
    cache_control: &str,
    surrogate_key: Option<&str>,
) -> HttpResponse {
    respond(req, bytes, "application/json", validators, cache_control, surrogate_key)
}

/// 200 with `bytes`, or 304 where the client has them.
pub(crate) fn respond(
    req: &HttpRequest,
    bytes: Bytes,
    media_type: &'static str,
    validators: &Validators,
    cache_control: &str,
    surrogate_key: Option<&str>,
) -> HttpResponse {
    let fresh = is_fresh(req, validators);
    let mut response = HttpResponseBuilder::new(if fresh {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    });
    response.insert_header((header::ETAG, validators.etag.as_str()));
    response.insert_header((header::CACHE_CONTROL, cache_control));
    if let Some(moment) = validators.last_modified {
        response.insert_header((header::LAST_MODIFIED, moment.http_date()));
    }
    if let Some(keys) = surrogate_key {
        response.insert_header(("Surrogate-Key", keys));
    }
    if fresh {
        response.finish()
    } else {
        response.content_type(media_type).body(bytes)
    }
}

/// What an editor reads whose state is told by a revision.
pub(crate) fn show_revision<T: Serialize>(req: &HttpRequest, view: &T, revision: i32) -> Result<HttpResponse, Problem> {
    let validators = Validators {
        etag: revision_etag(revision),
        last_modified: None,
    };
    Ok(respond_json(req, json(view)?, &validators, PRIVATE, None))
}

/// What somebody with a login reads whose state is told by its bytes, such as a list.
pub(crate) fn show<T: Serialize>(req: &HttpRequest, view: &T) -> Result<HttpResponse, Problem> {
    Ok(show_bytes(req, json(view)?, "application/json"))
}

/// The same for what is written already.
pub(crate) fn show_bytes(req: &HttpRequest, bytes: Bytes, media_type: &'static str) -> HttpResponse {
    let validators = Validators {
        etag: strong_etag(&bytes),
        last_modified: None,
    };
    respond(req, bytes, media_type, &validators, PRIVATE, None)
}

/// 201, where the new resource is found, and its tag.
pub(crate) fn created<T: Serialize>(view: &T, location: &str, revision: i32) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header((header::ETAG, revision_etag(revision)))
        .content_type("application/json")
        .body(json(view)?))
}

/// 200 after a change, with the new tag.
pub(crate) fn changed<T: Serialize>(view: &T, revision: i32) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, revision_etag(revision)))
        .content_type("application/json")
        .body(json(view)?))
}

/// 200, and what came of it.
pub(crate) fn answered<T: Serialize>(view: &T) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().content_type("application/json").body(json(view)?))
}

/// The bytes of a view.
pub(crate) fn json<T: Serialize>(view: &T) -> Result<Bytes, Problem> {
    sheet(|sheet| serde_json::to_writer(sheet, view))
}

/// What `write` writes, which must not call this again: there is one sheet.
pub(crate) fn sheet(write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> Result<Bytes, Problem> {
    thread_local! {
        // One that grew already: what is written from nothing is copied each time that it doubles.
        static SHEET: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    SHEET.with_borrow_mut(|sheet| {
        sheet.clear();
        let written = write(sheet);
        // In no more room than they take, since they may be kept.
        let bytes = written.map(|()| Bytes::copy_from_slice(sheet));
        if sheet.capacity() > LARGEST_SHEET {
            *sheet = Vec::new();
        }
        bytes.map_err(|error| Error::Broken(Box::new(error)).into())
    })
}

/// In no more room than they take, since they may be kept: what they were written into may be twice as long.
pub(super) fn exact(bytes: Vec<u8>) -> Bytes {
    Bytes::from(bytes.into_boxed_slice())
}

/// Whether the client says that it has this state.
pub(super) fn is_fresh(req: &HttpRequest, validators: &Validators) -> bool {
    match Tags::of(req.headers(), &header::IF_NONE_MATCH) {
        Ok(Some(given)) => given.cover(&validators.etag),
        // A header nobody can read is a client that has nothing.
        Err(_) => false,
        Ok(None) => validators
            .last_modified
            .is_some_and(|moment| unmodified_since(req.headers(), moment.seconds())),
    }
}

/// Whether the client has what is as it is since this second.
pub(super) fn unmodified_since(headers: &HeaderMap, second: i64) -> bool {
    let since = headers
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok());
    let since = since.and_then(|text| text.parse::<header::HttpDate>().ok());
    let seconds = since.and_then(|date| {
        std::time::SystemTime::from(date)
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
    });
    seconds
        .and_then(|s| i64::try_from(s.as_secs()).ok())
        .is_some_and(|s| second <= s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn status(headers: &[(&str, &str)]) -> u16 {
        let mut req = TestRequest::get();
        for header in headers {
            req = req.insert_header(*header);
        }
        let moment = Timestamp::from_micros(1_000_000_500_000);
        let validators = Validators {
            etag: "\"a\"".into(),
            last_modified: moment,
        };
        let answer = respond_json(&req.to_http_request(), Bytes::new(), &validators, "public", Some("x"));
        assert_eq!(
            answer.headers().len() - usize::from(answer.status() == 200),
            4,
            "{headers:?}"
        );
        answer.status().as_u16()
    }

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let date = ("If-Modified-Since", "Mon, 12 Jan 1970 13:46:40 GMT");
        let earlier = ("If-Modified-Since", "Mon, 12 Jan 1970 13:46:39 GMT");
        for (headers, expected) in [
            (vec![], 200),
            (vec![("If-None-Match", "W/\"a\"")], 304),
            (vec![("If-None-Match", "\"b\", \"a\"")], 304),
            (vec![("If-None-Match", "*")], 304),
            (vec![("If-None-Match", "\"b\""), date], 200),
            (vec![("If-None-Match", "a"), date], 200),
            (vec![date], 304),
            (vec![earlier], 200),
            (vec![("If-Modified-Since", "yesterday")], 200),
        ] {
            assert_eq!(status(&headers), expected, "{headers:?}");
        }
    }
}
