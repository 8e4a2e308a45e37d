//! SQLite: the file, how it is made, looked at and opened.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::sqlite::SqliteConnection;
use url::Url;

use super::names;
use super::open::OpenError;

/// "Cdsk", the mark that a SQLite file is ours.
const APPLICATION_ID: [u8; 4] = *b"Cdsk";
const SET_APPLICATION_ID: &str = "PRAGMA application_id = 0x4364736b";

/// Before this version a checkpoint could damage the WAL while two connections wrote.
const OLDEST: [u32; 3] = [3, 51, 3];

/// What every connection is set to, for durability first.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA journal_size_limit = 67108864;
";

/// What the writer has besides: room, in KiB, for the pages that a long transaction changes. A page for which there is none goes to the log
/// before its time, and once more whenever it is changed again.
const WRITER: &str = "PRAGMA cache_size = -65536";

diesel::define_sql_function! {
    /// The version of the library in use.
    fn sqlite_version() -> Text;
}

diesel::define_sql_function! {
    /// A text in lower case. SQLite's own knows the letters of ASCII only; ours takes its place.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

#[derive(QueryableByName)]
struct Bare {
    #[diesel(sql_type = Bool)]
    is_bare: bool,
}

/// What the first bytes of a file say.
#[derive(PartialEq, Eq)]
enum Header {
    /// There is no file, or nothing in it yet.
    Empty,
    Ours,
}

/// A database file.
#[derive(Clone)]
pub(super) struct SqliteFile {
    path: PathBuf,
    busy_timeout: Duration,
    held: Option<Arc<Held>>,
}

/// A file that is not replaced while this lives.
struct Held {
    /// Shared with all who have it open.
    _lock: File,
    device: u64,
    inode: u64,
}

impl SqliteFile {
    pub(super) fn new(path: &Path, busy_timeout: Duration) -> Self {
        Self {
            path: path.to_owned(),
            busy_timeout,
            held: None,
        }
    }

    /// A connection that reads what the file holds and changes nothing, or `None` when it holds nothing. Refuses a file
    /// that is not ours.
    pub(super) fn look(&self) -> Result<Option<SqliteConnection>, OpenError> {
        // There is a rollback journal only while the file is being made, before it turns to WAL.
        if self.header()? == Header::Empty || self.beside("-journal").exists() {
            return Ok(None);
        }
        // Without a WAL the file is whole, and reading it as immutable leaves no file beside it either.
        let how = if self.beside("-wal").exists() {
            "mode=ro"
        } else {
            "mode=ro&immutable=1"
        };
        let mut conn = self.connect(how)?;
        self.wait_for_locks(&mut conn)?;
        Ok(Some(conn))
    }

    /// Keeps other processes from making or migrating the file until the answer is dropped. Makes its folder.
    pub(super) fn lock(&self) -> Result<File, OpenError> {
        fs::create_dir_all(names::folder(&self.path)).map_err(|why| self.unusable(why))?;
        let file = lockable(&self.beside(".lock")).map_err(|why| self.unusable(why))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                tracing::warn!(database = %self.path.display(), "Waiting for another process that opens, migrates or puts back this database");
            }
            Err(TryLockError::Error(why)) => return Err(self.unusable(why)),
        }
        file.lock().map_err(|why| self.unusable(why))?;
        Ok(file)
    }

    /// The same file, which no copy takes the place of until the last clone of the answer is dropped.
    pub(super) fn held(mut self) -> Result<Self, OpenError> {
        let lock = self.lock()?;
        self.hold(&lock)?;
        Ok(self)
    }

    fn hold(&mut self, _lock: &File) -> Result<(), OpenError> {
        let path = self.mark();
        let open = lockable(&path).map_err(|source| OpenError::File { path, source })?;
        // Who holds it alone holds the lock, too, which we have.
        open.lock_shared().map_err(|why| self.unusable(why))?;
        let found = fs::metadata(&self.path).map_err(|why| self.unusable(why))?;
        self.held = Some(Arc::new(Held {
            _lock: open,
            device: found.dev(),
            inode: found.ino(),
        }));
        Ok(())
    }

    /// Something to keep while nobody may have the file open, or `None` where somebody has.
    pub(super) fn alone(&self, _lock: &File) -> Result<Option<File>, OpenError> {
        let open = lockable(&self.mark()).map_err(|why| self.unusable(why))?;
        match open.try_lock() {
            Ok(()) => Ok(Some(open)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(self.unusable(why)),
        }
    }

    /// What is locked while the file is open. Whoever moves the database away by its name leaves this where it is.
    fn mark(&self) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".open");
        names::folder(&self.path).join(name)
    }

    /// Makes the file if there is none, and holds it.
    pub(super) fn opened(mut self) -> Result<Self, OpenError> {
        let lock = self.lock()?;
        self.prepare(&lock)?;
        self.hold(&lock)?;
        Ok(self)
    }

    /// Makes the file if there is none, marks it as ours, and turns it to WAL.
    pub(super) fn prepare(&self, _lock: &File) -> Result<(), OpenError> {
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.path)
        {
            Ok(_) => names::keep(&self.path).map_err(|why| self.unusable(why))?,
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
            Err(why) => return Err(self.unusable(why)),
        }
        self.header()?;
        let mut conn = self.connect("mode=rw")?;
        self.wait_for_locks(&mut conn)?;
        conn.batch_execute(SETTINGS)?;
        let found = diesel::select(sqlite_version()).get_result::<String>(&mut conn)?;
        if !recent(&found) {
            let wanted = "it must be 3.51.3 or newer";
            return Err(OpenError::Setting {
                setting: "the SQLite version",
                found,
                wanted,
            });
        }
        // First of all, so that whatever interrupts us the next start knows the file as ours. Asked for by SQL, since the bytes of a file that was
        // being marked when we were killed say otherwise until SQLite has looked at it.
        if is_bare(&mut conn)? {
            conn.batch_execute(SET_APPLICATION_ID)?;
        }
        let found = diesel::sql_query("PRAGMA journal_mode = WAL")
            .get_result::<JournalMode>(&mut conn)?
            .journal_mode;
        if found != "wal" {
            return Err(OpenError::Setting {
                setting: "journal_mode",
                found,
                wanted: "it must be `wal`",
            });
        }
        Ok(())
    }

    pub(super) fn writer(&self) -> Result<SqliteConnection, OpenError> {
        let mut conn = self.connection()?;
        conn.batch_execute(WRITER)?;
        Ok(conn)
    }

    fn connection(&self) -> Result<SqliteConnection, OpenError> {
        let mut conn = self.connect("mode=rw")?;
        lower_utils::register_impl(&mut conn, |text: Option<String>| text.map(|text| text.to_lowercase()))?;
        self.wait_for_locks(&mut conn)?;
        conn.batch_execute(SETTINGS)?;
        Ok(conn)
    }

    pub(super) fn reader(&self) -> Result<SqliteConnection, OpenError> {
        let mut conn = self.connection()?;
        conn.batch_execute("PRAGMA query_only = ON")?;
        Ok(conn)
    }

    /// The index of the write-ahead log, which is there while there is a connection.
    pub(super) fn index(&self) -> PathBuf {
        self.beside("-shm")
    }

    /// A connection to migrate with: a table that others refer to cannot be remade while foreign keys are on.
    pub(super) fn migrator(&self) -> Result<SqliteConnection, OpenError> {
        let mut conn = self.writer()?;
        conn.batch_execute("PRAGMA foreign_keys = OFF")?;
        Ok(conn)
    }

    /// Opens the file as SQLite's address parameters say; it is never made here.
    fn connect(&self, how: &str) -> Result<SqliteConnection, OpenError> {
        if let Some(held) = &self.held {
            let found = fs::metadata(&self.path).map_err(|why| self.unusable(why))?;
            // Writes would go to two files by turns.
            if (found.dev(), found.ino()) != (held.device, held.inode) {
                let path = self.path.clone();
                return Err(OpenError::Replaced { path });
            }
        }
        let path = std::path::absolute(&self.path).map_err(|why| self.unusable(why))?;
        let mut address =
            Url::from_file_path(path).map_err(|()| self.unusable(io::Error::from(io::ErrorKind::InvalidFilename)))?;
        address.set_query(Some(how));
        Ok(SqliteConnection::establish(address.as_str())?)
    }

    /// Comes before all else: every later statement may meet a lock.
    fn wait_for_locks(&self, conn: &mut SqliteConnection) -> Result<(), OpenError> {
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", self.busy_timeout.as_millis()))?;
        Ok(())
    }

    /// Reads the header by hand (<https://www.sqlite.org/fileformat.html>, 1.3), because SQLite may change a
    /// file that it opens. The mark is written before the file turns to WAL and never again, so it is not in a WAL.
    fn header(&self) -> Result<Header, OpenError> {
        let mut head = Vec::new();
        match File::open(&self.path) {
            Ok(file) => file
                .take(100)
                .read_to_end(&mut head)
                .map_err(|why| self.unusable(why))?,
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Header::Empty),
            Err(why) => return Err(self.unusable(why)),
        };
        let ours = head.starts_with(b"SQLite format 3\0") && head.get(68..72) == Some(APPLICATION_ID.as_slice());
        match ours {
            _ if head.is_empty() => Ok(Header::Empty),
            true => Ok(Header::Ours),
            false => Err(OpenError::Foreign {
                path: self.path.clone(),
            }),
        }
    }

    fn beside(&self, ending: &str) -> PathBuf {
        names::beside(&self.path, ending)
    }

    fn unusable(&self, source: io::Error) -> OpenError {
        let path = self.path.clone();
        OpenError::File { path, source }
    }
}

/// An empty file that is there to be locked.
fn lockable(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // Read as well: on NFS a lock that is shared asks for that.
    options.create(true).truncate(false).read(true).write(true).mode(0o600);
    options.open(path)
}

/// Whether there is nothing in a file, not even our mark.
fn is_bare(conn: &mut SqliteConnection) -> Result<bool, diesel::result::Error> {
    let query = "select page_count = 0 and application_id = 0 as is_bare from pragma_page_count, pragma_application_id";
    let found: Bare = diesel::sql_query(query).get_result(conn)?;
    Ok(found.is_bare)
}

fn recent(version: &str) -> bool {
    let numbers: Vec<u32> = version.split('.').filter_map(|number| number.parse().ok()).collect();
    numbers.as_slice() >= OLDEST.as_slice()
}
