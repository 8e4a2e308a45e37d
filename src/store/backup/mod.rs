//! Copies of a SQLite database, made while it is served, and put in the place of one that is gone.
//!
//! A copy is what the database was when it was begun: a statement of SQLite's own reads it at one moment (`VACUUM INTO`), while others
//! write. It is looked through before it gets its name, so that what has the name is whole. Beside it stands a list that says which
//! bytes it has, because SQLite sees that a tree is bent and not that a letter is another.

mod files;
mod list;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use self::files::{Partial, Room, there};
use self::list::Sum;
use super::conn::DbConn;
use super::open::{OpenError, Place};
use super::sqlite::SqliteFile;
use super::{media, migrate, names, verify};
use crate::config::{DatabaseConfig, DatabaseUrl};

/// What SQLite keeps beside a database that is open, or was not closed.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why there is no copy, or why it was not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("PostgreSQL has tools of its own for this: pg_dump, pg_basebackup")]
    Postgres,
    #[error("there is no database at {}", path.display())]
    Missing { path: PathBuf },
    /// Nothing was changed.
    #[error("{} is there already, and nothing is written over", path.display())]
    Taken { path: PathBuf },
    /// Nothing was changed.
    #[error("a server has {} open, wherever it was moved to; stop the server first", path.display())]
    Served { path: PathBuf },
    /// SQLite would lay it over whatever comes beside it.
    #[error("{} is there, of a database that is open or was not closed; stop the server, and move both away", path.display())]
    LeftOver { path: PathBuf },
    /// The file alone is not what the database holds.
    #[error(
        "{} is there: that is a database in use or left by a crash, and no copy; use `copydesk backup`, or put both files in place by hand",
        path.display()
    )]
    InUse { path: PathBuf },
    #[error("{} is damaged: {found}", path.display())]
    Damaged { path: PathBuf, found: String },
    #[error("{} is not there, which says what the copy must be; --without-manifest does without", path.display())]
    Unlisted { path: PathBuf },
    #[error("{} does not begin with the sum of a copy", path.display())]
    NoSum { path: PathBuf },
    #[error("{} has room for {free} bytes, and {needed} are needed", path.display())]
    NoRoom { path: PathBuf, needed: u64, free: u64 },
    #[error("{} has a name that is not UTF-8", path.display())]
    Name { path: PathBuf },
    #[error("{} cannot be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} cannot be filled", path.display())]
    Filling {
        path: PathBuf,
        #[source]
        source: diesel::result::Error,
    },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database refused a statement")]
    Statement(#[from] diesel::result::Error),
    #[error("the files of media cannot be listed")]
    Media(#[from] super::StoreError),
}

/// What was made.
#[derive(Debug)]
pub struct Copied {
    /// How many files of media the copy speaks of.
    pub media: usize,
    /// What lists them.
    pub manifest: PathBuf,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Copies the database to a new file, and lists beside it what it is and every file of media that it speaks of.
pub(super) fn backup(config: &DatabaseConfig, to: &Path, kept_at: fn(&str) -> String) -> Result<Copied, BackupError> {
    let from = file_of(config)?;
    let to = &absolute(to)?;
    // What SQLite is told is a text, and would name another file.
    let _text = to.to_str().ok_or_else(|| BackupError::Name { path: to.clone() })?;
    let manifest = list::of(to);
    for name in [to, &manifest] {
        if there(name)? {
            return Err(taken(name));
        }
    }
    nothing_beside(to)?;
    let source = SqliteFile::new(from, config.busy_timeout);
    if source.look()?.is_none() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    let source = source.held()?;
    let mut conn = source.writer()?;
    let size = "SELECT page_count * page_size AS count FROM pragma_page_count, pragma_page_size";
    let size: Count = diesel::sql_query(size).get_result(&mut conn)?;
    Room::of(to)?.holds(u64::try_from(size.count).unwrap_or_default())?;
    let mut copy = Partial::beside(to)?;
    fill(&mut conn, &copy, config).map_err(|why| why.of(to))?;
    copy.sync()?;
    let mut conn = looked_through(copy.path(), to, config)?;
    let files = if has_table(&mut conn, "media_files")? {
        media::files(&mut DbConn::Sqlite(conn), "", i64::MAX)?
    } else {
        Vec::new()
    };
    let mut beside = Partial::beside(&manifest)?;
    list::write(&mut beside, &Sum::of(copy.path())?, &files, kept_at)?;
    beside.sync()?;
    // Who sees the copy has its list.
    beside.take(&manifest)?;
    copy.take(to)?;
    names::keep(to).map_err(|why| unusable(to, why))?;
    beside.keep();
    copy.keep();
    let media = files.len();
    Ok(Copied { media, manifest })
}

/// What of a copy could not be filled.
enum Unfilled {
    Statement(diesel::result::Error),
    Open(OpenError),
}

impl Unfilled {
    fn of(self, path: &Path) -> BackupError {
        let path = path.to_owned();
        match self {
            Self::Statement(source) => BackupError::Filling { path, source },
            Self::Open(why) => why.into(),
        }
    }
}

impl From<diesel::result::Error> for Unfilled {
    fn from(why: diesel::result::Error) -> Self {
        Self::Statement(why)
    }
}

impl From<OpenError> for Unfilled {
    fn from(why: OpenError) -> Self {
        Self::Open(why)
    }
}

/// Fills an empty file with all but the answers that are kept for requests that come again: some have tokens in them, and none
/// answers a request to the database that the copy becomes.
fn fill(conn: &mut SqliteConnection, copy: &Partial, config: &DatabaseConfig) -> Result<(), Unfilled> {
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(copy.path().to_string_lossy())
        .execute(conn)?;
    let mut copied = SqliteFile::new(copy.path(), config.busy_timeout).writer()?;
    // `secure_delete` writes zeros where something was; a copy that is interrupted is thrown away, so nothing is kept to undo it.
    copied.batch_execute("PRAGMA secure_delete = ON; PRAGMA journal_mode = MEMORY")?;
    if has_table(&mut copied, "idempotency_keys")? {
        copied.batch_execute("DELETE FROM idempotency_keys")?;
    }
    Ok(())
}

/// Puts a copy where the configuration has its database, where there must be none, and brings it up to date before it has its name.
pub(super) fn restore(config: &DatabaseConfig, from: &Path, unlisted: bool) -> Result<(), BackupError> {
    let to = &absolute(file_of(config)?)?;
    // Open first: what is read from then on is this file, whatever happens to its name.
    let mut copy = source(from)?;
    let must_be = match list::read(from)? {
        None if !unlisted => return Err(BackupError::Unlisted { path: list::of(from) }),
        found => found,
    };
    let target = SqliteFile::new(to, config.busy_timeout);
    // Nobody makes, migrates or opens one until the copy is in its place.
    let lock = target.lock()?;
    let alone = target.alone(&lock)?;
    if alone.is_none() {
        return Err(BackupError::Served { path: to.clone() });
    }
    if there(to)? {
        return Err(taken(to));
    }
    nothing_beside(to)?;
    let length = copy.metadata().map_err(|why| unusable(from, why))?.len();
    Room::of(to)?.holds(length)?;
    let mut partial = Partial::beside(to)?;
    let sum = partial.fill(&mut copy, from)?;
    partial.sync()?;
    if must_be.is_some_and(|must_be| must_be != sum) {
        let found = format!("it is not what {} says that it is", list::of(from).display());
        let path = from.to_owned();
        return Err(BackupError::Damaged { path, found });
    }
    drop(looked_through(partial.path(), from, config)?);
    let mut copied = config.clone();
    copied.url = DatabaseUrl::Sqlite(partial.path().to_owned());
    // Which refuses one of a newer version.
    if migrate::look(&Place::of(&copied))?.is_empty() {
        let (path, found) = (from.to_owned(), "no newsroom is in it".to_owned());
        return Err(BackupError::Damaged { path, found });
    }
    migrate::migrate(&copied)?;
    nothing_beside(partial.path())?;
    partial.sync()?;
    partial.take(to)?;
    names::keep(to).map_err(|why| unusable(to, why))?;
    partial.keep();
    Ok(())
}

/// A copy that nobody writes to.
fn source(from: &Path) -> Result<File, BackupError> {
    if !there(from)? {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    for ending in BESIDE {
        let path = names::beside(from, ending);
        if there(&path)? {
            return Err(BackupError::InUse { path });
        }
    }
    let copy = File::open(from).map_err(|why| unusable(from, why))?;
    match copy.metadata() {
        Ok(found) if found.is_file() => Ok(copy),
        Ok(_) => Err(unusable(from, io::ErrorKind::InvalidInput.into())),
        Err(why) => Err(unusable(from, why)),
    }
}

/// A connection to a file that is ours and whole, as far as SQLite can tell; `shown` is what whoever asked calls it.
fn looked_through(path: &Path, shown: &Path, config: &DatabaseConfig) -> Result<SqliteConnection, BackupError> {
    let damaged = |found: String| BackupError::Damaged {
        path: shown.to_owned(),
        found,
    };
    let foreign = |why| match why {
        OpenError::Foreign { .. } => OpenError::Foreign { path: shown.to_owned() },
        other => other,
    };
    let file = SqliteFile::new(path, config.busy_timeout);
    let conn = file.look().map_err(foreign)?;
    let mut conn = conn.ok_or_else(|| damaged("there is nothing in it".to_owned()))?;
    match verify::flaws(&mut conn).into_iter().next() {
        Some(first) => Err(damaged(first)),
        None => Ok(conn),
    }
}

/// Whether a database, which may be older than the table, has it.
fn has_table(conn: &mut SqliteConnection, name: &str) -> QueryResult<bool> {
    let found: Count =
        diesel::sql_query("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table' AND name = ?")
            .bind::<Text, _>(name)
            .get_result(conn)?;
    Ok(found.count > 0)
}

fn nothing_beside(path: &Path) -> Result<(), BackupError> {
    for ending in BESIDE {
        let path = names::beside(path, ending);
        if there(&path)? {
            return Err(BackupError::LeftOver { path });
        }
    }
    Ok(())
}

fn file_of(config: &DatabaseConfig) -> Result<&Path, BackupError> {
    match &config.url {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(BackupError::Postgres),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, BackupError> {
    std::path::absolute(path).map_err(|why| unusable(path, why))
}

fn taken(path: &Path) -> BackupError {
    BackupError::Taken { path: path.to_owned() }
}

fn unusable(path: &Path, source: io::Error) -> BackupError {
    let path = path.to_owned();
    BackupError::File { path, source }
}
