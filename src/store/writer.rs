//! SQLite's one writer: a thread with its own connection, fed by a queue.
//!
//! SQLite lets one connection write at a time. Waiting here, in the order of arrival, is fair and wakes nobody in vain;
//! waiting for SQLite's lock is neither.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;

use super::conn::{DbConn, PublicConn};
use super::error::StoreError;
use super::open::OpenError;
use super::sqlite::SqliteFile;
use super::watch::Watch;

/// A use case's transaction, with its answer sent on its way.
pub(super) type Job = Box<dyn FnOnce(&mut PublicConn) + Send>;

/// Jobs that may wait; more would only wait longer than their callers do.
const QUEUE: usize = 256;

pub(super) struct Writer {
    /// `None` once it is stopped.
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    patience: Duration,
}

impl Writer {
    /// With a watch over the file, which is to be handed to every other connection.
    pub(super) fn start(file: SqliteFile, patience: Duration) -> Result<(Self, Arc<Watch>), OpenError> {
        let conn = DbConn::Sqlite(file.writer()?);
        let watch = Arc::new(Watch::of_sqlite(&file.index()));
        let conn = PublicConn(conn, Arc::clone(&watch));
        let (queue, jobs) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&file, conn, jobs))
            .map_err(OpenError::Thread)?;
        let writer = Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            patience,
        };
        Ok((writer, watch))
    }

    pub(super) async fn send(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let queue = queue.ok_or_else(|| StoreError::broken("the store is closed"))?;
        queue.send_timeout(job, self.patience).await.map_err(|why| match why {
            SendTimeoutError::Timeout(_) => StoreError::Busy,
            SendTimeoutError::Closed(_) => StoreError::broken("the writer thread has ended"),
        })
    }

    pub(super) fn is_running(&self) -> bool {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().is_some_and(|queue| !queue.is_closed())
    }

    /// Takes no more jobs, waits for those that were taken, and leaves the file without a WAL to replay.
    pub(super) fn stop(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A job may hold the last handle of the store; the thread cannot wait for itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("The writer thread ended by a panic");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(file: &SqliteFile, mut conn: PublicConn, mut jobs: mpsc::Receiver<Job>) {
    while let Some(job) = jobs.blocking_recv() {
        job(&mut conn);
        if conn.0.is_broken() {
            // A failed roll-back leaves a transaction that nobody can end but a new connection.
            match file.writer() {
                Ok(fresh) => conn.0 = DbConn::Sqlite(fresh),
                Err(why) => {
                    tracing::error!(error = ?why, "The writer's connection is broken and cannot be replaced yet");
                }
            }
        }
    }
    if let Err(why) = conn.0.run("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(error = %why, "The write-ahead log was not taken in; the next start does it");
    }
}
