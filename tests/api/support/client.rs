//! Clients: what they send, and what comes back, which is held against the document before a test sees it.

use std::future::IntoFuture;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::ops::Index;

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use super::TestApp;
use super::contract::{self, Exchange};

/// What the server sent, before anybody looked at it.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    app: &'a TestApp,
    authorization: Option<String>,
}

impl<'a> Client<'a> {
    pub(super) fn new(app: &'a TestApp, authorization: Option<String>) -> Self {
        Self { app, authorization }
    }

    pub(crate) fn get(&self, path: impl Into<String>) -> Call<'a> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: impl Into<String>) -> Call<'a> {
        self.call("POST", path)
    }

    pub(crate) fn patch(&self, path: impl Into<String>) -> Call<'a> {
        self.call("PATCH", path)
    }

    pub(crate) fn delete(&self, path: impl Into<String>) -> Call<'a> {
        self.call("DELETE", path)
    }

    pub(crate) fn call(&self, method: &str, path: impl Into<String>) -> Call<'a> {
        let call = Call {
            app: self.app,
            method: method.to_owned(),
            path: path.into(),
            headers: Vec::new(),
            body: None,
            peer: None,
        };
        match &self.authorization {
            Some(value) => call.header("Authorization", value),
            None => call,
        }
    }
}

/// A request on its way; `.await` sends it.
#[derive(Clone)]
#[must_use = "a call does nothing until it is awaited"]
pub(crate) struct Call<'a> {
    app: &'a TestApp,
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
    peer: Option<SocketAddr>,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// By a connection from there. Without one nobody has an address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        self.peer = Some(SocketAddr::new(address, 4711));
        self
    }

    /// The same by another method.
    pub(crate) fn with_method(self, method: &str) -> Self {
        let method = method.to_owned();
        Self { method, ..self }
    }

    /// The revision that the change is based on.
    pub(crate) fn if_match(self, revision: i64) -> Self {
        self.header("If-Match", format!("\"{revision}\""))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").bytes(body.to_string())
    }

    pub(crate) fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    async fn exchange(self) -> Reply {
        let mut request = TestRequest::with_uri(&self.path).method(Method::from_bytes(self.method.as_bytes()).unwrap());
        if let Some(peer) = self.peer {
            request = request.peer_addr(peer);
        }
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            request = request.append_header((name, HeaderValue::from_bytes(value).expect("a header's value")));
        }
        if let Some(body) = self.body {
            request = request.append_header(("Content-Length", body.len())).set_payload(body);
        }
        let answer = self.app.answer(request).await;
        let path = self.path.split('?').next().unwrap_or_default();
        let json = contract::check(&Exchange {
            method: &self.method,
            path,
            asked: &self.headers,
            status: answer.status,
            headers: &answer.headers,
            body: &decoded(&answer),
        });
        Reply {
            call: format!("{} {}", self.method, self.path),
            answer,
            json,
        }
    }
}

/// What the bytes say, whatever coding they were sent in.
fn decoded(answer: &Answer) -> Vec<u8> {
    let coding = answer
        .headers
        .get("Content-Encoding")
        .and_then(|coding| coding.to_str().ok());
    let (sent, mut bytes) = (answer.body.as_slice(), Vec::new());
    if sent.is_empty() {
        return bytes;
    }
    match coding {
        Some("gzip") => drop(flate2::read::GzDecoder::new(sent).read_to_end(&mut bytes).unwrap()),
        Some("br") => drop(brotli::Decompressor::new(sent, 4096).read_to_end(&mut bytes).unwrap()),
        Some("zstd") => bytes = zstd::stream::decode_all(sent).unwrap(),
        None => bytes = sent.to_vec(),
        Some(other) => panic!("nobody asked for {other}"),
    }
    bytes
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Reply;
    type IntoFuture = LocalBoxFuture<'a, Reply>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.exchange())
    }
}

/// An answer that keeps what the document promises.
pub(crate) struct Reply {
    call: String,
    answer: Answer,
    json: Value,
}

impl Reply {
    /// Ends the test unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status(), status, "{}: {}", self.call, self.text());
        self
    }

    /// As `expect`, for a problem: its code too.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let reply = self.expect(status);
        assert_eq!(reply.code(), code, "{}: {}", reply.call, reply.text());
        reply
    }

    pub(crate) fn status(&self) -> u16 {
        self.answer.status
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer.body).into_owned()
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.answer.body
    }

    /// What they say, whatever coding they were sent in.
    pub(crate) fn decoded(&self) -> Vec<u8> {
        decoded(&self.answer)
    }

    pub(crate) fn json(&self) -> &Value {
        &self.json
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn etag(&self) -> &str {
        self.header("ETag")
            .unwrap_or_else(|| panic!("{} has no ETag", self.call))
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// Where a problem found something wrong, and what rule it broke.
    pub(crate) fn flaws(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = self.json["errors"].as_array().into_iter().flatten();
        errors
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect()
    }

    pub(crate) fn items(&self) -> &[Value] {
        self.json["items"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// One field of each item of a page.
    pub(crate) fn column(&self, field: &str) -> Vec<&str> {
        self.items()
            .iter()
            .map(|item| item[field].as_str().unwrap_or_default())
            .collect()
    }
}

impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        &self.json[field]
    }
}
