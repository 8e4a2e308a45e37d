//! How `object_store` speaks HTTP: over hyper, HTTP/1.1, with limits on how long a store may keep silent.
//!
//! Its own way is reqwest, whose HTTP/2 cannot be left out.

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream;
use http_body_util::{BodyExt as _, Limited, StreamBody};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, Error, connect};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody,
    HttpService,
};
use tokio::time::timeout;

use super::error::NoRoom;

/// For a connection to be there.
const CONNECT: Duration = Duration::from_secs(5);
/// From a request's first byte to the head of its answer: a part of an upload has to get through in between.
const ANSWER: Duration = Duration::from_mins(1);
/// Between two pieces of an answer.
const SILENCE: Duration = Duration::from_secs(30);
/// For a connection that nobody uses; stores close theirs sooner or later.
const IDLE: Duration = Duration::from_secs(20);

/// What S3-compatible stores call a lack of room, in the bodies of their refusals, beside the status 507.
const FULL: &[&str] = &["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"];
const INSUFFICIENT_STORAGE: u16 = 507;
/// Most of a refusal that is read.
const REFUSAL: usize = 64 * 1024;

/// Makes the client.
#[derive(Debug)]
pub(super) struct Connector;

#[derive(Debug)]
struct Service(Client<HttpsConnector<connect::HttpConnector>, HttpRequestBody>);

impl HttpConnector for Connector {
    /// The options are those of reqwest; what this client does is written above.
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let mut tcp = connect::HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECT));
        tcp.set_nodelay(true);
        // Or it would refuse addresses that begin with `https`.
        tcp.enforce_http(false);
        let tls = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(tls);
        Ok(HttpClient::new(Service(client)))
    }
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = timeout(ANSWER, self.0.request(request));
        let (head, body) = answer.await.map_err(silent)?.map_err(failed)?.into_parts();
        let pieces = stream::try_unfold(body, |mut body| async move {
            match timeout(SILENCE, body.frame()).await.map_err(silent)? {
                None => Ok(None),
                Some(Ok(piece)) => Ok(Some((piece, body))),
                Some(Err(why)) => Err(HttpError::new(HttpErrorKind::Interrupted, why)),
            }
        });
        let refused = head.status.is_client_error() || head.status.is_server_error();
        let body = HttpResponseBody::new(StreamBody::new(pieces));
        if !refused {
            return Ok(HttpResponse::from_parts(head, body));
        }
        let told = Limited::new(body, REFUSAL).collect().await;
        let told = told
            .map_err(|why| HttpError::new_boxed(HttpErrorKind::Interrupted, why))?
            .to_bytes();
        if is_full(head.status.as_u16(), &told) {
            // Of a kind that is not asked again: room does not come by itself.
            return Err(HttpError::new(HttpErrorKind::Unknown, NoRoom));
        }
        Ok(HttpResponse::from_parts(head, told.into()))
    }
}

fn is_full(status: u16, told: &[u8]) -> bool {
    let told = String::from_utf8_lossy(told);
    status == INSUFFICIENT_STORAGE || FULL.iter().any(|code| told.contains(&format!("<Code>{code}</Code>")))
}

fn silent(_: tokio::time::error::Elapsed) -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, io::Error::from(io::ErrorKind::TimedOut))
}

/// What may be asked again, `object_store` decides by the kind: whatever began may have had its effect.
fn failed(why: Error) -> HttpError {
    let kind = if why.is_connect() {
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_without_room_says_so_by_its_status_or_by_a_code() {
        for (status, told, full) in [
            (507, "", true),
            (403, "<Error><Code>QuotaExceeded</Code></Error>", true),
            (400, "<Error><Code>XMinioStorageFull</Code></Error>", true),
            (
                403,
                "<Error><Code>AccessDenied</Code><Key>QuotaExceeded</Key></Error>",
                false,
            ),
            (503, "<Error><Code>SlowDown</Code></Error>", false),
        ] {
            assert_eq!(is_full(status, told.as_bytes()), full, "{told}");
        }
    }
}
