//! The store: one database, SQLite or PostgreSQL, behind one set of functions.
//!
//! It has two sides. [`Store`] hands out a [`DbConn`], which reaches everything; the functions of [`article`], [`edition`],
//! [`TaxonRows`] and so on take it, answer one question each and never begin a transaction, so that a use case composes
//! them in one. [`PublicStore`] hands out a [`PublicConn`], which only the functions of [`public`] take, and those know
//! editions, redirects, sections, contributors and tags and nothing else.

mod among;
pub mod api_key;
pub mod article;
pub mod audit;
mod backup;
mod body;
mod conn;
mod contributor;
pub mod count;
pub mod edition;
mod edition_related;
mod error;
pub mod hold;
pub mod idempotency;
pub mod job;
pub mod link_check;
mod look;
pub mod media;
pub mod media_use;
mod migrate;
mod names;
mod open;
mod packed;
mod pool;
mod postgres;
pub mod preview;
pub mod public;
pub mod redirect;
pub mod related;
pub mod reset;
pub mod retraction;
pub mod revision;
mod schema;
pub mod search;
pub mod section;
pub mod session;
pub mod setting;
mod shelf;
mod sqlite;
mod tag;
mod taxon;
pub mod terms;
#[cfg(test)]
mod tests;
mod threads;
pub mod totp;
mod transaction;
mod types;
pub mod upload;
pub mod user;
mod verify;
mod watch;
mod writer;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

pub use backup::{BackupError, Copied};
pub use conn::{DbConn, PublicConn};
pub use error::{Constraint, Result, StoreError};
pub use open::OpenError;
pub use taxon::TaxonRows;
pub use transaction::Transaction;
pub use watch::Version;

use crate::config::DatabaseConfig;
use conn::{Mode, Opener, Statements};
use open::Place;
use pool::{Pool, transact};
use watch::Watch;
use writer::Writer;

/// The database, for use cases. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    /// What readers are answered over: on SQLite connections and threads of their own, on PostgreSQL the same.
    public: Pool,
    /// On SQLite, where all writes go through one connection.
    writer: Option<Writer>,
    sent: Statements,
    watch: Arc<Watch>,
}

/// The side of the database that readers are answered from. Cheap to clone.
#[derive(Clone)]
pub struct PublicStore {
    pool: Pool,
    watch: Arc<Watch>,
}

