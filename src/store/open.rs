//! Which database, and why it could not be opened.

use std::io;
use std::path::PathBuf;

use super::conn::DbConn;
use super::postgres::Server;
use super::sqlite::SqliteFile;
use crate::config::{DatabaseConfig, DatabaseUrl};

/// Why a database could not be opened or migrated.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing was changed.
    #[error("the database has run migration `{found}`, which this version does not know; use the newer version")]
    Newer { found: String },
    /// Nothing was changed.
    #[error("{} is not a database of this program", path.display())]
    Foreign { path: PathBuf },
    #[error("{} cannot be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// It goes on being written where it was moved to, and by no new connection.
    #[error("{} is another file than the one that is served; restart the server", path.display())]
    Replaced { path: PathBuf },
    #[error("the database cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    #[error("the database refused a statement")]
    Statement(#[from] diesel::result::Error),
    /// The database runs, but not in a way that keeps what it was given.
    #[error("{setting} of the database is `{found}`; {wanted}")]
    Setting {
        setting: &'static str,
        found: String,
        wanted: &'static str,
    },
    /// Rolled back; the migrations before it stay.
    #[error("migration `{name}` failed")]
    Migration {
        name: &'static str,
        #[source]
        source: diesel::result::Error,
    },
    #[error("migration `{name}` cannot fill in what it brings")]
    Filling {
        name: &'static str,
        #[source]
        source: super::error::StoreError,
    },
    #[error("migration `{name}` leaves references to rows that are not there")]
    Dangling { name: &'static str },
    #[error("the threads that work with the database cannot be started")]
    Thread(#[source] io::Error),
}

/// Where the database is.
#[derive(Clone)]
pub(super) enum Place {
    Sqlite(SqliteFile),
    Postgres(Server),
}

impl Place {
    /// Chosen by the address's scheme alone, so that a mistyped address never becomes a file's name.
    pub(super) fn of(config: &DatabaseConfig) -> Self {
        match &config.url {
            DatabaseUrl::Sqlite(path) => Self::Sqlite(SqliteFile::new(path, config.busy_timeout)),
            DatabaseUrl::Postgres(url) => Self::Postgres(Server::new(url, config.busy_timeout)),
        }
    }

    /// A connection for the pool.
    pub(super) fn reader(&self) -> Result<DbConn, OpenError> {
        match self {
            Self::Sqlite(file) => file.reader().map(DbConn::Sqlite),
            Self::Postgres(server) => server.connect().map(DbConn::Postgres),
        }
    }
}
