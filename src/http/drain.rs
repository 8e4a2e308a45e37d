//! The time between the word to stop and the end.
//!
//! The framework's own stop finishes requests that have begun, and closes whatever has not been read yet: requests that clients sent a moment before, on
//! connections that were kept or had just been accepted. So for a while all goes on as before, but every answer ends its connection and says so, and whoever
//! asks whether this server is ready is told no; when nobody has come for a moment, the framework is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::ConnectionType;

/// How long nobody must have come.
const QUIET: Duration = Duration::from_millis(200);
/// When it is over at the latest: who keeps coming does not keep a server from stopping.
const LONGEST: Duration = Duration::from_secs(5);

/// Whether the server is about to stop, and who still comes.
#[derive(Debug)]
pub(super) struct Drain {
    made: Instant,
    is_on: AtomicBool,
    /// When somebody came last, in milliseconds since it was made.
    last: AtomicU64,
}

impl Drain {
    pub(super) fn new() -> Self {
        Self {
            made: Instant::now(),
            is_on: AtomicBool::new(false),
            last: AtomicU64::new(0),
        }
    }

    /// Of a request; it is counted as one that still comes.
    pub(super) fn of(req: &ServiceRequest) -> Option<&Arc<Self>> {
        let drain = req.app_data::<Arc<Self>>()?;
        if drain.is_on() {
            drain.seen();
        }
        Some(drain)
    }

    /// Has the connection end with this answer, when the time for that has come, be it while the answer was made.
    pub(super) fn end(&self, response: HttpResponse) -> HttpResponse {
        if self.is_on() {
            self.seen();
            last(response)
        } else {
            response
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    fn seen(&self) {
        let now = u64::try_from(self.made.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.fetch_max(now, Ordering::Relaxed);
    }

    pub(super) fn begin(&self) {
        self.seen();
        self.is_on.store(true, Ordering::Relaxed);
    }

    /// Waits until nobody comes any more.
    pub(super) async fn quiet(&self) {
        let begun = Instant::now();
        loop {
            let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
            let quiet = self.made.elapsed().saturating_sub(last);
            if quiet >= QUIET || begun.elapsed() >= LONGEST {
                return;
            }
            tokio::time::sleep(QUIET.saturating_sub(quiet)).await;
        }
    }
}

/// Has the connection end with this answer.
pub(super) fn last(mut response: HttpResponse) -> HttpResponse {
    response.head_mut().set_connection_type(ConnectionType::Close);
    response
}