impl Store {
    /// Opens the database; a SQLite file is made if there is none. Migrations are not run, see [`Store::migrate`].
    pub fn open(config: &DatabaseConfig) -> Result<Self, OpenError> {
        let place = Place::of(config);
        migrate::look(&place)?;
        // All connections have clones of it, so that the last of them to go ends the holding.
        let place = match place {
            Place::Sqlite(file) => Place::Sqlite(file.opened()?),
            server @ Place::Postgres(_) => server,
        };
        let (writer, watch) = match &place {
            Place::Sqlite(file) => {
                let (writer, watch) = Writer::start(file.clone(), config.busy_timeout)?;
                (Some(writer), watch)
            }
            Place::Postgres(_) => (None, Arc::new(Watch::of_postgres(config.version_patience))),
        };
        let sent = Statements::default();
        let opener = Opener {
            place,
            sent: sent.clone(),
            watch: Arc::clone(&watch),
        };
        let (desk, readers) = config.shares();
        let pool = Pool::new(opener.clone(), desk, config.busy_timeout)?;
        let public = match readers {
            Some(readers) => Pool::new(opener, readers, config.busy_timeout)?,
            None => pool.clone(),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                pool,
                public,
                writer,
                sent,
                watch,
            }),
        })
    }

    /// Runs the migrations that are missing and the steps after them, and tells their names. Refuses a database that is newer than this binary or
    /// not ours before it changes anything.
    pub fn migrate(config: &DatabaseConfig) -> Result<Vec<String>, OpenError> {
        migrate::migrate(config)
    }

    /// Copies a SQLite database to a new file while it is served, and lists beside it what the copy is and every file of media that it
    /// speaks of, with where that is kept.
    pub fn backup(config: &DatabaseConfig, to: &Path, kept_at: fn(&str) -> String) -> Result<Copied, BackupError> {
        backup::backup(config, to, kept_at)
    }

    /// Puts a copy where the configuration has its SQLite database, where there must be none, and brings it up to date. `unlisted` takes
    /// one that has no list beside it.
    pub fn restore(config: &DatabaseConfig, from: &Path, unlisted: bool) -> Result<(), BackupError> {
        backup::restore(config, from, unlisted)
    }

    /// What is wrong with a SQLite database, as far as it can tell, while it is served; `None` for PostgreSQL. Changes nothing.
    pub fn verify(config: &DatabaseConfig) -> Result<Option<Vec<String>>, OpenError> {
        verify::verify(config)
    }

    /// What [`Store::migrate`] would run. Makes and changes nothing.
    pub fn pending(config: &DatabaseConfig) -> Result<Vec<String>, OpenError> {
        migrate::pending(config)
    }

    /// Whether no migration was ever run: there is no database, or an empty one. Makes and changes nothing.
    pub fn is_new(config: &DatabaseConfig) -> Result<bool, OpenError> {
        migrate::is_new(config)
    }

    /// Reads, at one moment: what is written meanwhile is not seen. Writing here fails.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.inner.pool.run(Mode::Read, |conn| f(&mut conn.0)).await
    }

    /// Writes, in one transaction that is committed before this answers, and rolled back if `f` fails or panics.
    pub async fn write<T, E>(&self, f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(writer) = &self.inner.writer else {
            return self.inner.pool.run(Mode::Write, |conn| f(&mut conn.0)).await;
        };
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |conn: &mut PublicConn| {
            // Nobody may be left to hear it: a client that went away does not undo a write that was begun.
            let _ = answer.send(transact(conn, |conn| f(&mut conn.0)));
        });
        writer.send(job).await?;
        answered.await.unwrap_or_else(|why| Err(StoreError::broken(why).into()))
    }

    /// Begins a transaction that takes step after step.
    pub async fn begin(&self) -> Result<Transaction> {
        let (transaction, steps) = transaction::pair();
        let (began, has_begun) = oneshot::channel();
        if let Some(writer) = &self.inner.writer {
            writer
                .send(Box::new(move |conn: &mut PublicConn| steps.take(conn, began)))
                .await?;
        } else {
            let pool = self.inner.pool.clone();
            // On a thread of its own, which waits for step after step.
            tokio::task::spawn_blocking(move || match pool.free() {
                Ok(mut conn) => steps.take(&mut conn, began),
                Err(why) => drop(began.send(Err(why))),
            });
        }
        has_begun.await.map_err(StoreError::broken)??;
        Ok(transaction)
    }

    /// Statements that were sent so far by what reads, and on PostgreSQL by what writes too.
    pub fn statements(&self) -> u64 {
        self.inner.sent.count()
    }

    /// Begins to keep the statements of the same, for [`heard`](Self::heard): for tests of what the database makes of them.
    pub fn listen(&self) {
        self.inner.sent.listen();
    }

    /// The statements that were sent since [`listen`](Self::listen), which ends with it.
    pub fn heard(&self) -> Vec<String> {
        self.inner.sent.heard()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        if self.inner.writer.as_ref().is_some_and(|writer| !writer.is_running()) {
            return Err(StoreError::broken("the writer thread has ended"));
        }
        // For readers: a desk that is busy is no reason to send them elsewhere.
        let check = |conn: &mut PublicConn| conn.0.check().map_err(StoreError::from);
        self.inner.public.run(Mode::Read, check).await
    }

    /// The side that readers are answered from.
    pub fn public(&self) -> PublicStore {
        PublicStore {
            pool: self.inner.public.clone(),
            watch: Arc::clone(&self.inner.watch),
        }
    }

    /// Ends all work: waits for what is under way, takes the write-ahead log in. For the end of the process; it blocks.
    pub fn close(&self) {
        self.inner.pool.close();
        self.inner.public.close();
        if let Some(writer) = &self.inner.writer {
            writer.stop();
        }
    }
}

impl PublicStore {
    /// The version of what readers can see, where it is certain without asking the database. Who saw it sees what was committed before.
    pub fn known_version(&self) -> Option<Version> {
        self.watch.known()
    }

    /// The same, asked where it must be.
    pub async fn version(&self) -> Result<Version> {
        let ask = || self.pool.run(Mode::Read, |conn| watch::read(&mut conn.0));
        self.watch.version(ask).await
    }

    /// The same for callers that are many and give up soon: one question of theirs at a time. [`StoreError::Busy`] where one is not answered that
    /// others gave up.
    pub async fn version_in_passing(&self) -> Result<Version> {
        let ask = |only| {
            self.pool.run(Mode::Read, move |conn| {
                let _until_answered = only;
                watch::read(&mut conn.0)
            })
        };
        self.watch.version_in_passing(ask).await
    }

    /// Reads, at one moment.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut PublicConn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.pool.run(Mode::Read, f).await
    }

    /// The same, and makes something of it when the reading is over, on the same thread: what is read in many pieces is dropped
    /// cheapest where it came to be.
    pub async fn read_and<T, U, E>(
        &self,
        f: impl FnOnce(&mut PublicConn) -> Result<T, E> + Send + 'static,
        make: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<U, E>
    where
        U: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.pool.run_and(Mode::Read, f, make).await
    }
}
