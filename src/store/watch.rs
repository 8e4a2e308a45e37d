//! Which version of what readers can see the database holds, told without asking it as long as nothing was committed.
//!
//! SQLite: the first bytes of the index of the write-ahead log, two copies of a header that every commit of every process changes
//! (<https://www.sqlite.org/walformat.html>, §2.1). They are read where all processes have them, in memory. PostgreSQL: what this process commits it knows; of
//! others it asks again after a while.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vm_memory::{Bytes as _, FileOffset, MmapRegion, VolatileMemory as _};

use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::schema::content_version;

/// Words of eight bytes in two copies of the header.
const HEADER: usize = 12;
const WORD: usize = size_of::<u64>();

/// What readers can see. Of two, the later one is greater; one database's follow each other, and each that was put back from a
/// copy is later than all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// How often the database was found to have gone back.
    returns: u32,
    number: i64,
}

/// A state of the database that can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Sqlite([u64; HEADER]),
    /// Commits of this process.
    Postgres(u64),
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    /// `None` where the state could not be told.
    mark: Option<Mark>,
    version: Version,
    /// Before the database was asked.
    at: Instant,
}

impl Version {
    /// What the database says after it said `before`.
    fn after(before: Option<Self>, number: i64) -> Self {
        let returns = before.map_or(0, |before| before.returns + u32::from(number < before.number));
        Self { returns, number }
    }
}

/// Every connection has a hold of it, so that it goes last.
pub(super) struct Watch {
    /// On SQLite, the index of the log.
    index: Option<Arc<Index>>,
    sqlite: bool,
    commits: AtomicU64,
    /// Commits under way, of which nobody can say yet whether others see them.
    committing: AtomicU64,
    /// How long others' commits may go unseen.
    patience: Duration,
    seen: RwLock<Option<Seen>>,
    /// Held by who asks the database.
    asking: tokio::sync::Mutex<()>,
    /// Held while the database is asked for somebody who may have given up since.
    in_passing: Arc<Semaphore>,
}

impl Watch {
    /// Watches a file of SQLite's to which there is a connection.
    pub(super) fn of_sqlite(index: &Path) -> Self {
        Self::new(opened(index), true, Duration::ZERO)
    }

    pub(super) fn of_postgres(patience: Duration) -> Self {
        Self::new(None, false, patience)
    }

