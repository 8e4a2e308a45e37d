//! How fast a body must come.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::time::Duration;

use actix_web::HttpMessage as _;
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header::EXPECT;
use actix_web::web::Bytes;
use futures_util::stream::LocalBoxStream;
use futures_util::{Stream, StreamExt as _};
use tokio::time::Instant;

use crate::config::HttpConfig;
use crate::http::codes::Code;
use crate::http::middleware::Patience;
use crate::http::problem::Problem;

/// A client that sends more slowly than this holds a connection for nothing.
const LEAST_BYTES_A_SECOND: u64 = 1024;

/// Watches over a body while it comes. The time that a handler has stands still meanwhile: what holds instead are the limits
/// here.
pub(crate) struct Pace {
    idle: Duration,
    started: Instant,
    received: u64,
    patience: Patience,
    waited: Waited,
}

/// Whether a body was waited for: it was not there with the head, or its client asked first whether to send it.
#[derive(Debug, Clone)]
pub(crate) struct Waited(Rc<Cell<bool>>);

impl Waited {
    pub(crate) fn get(&self) -> bool {
        self.0.get()
    }
}

impl Pace {
    pub(crate) fn start(req: &HttpRequest, config: &HttpConfig) -> Self {
        let patience = req.extensions().get::<Patience>().cloned().unwrap_or_default();
        patience.pause();
        // Such a body may have come by now, and yet it was sent after its head was looked at.
        let asked_first = req.headers().contains_key(EXPECT);
        Self {
            idle: Duration::from_secs(config.body_idle_seconds.into()),
            started: Instant::now(),
            received: 0,
            patience,
            waited: Waited(Rc::new(Cell::new(asked_first))),
        }
    }

    pub(crate) fn waited(&self) -> Waited {
        self.waited.clone()
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// That the body stopped arriving, or comes too slowly.
    pub(crate) async fn next<E>(
        &mut self,
        body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<Option<Bytes>, Problem> {
        let next = poll_fn(|context| {
            let next = body.poll_next_unpin(context);
            self.waited.0.set(self.waited.0.get() || next.is_pending());
            next
        });
        let chunk = tokio::time::timeout(self.idle, next).await;
        let Some(chunk) = chunk.ok().ok_or_else(stopped)? else {
            return Ok(None);
        };
        let chunk = chunk.ok().ok_or_else(stopped)?;
        self.received += chunk.len() as u64;
        let earned = Duration::from_secs(self.received / LEAST_BYTES_A_SECOND);
        if self.started.elapsed() > self.idle + earned {
            return Err(stopped());
        }
        Ok(Some(chunk))
    }
}

/// A body that ends with an error where it comes too slowly, whoever reads it.
pub(crate) fn paced<S>(pace: Pace, body: S) -> LocalBoxStream<'static, Result<Bytes, PayloadError>>
where
    S: Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
{
    let next = |(mut pace, mut body): (Pace, S)| async move {
        match pace.next(&mut body).await {
            Ok(Some(chunk)) => Some((Ok(chunk), (pace, body))),
            Ok(None) => None,
            Err(_stopped) => Some((Err(PayloadError::Incomplete(None)), (pace, body))),
        }
    };
    futures_util::stream::unfold((pace, body), next).fuse().boxed_local()
}

impl Drop for Pace {
    fn drop(&mut self) {
        self.patience.resume();
    }
}

/// The problem of a body that ended before its end.
pub(crate) fn stopped() -> Problem {
    Problem::new(Code::BadRequest, "The body stopped arriving.").closing()
}
