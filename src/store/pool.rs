//! The connections that are shared: all of PostgreSQL's, and of SQLite's what readers are answered over and what others read over.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{self, HandleError, PooledConnection};

use super::conn::{Mode, Opener, PublicConn};
use super::error::{Result, StoreError};
use super::look::Look;
use super::open::{OpenError, Place};
use super::threads::{Begun, Threads};

/// Those that are open. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connections(r2d2::Pool<Opener>);

/// Connections, and as many threads to wait for what they are asked. Cheap to clone.
#[derive(Clone)]
pub(super) struct Pool {
    connections: Connections,
    threads: Arc<Threads<Look>>,
}

impl Pool {
    /// So many connections; who waits longer than `patience` for one is told that it is busy.
    pub(super) fn new(opener: Opener, size: u32, patience: Duration) -> Result<Self, OpenError> {
        let is_server = matches!(opener.place, Place::Postgres(_));
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(patience)
            // A file does not go away; a server does, and a request should not be the one to find out.
            .test_on_check_out(is_server)
            .error_handler(Box::new(Logged))
            .build_unchecked(opener);
        let connections = Connections(connections);
        let of_threads = connections.clone();
        let threads = Threads::new(size, patience, move || Look::over(of_threads.clone()));
        Ok(Self {
            connections,
            threads: Arc::new(threads.map_err(OpenError::Thread)?),
        })
    }

    /// Runs `f` in a transaction.
    pub(super) async fn run<T, E>(
        &self,
        mode: Mode,
        f: impl FnOnce(&mut PublicConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run_and(mode, f, |read| read).await
    }

    /// The same, and `make` when that is over, on the same thread. The transaction may go on for others meanwhile.
    pub(super) async fn run_and<T, U, E>(
        &self,
        mode: Mode,
        f: impl FnOnce(&mut PublicConn) -> Result<T, E> + Send + 'static,
        make: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<U, E>
    where
        U: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let work = move |look: &mut Look, begun: Begun| {
            let done = match mode {
                Mode::Read => look.read(begun, f),
                Mode::Write => look.write(begun, f),
            };
            Ok(make(done?))
        };
        self.threads.run(work).await.unwrap_or_else(|why| Err(why.into()))
    }

    /// Ends the threads, when what was asked is answered; it blocks.
    pub(super) fn close(&self) {
        self.threads.close();
    }

    /// A connection, when one is free.
    pub(super) fn free(&self) -> Result<PooledConnection<Opener>> {
        self.connections.free_within(self.connections.0.connection_timeout())
    }
}

impl Connections {
    pub(super) fn free_within(&self, patience: Duration) -> Result<PooledConnection<Opener>> {
        self.0.get_timeout(patience).map_err(|why| {
            tracing::warn!(error = %why, "No connection to the database was free in time");
            StoreError::Busy
        })
    }
}

/// Runs `f` in a transaction that writes. A panic in it costs this one answer, not the thread or the connection.
pub(super) fn transact<T, E: From<StoreError>>(
    conn: &mut PublicConn,
    f: impl FnOnce(&mut PublicConn) -> Result<T, E>,
) -> Result<T, E> {
    conn.0.begin(Mode::Write).map_err(StoreError::from)?;
    let outcome = caught(|| f(conn)).and_then(|value| {
        let committed = conn.1.commit(&mut conn.0).map_err(StoreError::at_commit);
        committed.map_err(E::from).map(|()| value)
    });
    if outcome.is_err() {
        // What failed may have ended the transaction already; a connection that is left in one is replaced.
        let _ = conn.0.rollback();
    }
    outcome
}

/// What `f` answers in a transaction, or that it panicked.
pub(super) fn caught<T, E: From<StoreError>>(f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    std::panic::catch_unwind(AssertUnwindSafe(f))
        .unwrap_or_else(|_| Err(StoreError::broken("a panic ended the transaction").into()))
}

/// What the pool's own threads fail at goes to our log.
#[derive(Debug)]
struct Logged;

impl HandleError<OpenError> for Logged {
    fn handle_error(&self, error: OpenError) {
        tracing::warn!(error = ?error, "A connection to the database could not be opened");
    }
}