    fn new(index: Option<Arc<Index>>, sqlite: bool, patience: Duration) -> Self {
        Self {
            index,
            sqlite,
            commits: AtomicU64::new(0),
            committing: AtomicU64::new(0),
            patience,
            seen: RwLock::new(None),
            asking: tokio::sync::Mutex::new(()),
            in_passing: Arc::new(Semaphore::new(1)),
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
    pub(super) fn known(&self) -> Option<Version> {
        let seen = self.seen()?;
        let fresh = self.sqlite || seen.at.elapsed() < self.patience;
        (fresh && seen.mark.is_some() && self.mark() == seen.mark).then_some(seen.version)
    }

    /// The version; `ask` asks the database for its number, one caller at a time. Who came before it was asked shares the answer.
    pub(super) async fn version<F>(&self, ask: impl FnOnce() -> F) -> Result<Version>
    where
        F: Future<Output = Result<i64>>,
    {
        if let Some(version) = self.known() {
            return Ok(version);
        }
        let came = Instant::now();
        let _turn = self.asking.lock().await;
        let seen = self.seen();
        if let Some(seen) = seen.filter(|seen| seen.at >= came) {
            return Ok(seen.version);
        }
        // Before the question: what is committed after it makes another mark.
        let (mark, at) = (self.mark(), Instant::now());
        let version = Version::after(seen.map(|seen| seen.version), ask().await?);
        if let Ok(mut seen) = self.seen.write() {
            *seen = Some(Seen { mark, version, at });
        }
        Ok(version)
    }

    /// The same for callers that are many and give up soon. A question outlives who asked it; so `ask` keeps what it is given until
    /// the database answered, and until then nobody else asks in passing, but is told that it is busy.
    pub(super) async fn version_in_passing<F>(&self, ask: impl FnOnce(OwnedSemaphorePermit) -> F) -> Result<Version>
    where
        F: Future<Output = Result<i64>>,
    {
        let in_passing = Arc::clone(&self.in_passing);
        let ask = || async {
            let only = in_passing.try_acquire_owned().map_err(|_all_taken| StoreError::Busy)?;
            ask(only).await
        };
        self.version(ask).await
    }

    fn seen(&self) -> Option<Seen> {
        *self.seen.read().ok()?
    }

    /// `None` where the state cannot be told.
    fn mark(&self) -> Option<Mark> {
        if !self.sqlite {
            let commits = self.commits.load(Ordering::SeqCst);
            return (self.committing.load(Ordering::SeqCst) == 0).then_some(Mark::Postgres(commits));
        }
        self.index.as_ref()?.header().map(Mark::Sqlite)
    }
}

/// The index of a log, opened once in this process and not closed before the last connection to it: closing it would give up the locks that
/// SQLite holds on it, since those are the process's (<https://www.sqlite.org/howtocorrupt.html>, §2.2).
struct Index {
    file: Arc<File>,
    /// Its beginning, once it is that long. It never gets shorter while there is a connection.
    memory: OnceLock<MmapRegion>,
}

impl Index {
    /// `None` where it is not there yet.
    fn header(&self) -> Option<[u64; HEADER]> {
        let memory = if let Some(memory) = self.memory.get() {
            memory
        } else {
            let length = HEADER * WORD;
            // What lies behind the end of a file cannot be read.
            let is_there = usize::try_from(self.file.metadata().ok()?.len()).is_ok_and(|there| there >= length);
            let whole = is_there.then(|| FileOffset::from_arc(Arc::clone(&self.file), 0))?;
            let memory = MmapRegion::build(Some(whole), length, libc::PROT_READ, libc::MAP_SHARED).ok()?;
            self.memory.get_or_init(|| memory)
        };
        let words = memory.as_volatile_slice();
        let mut header = [0; HEADER];
        // Of memory that cannot be written to, only relaxed loads are certain to be no more than loads.
        for (at, word) in header.iter_mut().enumerate() {
            *word = words.load(at * WORD, Ordering::Relaxed).ok()?;
        }
        fence(Ordering::Acquire);
        Some(header)
    }
}

fn opened(index: &Path) -> Option<Arc<Index>> {
    static OPEN: Mutex<Option<HashMap<PathBuf, Weak<Index>>>> = Mutex::new(None);
    let mut open = OPEN.lock().ok()?;
    let open = open.get_or_insert_default();
    open.retain(|_, index| index.strong_count() > 0);
    let path = index.canonicalize().ok()?;
    if let Some(index) = open.get(&path).and_then(Weak::upgrade) {
        return Some(index);
    }
    let index = Arc::new(Index {
        file: Arc::new(File::open(&path).ok()?),
        memory: OnceLock::new(),
    });
    open.insert(path, Arc::downgrade(&index));
    Some(index)
}

/// What the database says.
pub(super) fn read(conn: &mut DbConn) -> Result<i64> {
    let query = content_version::table.select(content_version::version);
    on_backend!(conn, |c| query.first(c)).map_err(StoreError::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_database_that_was_put_back_is_later_than_all_before_it() {
        let first = Version::after(None, 7);
        let next = Version::after(Some(first), 8);
        let back = Version::after(Some(next), 3);
        assert!(first < next && next < back && back < Version::after(Some(back), 3 + 1));
    }

    #[tokio::test]
    async fn who_waited_shares_the_answer_and_who_comes_later_asks_again() {
        let watch = Watch::of_postgres(Duration::ZERO);
        let asked = Cell::new(0);
        let ask = || async {
            asked.set(asked.get() + 1);
            tokio::task::yield_now().await;
            Ok(asked.get())
        };
        let (first, second, third) = tokio::join!(watch.version(ask), watch.version(ask), watch.version(ask));
        // The first was on its way before the others came; they share the next.
        assert_eq!(
            (first.unwrap().number, second.unwrap().number, third.unwrap().number),
            (1, 2, 2)
        );
        assert_eq!(watch.version(ask).await.unwrap().number, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gives_up_leaves_one_question_at_most() {
        let watch = Watch::of_postgres(Duration::ZERO);
        let (asked, kept) = (Cell::new(0), Cell::new(None));
        for _ in 0..10 {
            let slow = watch.version_in_passing(|only| {
                asked.set(asked.get() + 1);
                kept.set(Some(only));
                std::future::pending()
            });
            let told = tokio::time::timeout(Duration::from_millis(250), slow).await;
            assert!(matches!(told, Err(_) | Ok(Err(StoreError::Busy))));
        }
        assert_eq!(asked.get(), 1);
        drop(kept.take());
        let told = watch.version_in_passing(|_only| async { Ok(7) }).await;
        assert_eq!(told.unwrap().number, 7);
    }
}
