//! Whether a SQLite database is whole, as far as SQLite can tell.

use std::path::Path;
use std::time::SystemTime;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;

use super::open::OpenError;
use super::sqlite::SqliteFile;
use crate::config::{DatabaseConfig, DatabaseUrl};

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What is wrong with the database, at most a hundred of what is bent and a line for each table that refers to what is not there. `None` for
/// PostgreSQL, which has tools of its own. It can be served meanwhile; nothing is changed.
///
/// # Errors
/// `OpenError` where the file is no database of ours.
pub(super) fn verify(config: &DatabaseConfig) -> Result<Option<Vec<String>>, OpenError> {
    let DatabaseUrl::Sqlite(path) = &config.url else {
        return Ok(None);
    };
    let file = SqliteFile::new(path, config.busy_timeout);
    let look = || {
        let found = file.look()?.map(|mut conn| flaws(&mut conn));
        Ok(found.unwrap_or_else(|| vec!["there is nothing in it".to_owned()]))
    };
    let before = changed_at(path);
    let found = look()?;
    if found.is_empty() || changed_at(path) == before {
        return Ok(Some(found));
    }
    // What nobody had open is read without locks. A server began to write to it meanwhile, so that what was found may be of two moments; with
    // its log there, it is read at one.
    look().map(Some)
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

/// What SQLite finds wrong. That it cannot look is a flaw, too.
pub(super) fn flaws(conn: &mut SqliteConnection) -> Vec<String> {
    let bent = bent(conn).unwrap_or_else(|why| vec![why.to_string()]);
    let dangling = dangling(conn).unwrap_or_else(|why| vec![why.to_string()]);
    bent.into_iter().chain(dangling).collect()
}

fn bent(conn: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    let found: Vec<Checked> = diesel::sql_query("PRAGMA integrity_check").load(conn)?;
    let lines = found.into_iter().map(|found| found.integrity_check);
    Ok(lines.filter(|line| line != "ok").collect())
}

fn dangling(conn: &mut SqliteConnection) -> QueryResult<Vec<String>> {
    let query = "SELECT \"table\" AS name, count(*) AS count FROM pragma_foreign_key_check GROUP BY 1";
    let found: Vec<Dangling> = diesel::sql_query(query).load(conn)?;
    let told = |Dangling { name, count }| format!("{count} rows of {name} refer to what is not there");
    Ok(found.into_iter().map(told).collect())
}
