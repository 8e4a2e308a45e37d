//! Copies of a SQLite database, made while it is served, and put in the place of one that is gone.
//!
//! A copy is what the database was when it was begun: a statement of SQLite's own reads it at one moment (`VACUUM INTO`), while others
//! write. It is looked through before it gets its name, so that what has the name is whole.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use super::migrate;
use super::open::OpenError;
use super::schema::media_files;
use super::sqlite::SqliteFile;
use crate::config::{DatabaseConfig, DatabaseUrl};

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
    #[error("{} is damaged: {found}", path.display())]
    Damaged { path: PathBuf, found: String },
    #[error("{} cannot be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the database refused a statement")]
    Statement(#[from] diesel::result::Error),
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Copies the database to a new file, and tells the SHA-256 of every file of media that the copy speaks of.
pub(super) fn backup(config: &DatabaseConfig, to: &Path) -> Result<Vec<String>, BackupError> {
    let from = file_of(config)?;
    let free = || if to.exists() { Err(taken(to)) } else { Ok(()) };
    free()?;
    if SqliteFile::new(from, config.busy_timeout).look()?.is_none() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    let partial = beside(to, ".partial");
    // For its owner's eyes, as the database is; SQLite fills a file that is empty.
    private_file(&partial).map_err(|why| unusable(&partial, why))?;
    let mut conn = SqliteFile::new(from, config.busy_timeout).writer()?;
    let name = partial.to_string_lossy().into_owned();
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(name)
        .execute(&mut conn)?;
    File::open(&partial)
        .and_then(|file| file.sync_all())
        .map_err(|why| unusable(&partial, why))?;
    let mut copy = looked_through(&partial, config)?;
    let media = media_files::table.select(media_files::sha256).distinct();
    let media: Vec<String> = media.order(media_files::sha256).load(&mut copy)?;
    drop(copy);
    named(&partial, to)?;
    Ok(media)
}

/// Puts a copy where the configuration has its database, where there must be none.
pub(super) fn restore(config: &DatabaseConfig, from: &Path) -> Result<(), BackupError> {
    let to = file_of(config)?;
    let target = SqliteFile::new(to, config.busy_timeout);
    // No server begins to make one meanwhile.
    let lock = target.lock()?;
    for name in [to.to_owned(), beside(to, "-wal"), beside(to, "-journal")] {
        if name.exists() {
            return Err(taken(&name));
        }
    }
    if !from.exists() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    drop(looked_through(from, config)?);
    // Which refuses one of a newer version.
    let mut copied = config.clone();
    copied.url = DatabaseUrl::Sqlite(from.to_owned());
    migrate::pending(&copied)?;
    let partial = beside(to, ".partial");
    let failed = |why| unusable(&partial, why);
    let mut into = private_file(&partial).map_err(failed)?;
    let mut copy = File::open(from).map_err(|why| unusable(from, why))?;
    io::copy(&mut copy, &mut into).map_err(failed)?;
    into.sync_all().map_err(failed)?;
    named(&partial, to)?;
    drop(lock);
    Ok(())
}

/// A connection to a file that is ours and whole, as far as SQLite can tell.
fn looked_through(path: &Path, config: &DatabaseConfig) -> Result<SqliteConnection, BackupError> {
    let damaged = |found: String| BackupError::Damaged {
        path: path.to_owned(),
        found,
    };
    let file = SqliteFile::new(path, config.busy_timeout);
    let mut conn = file
        .look()?
        .ok_or_else(|| damaged("there is nothing in it".to_owned()))?;
    let broken = |why: diesel::result::Error| damaged(why.to_string());
    let found: Vec<Found> = diesel::sql_query("PRAGMA integrity_check")
        .load(&mut conn)
        .map_err(broken)?;
    if let Some(first) = found.into_iter().find(|found| found.integrity_check != "ok") {
        return Err(damaged(first.integrity_check));
    }
    let dangling = "SELECT count(*) AS count FROM pragma_foreign_key_check";
    let dangling: Count = diesel::sql_query(dangling).get_result(&mut conn).map_err(broken)?;
    if dangling.count > 0 {
        return Err(damaged(format!("{} rows refer to what is not there", dangling.count)));
    }
    Ok(conn)
}

fn file_of(config: &DatabaseConfig) -> Result<&Path, BackupError> {
    match &config.url {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(BackupError::Postgres),
    }
}

/// A new, empty file that only its owner can read; one that was left behind half made is begun anew.
fn private_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Gives a whole file its name, which nothing has, and has the disk keep that.
fn named(partial: &Path, name: &Path) -> Result<(), BackupError> {
    match fs::hard_link(partial, name) {
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => return Err(taken(name)),
        Err(why) => return Err(unusable(name, why)),
        Ok(()) => {}
    }
    let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::remove_file(partial)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|why| unusable(name, why))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn taken(path: &Path) -> BackupError {
    BackupError::Taken { path: path.to_owned() }
}

fn unusable(path: &Path, source: io::Error) -> BackupError {
    let path = path.to_owned();
    BackupError::File { path, source }
}
