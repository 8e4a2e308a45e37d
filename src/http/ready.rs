//! Sending an answer that is ready: whole or 304, in the coding that the client takes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::RequestHead;
use actix_web::http::header::{self, AcceptEncoding, Encoding, Header as _, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpResponse};

use super::conditional::unmodified_since;
use super::etag::Tags;
use super::routes::named_article;
use crate::services::delivery::{Coding, Form, Ready};

/// Bytes that are compressed where they are asked for; more are handed to a thread of their own.
const AT_ONCE: usize = 64 * 1024;

/// The codings that a client takes.
struct Taken(Option<AcceptEncoding>);

impl Taken {
    fn of<M: HttpMessage>(req: &M) -> Self {
        // The parser takes a header that is not there for one that takes everything.
        let sent = req.headers().contains_key(header::ACCEPT_ENCODING);
        Self(sent.then(|| AcceptEncoding::parse(req).ok()).flatten())
    }

    /// The one that it likes best, of those that we make.
    fn best(&self) -> Option<Coding> {
        let supported = [
            Encoding::brotli(),
            Encoding::zstd(),
            Encoding::gzip(),
            Encoding::identity(),
        ];
        let name = self.0.as_ref()?.negotiate(supported.iter())?.to_string();
        Coding::ALL.into_iter().find(|coding| coding.name() == name)
    }

    /// Whether it takes it at all; as they are, bytes are sent to everybody for whom there is nothing else.
    fn has(&self, coding: Option<Coding>) -> bool {
        let encoding = match coding {
            None => return true,
            Some(Coding::Brotli) => Encoding::brotli(),
            Some(Coding::Zstd) => Encoding::zstd(),
            Some(Coding::Gzip) => Encoding::gzip(),
        };
        let taken = self
            .0
            .as_ref()
            .and_then(|accept| accept.negotiate([encoding.clone()].iter()));
        taken == Some(encoding)
    }
}

/// What is sent to be taken fits into a line of this length; longer ones are read each time.
const USUAL: usize = 256;

/// The coding that a client likes best, of those that we make.
fn best<M: HttpMessage>(req: &M) -> Option<Coding> {
    thread_local! {
        // Most clients say the same.
        static LAST: RefCell<(Vec<u8>, Option<Coding>)> = const { RefCell::new((Vec::new(), None)) };
    }
    let mut lines = req.headers().get_all(header::ACCEPT_ENCODING);
    let line = lines.next()?.as_bytes();
    if lines.next().is_some() || line.len() > USUAL {
        return Taken::of(req).best();
    }
    LAST.with_borrow_mut(|(known, best)| {
        if known != line {
            *best = Taken::of(req).best();
            line.clone_into(known);
        }
        *best
    })
}

/// The answer, where nothing has to be made for it that takes long.
pub(super) fn at_once<M: HttpMessage>(req: &M, ready: &Ready) -> Option<HttpResponse> {
    let coding = best(req);
    let there = coding.is_none_or(|coding| ready.has(coding) || ready.length() <= AT_ONCE);
    there.then(|| answer(req, ready, coding))
}

/// The answer.
pub(super) async fn sent<M: HttpMessage>(req: &M, ready: &Arc<Ready>) -> HttpResponse {
    let coding = best(req);
    if coding.is_some_and(|coding| !ready.has(coding)) && ready.length() > AT_ONCE {
        let ready = Arc::clone(ready);
        // Where the thread is lost, the coding is made below.
        let _ = actix_web::web::block(move || drop(ready.form(coding).bytes.clone())).await;
    }
    answer(req, ready, coding)
}

fn answer<M: HttpMessage>(req: &M, ready: &Ready, coding: Option<Coding>) -> HttpResponse {
    match etag_of_client(req, ready, coding) {
        Some(etag) => not_modified(ready, &etag),
        None => whole(ready.form(coding)),
    }
}

fn whole(form: &Form) -> HttpResponse {
    let mut response = HttpResponse::with_body(StatusCode::OK, BoxBody::new(form.bytes.clone()));
    let headers = response.headers_mut();
    for (name, value) in &form.head {
        headers.insert(name.clone(), value.clone());
    }
    response
}

fn not_modified(ready: &Ready, etag: &str) -> HttpResponse {
    let mut response = HttpResponse::with_body(StatusCode::NOT_MODIFIED, BoxBody::new(()));
    let headers = response.headers_mut();
    for (name, value) in &ready.form(None).head {
        if *name != header::CONTENT_TYPE {
            headers.insert(name.clone(), value.clone());
        }
    }
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// The tag of the bytes that the client has and still takes, where they are those of now.
fn etag_of_client<M: HttpMessage>(req: &M, ready: &Ready, best: Option<Coding>) -> Option<String> {
    let headers = req.headers();
    match Tags::of(headers, &header::IF_NONE_MATCH) {
        Ok(Some(given)) => {
            let taken = Taken::of(req);
            let others = [None].into_iter().chain(Coding::ALL.map(Some));
            let others = others.filter(|other| *other != best && taken.has(*other));
            let mut etags = [best].into_iter().chain(others).map(|coding| ready.etag(coding));
            etags.find(|etag| given.cover(etag))
        }
        // A header nobody can read is a client that has nothing.
        Err(_) => None,
        Ok(None) => {
            let fresh = ready.since.is_some_and(|since| unmodified_since(headers, since));
            fresh.then(|| ready.form(best).etag.clone())
        }
    }
}

/// What the answer to a request is kept under; `None` where it is none to keep.
///
/// `path` as it is routed: letters can be spelt in several ways.
pub(super) fn key<'a>(asked: &RequestHead, path: &'a str) -> Option<Cow<'a, str>> {
    let query = asked.uri.query().unwrap_or_default();
    let reads = matches!(asked.method, Method::GET | Method::HEAD) && path.len() + query.len() <= LONGEST;
    // Whoever shows a token is known by it first.
    if !reads || !is_public(path) || asked.headers().contains_key(header::AUTHORIZATION) {
        return None;
    }
    let mut key = Cow::Borrowed(path);
    if !query.is_empty() {
        let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        // In the order of the names; what is given several times keeps its own.
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        let key = key.to_mut();
        key.push('?');
        key.push_str(
            &form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish(),
        );
    }
    if named_article(path).is_some() {
        let mut accepts = Vec::new();
        for line in asked.headers().get_all(header::ACCEPT) {
            accepts.push(line.to_str().ok()?);
        }
        let accepts = accepts.join(",");
        if accepts.len() > LONGEST {
            return None;
        }
        if !matches!(accepts.as_str(), "" | "*/*" | "application/json") {
            let key = key.to_mut();
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
