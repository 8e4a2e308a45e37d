//! A handler that panics or takes too long costs one request.

use std::any::Any;
use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use actix_web::Error;
use actix_web::dev::ServiceResponse;
use futures_util::FutureExt as _;
use tokio::time::Instant;

use crate::http::codes::Code;
use crate::http::problem::Problem;
use crate::limits::Place;

/// How long a handler may still take. Reading a body stops the clock, since that has limits of its own.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Patience {
    allowed: Duration,
    until: Rc<Cell<Option<Instant>>>,
    /// Among those that are worked on; given up meanwhile.
    place: Option<Rc<Place>>,
}

impl Patience {
    pub(super) fn new(seconds: u16, place: Option<Place>) -> Self {
        let patience = Self {
            allowed: Duration::from_secs(seconds.into()),
            until: Rc::default(),
            place: place.map(Rc::new),
        };
        patience.resume();
        patience
    }

    pub(in crate::http) fn pause(&self) {
        self.until.set(None);
        if let Some(place) = &self.place {
            place.leave();
        }
    }

    pub(in crate::http) fn resume(&self) {
        self.until.set(Some(Instant::now() + self.allowed));
        if let Some(place) = &self.place {
            place.come_back();
        }
    }

    async fn spent(&self) {
        loop {
            match self.until.get() {
                Some(until) if until <= Instant::now() => return,
                Some(until) => tokio::time::sleep_until(until).await,
                None => tokio::time::sleep(self.allowed).await,
            }
        }
    }
}

/// The handler's answer, or the problem that it panicked or was too slow.
pub(super) async fn watch(
    handler: impl Future<Output = Result<ServiceResponse, Error>>,
    patience: &Patience,
) -> Result<ServiceResponse, Problem> {
    // What a panic leaves half done is dropped with the request; what is shared sits behind locks that tell.
    let handler = AssertUnwindSafe(handler).catch_unwind();
    tokio::select! {
        biased;
        answer = handler => match answer {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                tracing::error!(error = %error, "a request broke");
                Err(Problem::plain(Code::Internal))
            }
            Err(panic) => {
                tracing::error!(panic = message(panic.as_ref()), "a handler panicked");
                Err(Problem::plain(Code::Internal))
            }
        },
        () = patience.spent() => {
            tracing::error!("a handler took too long");
            Err(Problem::new(Code::Overloaded, "It took too long."))
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
