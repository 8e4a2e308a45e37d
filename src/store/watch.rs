//! Which version of what readers can see the database holds, told without asking it as long as nothing was committed.
//!
//! SQLite: the first bytes of the index of the write-ahead log, two copies of a header that every commit of every process changes
//! (<https://www.sqlite.org/walformat.html>, §2.1). Reading them is one system call. PostgreSQL: what this process commits it knows; of
//! others it asks again after a while.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock, Weak};
use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::schema::content_version;

/// Two copies of the header.
const HEADER: usize = 96;

/// A state of the database that can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Sqlite([u8; HEADER]),
    /// Commits of this process.
    Postgres(u64),
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    mark: Mark,
    version: i64,
    at: Instant,
}

/// Every connection has a hold of it, so that it goes last.
pub(super) struct Watch {
    /// On SQLite, the index of the log.
    index: Option<Arc<File>>,
    sqlite: bool,
    commits: AtomicU64,
    /// Commits under way, of which nobody can say yet whether others see them.
    committing: AtomicU64,
    /// How long others' commits may go unseen.
    patience: Duration,
    seen: RwLock<Option<Seen>>,
    /// Held by who asks the database.
    asking: tokio::sync::Mutex<()>,
}

impl Watch {
    /// Watches a file of SQLite's to which there is a connection.
    pub(super) fn of_sqlite(index: &Path) -> Self {
        Self::new(opened(index), true, Duration::ZERO)
    }

    pub(super) fn of_postgres(patience: Duration) -> Self {
        Self::new(None, false, patience)
    }

    fn new(index: Option<Arc<File>>, sqlite: bool, patience: Duration) -> Self {
        Self {
            index,
            sqlite,
            commits: AtomicU64::new(0),
            committing: AtomicU64::new(0),
            patience,
            seen: RwLock::new(None),
            asking: tokio::sync::Mutex::new(()),
        }
    }

    /// Commits, and knows of it.
    pub(super) fn commit(&self, conn: &mut DbConn) -> QueryResult<()> {
        self.committing.fetch_add(1, Ordering::SeqCst);
        let committed = conn.commit();
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.committing.fetch_sub(1, Ordering::SeqCst);
        committed
    }

    /// The version, where it is certain without asking.
    pub(super) fn known(&self) -> Option<i64> {
        let seen = (*self.seen.read().ok()?)?;
        let fresh = self.sqlite || seen.at.elapsed() < self.patience;
        (fresh && self.mark() == Some(seen.mark)).then_some(seen.version)
    }

    /// The version; `ask` asks the database for it, one caller at a time.
    pub(super) async fn version<F>(&self, ask: impl FnOnce() -> F) -> Result<i64>
    where
        F: Future<Output = Result<i64>>,
    {
        if let Some(version) = self.known() {
            return Ok(version);
        }
        let _turn = self.asking.lock().await;
        if let Some(version) = self.known() {
            return Ok(version);
        }
        // Before the question: what is committed after it makes another mark.
        let (mark, at) = (self.mark(), Instant::now());
        let version = ask().await?;
        if let (Some(mark), Ok(mut seen)) = (mark, self.seen.write()) {
            *seen = Some(Seen { mark, version, at });
        }
        Ok(version)
    }

    /// `None` where the state cannot be told.
    fn mark(&self) -> Option<Mark> {
        if !self.sqlite {
            let commits = self.commits.load(Ordering::SeqCst);
            return (self.committing.load(Ordering::SeqCst) == 0).then_some(Mark::Postgres(commits));
        }
        let mut header = [0; HEADER];
        self.index.as_ref()?.read_exact_at(&mut header, 0).ok()?;
        Some(Mark::Sqlite(header))
    }
}

/// The file, opened once in this process and not closed before the last connection to it: closing it would give up the locks that SQLite
/// holds on it, since those are the process's (<https://www.sqlite.org/howtocorrupt.html>, §2.2).
fn opened(index: &Path) -> Option<Arc<File>> {
    static OPEN: Mutex<Option<HashMap<PathBuf, Weak<File>>>> = Mutex::new(None);
    let mut open = OPEN.lock().ok()?;
    let open = open.get_or_insert_default();
    open.retain(|_, file| file.strong_count() > 0);
    let path = index.canonicalize().ok()?;
    if let Some(file) = open.get(&path).and_then(Weak::upgrade) {
        return Some(file);
    }
    let file = Arc::new(File::open(&path).ok()?);
    open.insert(path, Arc::downgrade(&file));
    Some(file)
}

/// What the database says.
pub(super) fn read(conn: &mut DbConn) -> Result<i64> {
    let query = content_version::table.select(content_version::version);
    on_backend!(conn, |c| query.first(c)).map_err(StoreError::from)
}
