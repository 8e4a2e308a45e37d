//! PostgreSQL: how a connection is set up, and what must hold of the server.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::open::OpenError;

/// The key of the lock under which one process at a time migrates: "Copydesk" in ASCII.
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"Copydesk");

/// What a connection may wait for. An answer takes no longer than 15 seconds, so neither may a statement; and a session
/// that was left in a transaction must not hold its locks for ever.
const SETTINGS: &str = "
    SET TIME ZONE 'UTC';
    SET statement_timeout = '10s';
    SET idle_in_transaction_session_timeout = '30s';
";

/// What libpq is told unless the address says otherwise: a server that went away silently must not hold a thread for the
/// two hours that TCP would wait.
const PARAMETERS: &[(&str, &str)] = &[
    ("connect_timeout", "5"),
    ("tcp_user_timeout", "15000"),
    ("application_name", "copydesk"),
];

diesel::define_sql_function! {
    fn current_setting(name: Text) -> Text;
}
diesel::define_sql_function! {
    fn set_config(name: Text, value: Text, is_local: Bool) -> Text;
}
diesel::define_sql_function! {
    fn pg_try_advisory_lock(key: BigInt) -> Bool;
}

/// A PostgreSQL server.
#[derive(Clone)]
pub(super) struct Server {
    url: String,
    lock_timeout: Duration,
}

impl Server {
    pub(super) fn new(url: &str, lock_timeout: Duration) -> Self {
        let mut url = url.to_owned();
        for (name, value) in PARAMETERS {
            if !url.contains(&format!("{name}=")) {
                let joint = if url.contains('?') { '&' } else { '?' };
                url = format!("{url}{joint}{name}={value}");
            }
        }
        Self { url, lock_timeout }
    }

    /// A connection for use, to a server that keeps what it acknowledges.
    pub(super) fn connect(&self) -> Result<PgConnection, OpenError> {
        let mut conn = PgConnection::establish(&self.url)?;
        conn.batch_execute(SETTINGS)?;
        let lock_timeout = format!("{}ms", self.lock_timeout.as_millis());
        let set = (
            set_config("lock_timeout", &lock_timeout, false),
            current_setting("synchronous_commit"),
            current_setting("server_encoding"),
        );
        let (_, commit, encoding): (String, String, String) = diesel::select(set).get_result(&mut conn)?;
        if !["on", "remote_write", "remote_apply"].contains(&commit.as_str()) {
            let wanted = "an acknowledged write must survive a power cut, so it must be `on`";
            return Err(OpenError::Setting {
                setting: "synchronous_commit",
                found: commit,
                wanted,
            });
        }
        if encoding != "UTF8" {
            let wanted =
                "it must be `UTF8`; make the database with `create database … encoding 'UTF8' template template0`";
            return Err(OpenError::Setting {
                setting: "server_encoding",
                found: encoding,
                wanted,
            });
        }
        Ok(conn)
    }

    /// A connection to look and to migrate with, which may take its time.
    pub(super) fn migrator(&self) -> Result<PgConnection, OpenError> {
        let mut conn = self.connect()?;
        conn.batch_execute(
            "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0",
        )?;
        Ok(conn)
    }
}

/// Waits until no other process migrates, and says so. The lock goes with the connection.
pub(super) fn lock_migrations(conn: &mut PgConnection) -> QueryResult<()> {
    if diesel::select(pg_try_advisory_lock(MIGRATION_LOCK)).get_result(conn)? {
        return Ok(());
    }
    tracing::warn!("Waiting for another process that migrates this database");
    diesel::sql_query("select pg_advisory_lock($1)")
        .bind::<BigInt, _>(MIGRATION_LOCK)
        .execute(conn)
        .map(drop)
}
