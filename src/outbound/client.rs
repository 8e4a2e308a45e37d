//! Asks an address whether it is there.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::header::{ACCEPT, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;
use url::Url;

use super::error::{BadAgent, ProbeError};
use super::guard::is_public;
use super::resolve::{Allowed, Resolver};

/// Most of an answer's head that is read, but for what comes with the last piece.
const LONGEST_HEAD: usize = 64 * 1024;

/// How far the client goes for an answer.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For everything together: names, connections, redirects.
    pub timeout: Duration,
    /// How many redirects are followed.
    pub redirects: usize,
    /// Whether any address will do. For intranets, and for tests.
    pub allow_private: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            redirects: 5,
            allow_private: false,
        }
    }
}

/// What a server says of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Where the redirects led.
    pub url: Url,
}

/// Clones share everything.
#[derive(Debug, Clone)]
pub struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector<Resolver>>, Empty<Bytes>>,
    agent: HeaderValue,
    limits: Limits,
    allowed: Allowed,
}

impl Client {
    pub fn new(limits: Limits, agent: &str) -> Result<Self, BadAgent> {
        let allowed = if limits.allow_private { |_| true } else { is_public };
        Self::allowing(allowed, limits, agent)
    }

    fn allowing(allowed: Allowed, limits: Limits, agent: &str) -> Result<Self, BadAgent> {
        let Ok(agent) = HeaderValue::from_str(agent) else {
            return Err(BadAgent);
        };
        let mut tcp = HttpConnector::new_with_resolver(Resolver::new(allowed));
        // Shared out among the addresses of a name, so that a silent one leaves time for the next.
        tcp.set_connect_timeout(Some(limits.timeout));
        // Or it would refuse addresses that begin with `https`.
        tcp.enforce_http(false);
        let tls = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let http = legacy::Client::builder(TokioExecutor::new())
            // Not kept, a connection ends with the answer's head, and with it whatever body the server would still send.
            .pool_max_idle_per_host(0)
            .http1_max_buf_size(LONGEST_HEAD)
            .build(tls);
        Ok(Self {
            http,
            agent,
            limits,
            allowed,
        })
    }

    /// Follows redirects; reads no body.
    pub async fn probe(&self, url: &Url) -> Result<Answer, ProbeError> {
        let answer = timeout(self.limits.timeout, self.follow(url.clone())).await;
        answer.unwrap_or(Err(ProbeError::Timeout))
    }

    async fn follow(&self, mut url: Url) -> Result<Answer, ProbeError> {
        for _ in 0..=self.limits.redirects {
            let answer = self.ask(&url).await?;
            let Some(next) = redirect(&url, &answer)? else {
                let status = answer.status().as_u16();
                return Ok(Answer { status, url });
            };
            url = next;
        }
        Err(ProbeError::TooManyRedirects)
    }

    async fn ask(&self, url: &Url) -> Result<Response<()>, ProbeError> {
        let uri = self.permit(url)?;
        let answer = self.send(Method::HEAD, uri.clone()).await?;
        if is_doubtful(answer.status()) {
            return self.send(Method::GET, uri).await;
        }
        Ok(answer)
    }

    /// Judges a literal address, which is never resolved. Names are judged by what they resolve to.
    fn permit(&self, url: &Url) -> Result<Uri, ProbeError> {
        let anonymous = url.username().is_empty() && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") || !anonymous || url.port() == Some(0) {
            return Err(ProbeError::Malformed);
        }
        let Ok(uri) = url.as_str().parse::<Uri>() else {
            return Err(ProbeError::Malformed);
        };
        // As the connector will read it, not as `url` did, lest the two ever differ.
        let host = uri.host().ok_or(ProbeError::Malformed)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) if !(self.allowed)(address) => Err(ProbeError::Forbidden),
            _ => Ok(uri),
        }
    }

    /// The only place that connects; takes what `permit` gave.
    async fn send(&self, method: Method, uri: Uri) -> Result<Response<()>, ProbeError> {
        let mut request = Request::new(Empty::new());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.agent.clone());
        // Some servers take those who accept nothing for robots of the bad kind.
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        let answer = self.http.request(request).await.map_err(ProbeError::of)?;
        Ok(answer.map(drop))
    }
}

/// Refusals that often are of HEAD rather than of the address.
fn is_doubtful(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 403 | 404 | 405 | 501)
}

fn redirect(from: &Url, answer: &Response<()>) -> Result<Option<Url>, ProbeError> {
    let target = answer.headers().get(LOCATION);
    let Some(target) = target.filter(|_| matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308)) else {
        return Ok(None);
    };
    // Many write it in bare UTF-8, which is not what `to_str` takes.
    let target = str::from_utf8(target.as_bytes()).ok();
    let target = target.and_then(|target| from.join(target).ok());
    let mut target = target.ok_or(ProbeError::Malformed)?;
    if target.fragment().is_none() {
        target.set_fragment(from.fragment());
    }
    Ok(Some(target))
}

#[cfg(test)]
mod tests;
