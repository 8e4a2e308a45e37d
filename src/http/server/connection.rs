//! What the stream of a connection and the middleware tell each other: how many requests were answered, and by when the next must have begun.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::ServiceRequest;
use tokio::time::Instant;

/// One connection. It stays on the thread that took it.
#[derive(Debug)]
pub(in crate::http) struct Connection {
    /// Whether it is encrypted here.
    pub(in crate::http) https: bool,
    head: Duration,
    at_work: Cell<u32>,
    /// Requests that were begun. Before the first, the framework itself cuts a head that is slow.
    begun: Cell<u64>,
    /// By when the request that began to come must be there.
    due: Cell<Option<Instant>>,
}

impl Connection {
    /// A head may take as long as `head`.
    pub(super) fn new(https: bool, head: Duration) -> Rc<Self> {
        Rc::new(Self {
            https,
            head,
            at_work: Cell::new(0),
            begun: Cell::new(0),
            due: Cell::new(None),
        })
    }

    /// By when the next request must be there, where anything of it has come.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due.get()
    }

    /// How many requests were begun.
    pub(super) fn begun(&self) -> u64 {
        self.begun.get()
    }

    /// How many were answered; `None` while one is being.
    pub(super) fn answered(&self) -> Option<u64> {
        (self.at_work.get() == 0).then_some(self.begun.get())
    }

    /// Bytes came: of the next head, unless they are of a body that is still being read.
    pub(super) fn came(&self) {
        if self.begun.get() > 0 && self.at_work.get() == 0 && self.due.get().is_none() {
            self.wait();
        }
    }

    /// A part of an answer went. What comes meanwhile is not late.
    pub(super) fn went(&self) {
        if self.due.get().is_some() {
            self.wait();
        }
    }

    fn wait(&self) {
        self.due.set(Some(Instant::now() + self.head));
    }
}

/// A request on a connection, until all of its answer is with the framework, or it is given up.
pub(in crate::http) struct AtWork(Rc<Connection>);

impl AtWork {
    /// `None` where there is no connection, as for requests that come within another.
    pub(in crate::http) fn of(req: &ServiceRequest) -> Option<Self> {
        req.conn_data::<Rc<Connection>>().map(Self::begin)
    }

    pub(in crate::http) fn begin(connection: &Rc<Connection>) -> Self {
        connection.at_work.set(connection.at_work.get().saturating_add(1));
        connection.begun.set(connection.begun.get().saturating_add(1));
        connection.due.set(None);
        Self(Rc::clone(connection))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.at_work.set(self.0.at_work.get().saturating_sub(1));
    }
}
