//! Connections: one type over both databases, and what is done with any of them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use diesel::connection::{
    AnsiTransactionManager, Connection as _, Instrumentation, InstrumentationEvent, SimpleConnection,
    TransactionManager,
};
use diesel::pg::PgConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::QueryResult;
use diesel::sqlite::SqliteConnection;

use super::open::{OpenError, Place};
use super::watch::Watch;

/// A connection to either database. A query is written once and compiled for both, see `on_backend!`.
pub enum DbConn {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A connection that serves readers: the functions of [`public`](super::public) take no other, and nothing outside the
/// store can make a [`DbConn`] of it. So a draft cannot leak through a forgotten filter: the code that answers readers
/// has no way to the working copies.
pub struct PublicConn(pub(super) DbConn, pub(super) Arc<Watch>);

/// Compiles a query for each database. Within it, `Db` is the database at hand.
macro_rules! on_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::conn::DbConn::Sqlite($c) => {
                #[allow(dead_code, reason = "only boxed queries need the name")]
                type Db = diesel::sqlite::Sqlite;
                $body
            }
            $crate::store::conn::DbConn::Postgres($c) => {
                #[allow(dead_code, reason = "only boxed queries need the name")]
                type Db = diesel::pg::Pg;
                $body
            }
        }
    };
}
pub(super) use on_backend;

/// Writes rows. SQLite is asked for each: it keeps the statement of one row prepared, and needs no journal of its own for it. A server
/// is asked once for all.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        let written = match $conn {
            _ if rows.is_empty() => Ok(()),
            $crate::store::conn::DbConn::Sqlite(c) => rows
                .iter()
                .try_for_each(|row| diesel::insert_into($table).values(row).execute(c).map(drop)),
            $crate::store::conn::DbConn::Postgres(c) => diesel::insert_into($table).values(&rows).execute(c).map(drop),
        };
        written.map_err($crate::store::error::StoreError::from)
    }};
}
pub(super) use insert_rows;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Sees one moment, whatever is written meanwhile: an article and its byline belong to one revision.
    Read,
    /// On SQLite the lock is taken at once: taking it later, after a read, can fail without waiting.
    Write,
}

impl DbConn {
    pub(super) fn begin(&mut self, mode: Mode) -> QueryResult<()> {
        match (self, mode) {
            (Self::Sqlite(c), Mode::Read) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
            (Self::Sqlite(c), Mode::Write) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            (Self::Postgres(c), Mode::Read) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            }
            (Self::Postgres(c), Mode::Write) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            }
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        on_backend!(self, |c| AnsiTransactionManager::commit_transaction(c))
    }

    pub(super) fn rollback(&mut self) -> QueryResult<()> {
        on_backend!(self, |c| AnsiTransactionManager::rollback_transaction(c))
    }

    pub(super) fn run(&mut self, statements: &str) -> QueryResult<()> {
        on_backend!(self, |c| c.batch_execute(statements))
    }

    pub(super) fn is_broken(&mut self) -> bool {
        on_backend!(self, |c| R2D2Connection::is_broken(c))
    }

    pub(super) fn check(&mut self) -> QueryResult<()> {
        on_backend!(self, |c| R2D2Connection::ping(c))
    }
}

/// Opens the connections of the pool: all of PostgreSQL's, SQLite's readers.
#[derive(Clone)]
pub(super) struct Opener {
    pub(super) place: Place,
    pub(super) sent: Statements,
    pub(super) watch: Arc<Watch>,
}

/// The statements that connections have sent: how many, and while somebody listens, which.
#[derive(Debug, Clone, Default)]
pub(super) struct Statements(Arc<Sent>);

#[derive(Debug, Default)]
struct Sent {
    count: AtomicU64,
    listening: AtomicBool,
    heard: Mutex<Vec<String>>,
}

impl Statements {
    pub(super) fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    pub(super) fn listen(&self) {
        self.0.listening.store(true, Ordering::Relaxed);
    }

    /// What was heard since somebody listens, who does no more.
    pub(super) fn heard(&self) -> Vec<String> {
        self.0.listening.store(false, Ordering::Relaxed);
        self.0
            .heard
            .lock()
            .map(|mut heard| std::mem::take(&mut *heard))
            .unwrap_or_default()
    }
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.count.fetch_add(1, Ordering::Relaxed);
            if self.0.listening.load(Ordering::Relaxed) {
                if let Ok(mut heard) = self.0.heard.lock() {
                    heard.push(query.to_string());
                }
            }
        }
    }
}

impl ManageConnection for Opener {
    type Connection = PublicConn;
    type Error = OpenError;

    fn connect(&self) -> Result<PublicConn, OpenError> {
        let mut conn = self.place.reader()?;
        on_backend!(&mut conn, |c| c.set_instrumentation(self.sent.clone()));
        Ok(PublicConn(conn, Arc::clone(&self.watch)))
    }

    fn is_valid(&self, conn: &mut PublicConn) -> Result<(), OpenError> {
        conn.0.check().map_err(OpenError::from)
    }

    fn has_broken(&self, conn: &mut PublicConn) -> bool {
        // A panic may have left a transaction open.
        std::thread::panicking() || conn.0.is_broken()
    }
}
