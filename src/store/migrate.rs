//! Bringing a database to the schema that this binary knows.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::conn::{DbConn, Mode, on_backend};
use super::open::{OpenError, Place};
use super::postgres::lock_migrations;
use super::{body, edition, revision, search, setting, shelf, terms};
use crate::config::DatabaseConfig;

struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    /// What SQL cannot fill in, in the same transaction.
    fill: Option<Fill>,
}

type Fill = fn(&mut DbConn) -> super::Result<()>;

/// One list for both sets, so that they cannot have different names or another order.
macro_rules! migrations {
    ($($name:literal $(then $fill:path)?),+ $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, "/up.sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, "/up.sql")),
            fill: [$(Some($fill as Fill),)? None][0],
        }),+]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    "2026-11-23-000000_foundation",
    "2026-11-25-000000_tags",
    "2026-11-25-000100_redirects",
    "2026-11-25-000200_languages",
    "2026-11-25-000300_search",
    "2026-11-25-000400_media",
    "2026-11-25-000500_uploads",
    "2026-11-25-000600_related" then terms::fill,
    "2026-11-27-000000_revisions",
    "2026-11-27-000100_schedule",
    "2026-11-27-000200_corrections",
    "2026-11-27-000300_locks",
    "2026-11-28-000000_idempotency",
    "2026-11-28-000100_as_of",
    "2026-11-28-000200_audit",
    "2026-11-28-000300_shelves" then shelf::fill,
    "2026-11-28-000400_search_words",
    "2026-11-28-000500_content_version",
    "2026-11-28-000600_live_changes",
    "2026-11-28-000700_bodies" then body::check,
    "2026-11-28-000800_sessions",
    "2026-11-28-000900_api_keys",
    "2026-11-28-001000_previews",
    "2026-11-28-001100_resets",
    "2026-11-28-001200_totp",
    "2026-11-29-000000_desk",
];

/// Does some of a step, in a transaction of its own; whether there may be more. Begun again, it finds what is left.
pub(super) type Portion = Box<dyn FnMut(&mut DbConn) -> super::Result<bool>>;

type Begin = fn() -> Portion;

/// What only the code of today can fill in, which knows the tables as the last migration leaves them. Each is done once, and
/// what is done is kept in the settings.
const LATER: &[(&str, Begin)] = &[
    ("filled revisions", revision::fill),
    ("took revisions apart", revision::take_apart),
    ("packed bodies", body::pack),
    ("packed summaries", edition::pack),
    (search::FILLED, || Box::new(|conn| search::fill(conn).map(|()| false))),
];

const LEDGER_ON_SQLITE: &str = "create table if not exists schema_migrations (
    name text not null constraint schema_migrations_pkey primary key,
    applied_at integer not null default (cast((julianday('now') - 2440587.5) * 86400000000 as integer))
) strict";

const LEDGER_ON_POSTGRES: &str = "create table if not exists schema_migrations (
    name text collate \"C\" not null constraint schema_migrations_pkey primary key,
    applied_at timestamptz not null default now()
)";

diesel::table! {
    /// Which migrations this database has run.
    schema_migrations (name) {
        name -> Text,
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The names of the migrations and steps still to run, in order. Changes nothing, makes nothing.
pub(super) fn pending(config: &DatabaseConfig) -> Result<Vec<String>, OpenError> {
    let mut conn = peek(&Place::of(config))?;
    let done = conn.as_mut().map_or(Ok(Vec::new()), known)?;
    let mut names: Vec<String> = missing(&done).map(|migration| migration.name.to_owned()).collect();
    for (name, _) in LATER {
        // Where nothing was run there are no settings to ask.
        let is_done = match &mut conn {
            Some(conn) if !done.is_empty() => setting::get(conn, name)
                .map_err(|source| OpenError::Filling { name, source })?
                .is_some(),
            _ => false,
        };
        if !is_done {
            names.push(step(name));
        }
    }
    Ok(names)
}

/// How a step that is no migration is named to whoever runs it.
fn step(name: &str) -> String {
    format!("step `{name}`")
}

/// Whether nothing was ever run. Changes nothing, makes nothing.
pub(super) fn is_new(config: &DatabaseConfig) -> Result<bool, OpenError> {
    Ok(look(&Place::of(config))?.is_empty())
}

/// Runs what is missing, while no other process does; the names of what was run, in order.
pub(super) fn migrate(config: &DatabaseConfig) -> Result<Vec<String>, OpenError> {
    let place = Place::of(config);
    // Before anything is made or locked: a database that is refused stays as it is.
    look(&place)?;
    match &place {
        Place::Sqlite(file) => {
            let lock = file.lock()?;
            look(&place)?;
            file.prepare(&lock)?;
            apply(&mut DbConn::Sqlite(file.migrator()?))
        }
        Place::Postgres(server) => {
            let mut conn = server.migrator()?;
            lock_migrations(&mut conn)?;
            apply(&mut DbConn::Postgres(conn))
        }
    }
}

/// What the database has run. Refuses a database that is not ours or that has run what we do not know.
pub(super) fn look(place: &Place) -> Result<Vec<String>, OpenError> {
    peek(place)?.as_mut().map_or(Ok(Vec::new()), known)
}

/// A connection to what is there, if anything is.
fn peek(place: &Place) -> Result<Option<DbConn>, OpenError> {
    match place {
        Place::Sqlite(file) => Ok(file.look()?.map(DbConn::Sqlite)),
        Place::Postgres(server) => Ok(Some(DbConn::Postgres(server.migrator()?))),
    }
}

fn known(conn: &mut DbConn) -> Result<Vec<String>, OpenError> {
    let done = applied(conn)?;
    match done
        .iter()
        .find(|name| MIGRATIONS.iter().all(|known| known.name != **name))
    {
        Some(found) => Err(OpenError::Newer { found: found.clone() }),
        None => Ok(done),
    }
}

fn applied(conn: &mut DbConn) -> QueryResult<Vec<String>> {
    let ledger: Count = match conn {
        DbConn::Sqlite(c) => {
            diesel::sql_query("select count(*) as count from sqlite_schema where name = 'schema_migrations'")
                .get_result(c)?
        }
        DbConn::Postgres(c) => {
            diesel::sql_query("select count(to_regclass('schema_migrations')) as count").get_result(c)?
        }
    };
    if ledger.count == 0 {
        return Ok(Vec::new());
    }
    let names = schema_migrations::table
        .select(schema_migrations::name)
        .order(schema_migrations::name);
    on_backend!(conn, |c| names.load(c))
}

fn missing(done: &[String]) -> impl Iterator<Item = &'static Migration> {
    MIGRATIONS
        .iter()
        .filter(|migration| done.iter().all(|name| name != migration.name))
}

fn apply(conn: &mut DbConn) -> Result<Vec<String>, OpenError> {
    let done = known(conn)?;
    let mut ran = Vec::new();
    for migration in missing(&done) {
        conn.begin(Mode::Write)?;
        if let Err(why) = run(conn, migration) {
            // The first failure is the one to tell; the transaction goes with the connection in any case.
            let _ = conn.rollback();
            return Err(why);
        }
        conn.commit().map_err(|source| OpenError::Migration {
            name: migration.name,
            source,
        })?;
        ran.push(migration.name.to_owned());
    }
    for (name, begin) in LATER {
        let was_left = finish(conn, name, begin()).map_err(|source| OpenError::Filling { name, source })?;
        if was_left {
            ran.push(step(name));
        }
    }
    Ok(ran)
}

/// Does what is left of a step; false where nothing was.
fn finish(conn: &mut DbConn, name: &str, mut portion: Portion) -> super::Result<bool> {
    if setting::get(conn, name)?.is_some() {
        return Ok(false);
    }
    loop {
        conn.begin(Mode::Write)?;
        let done = portion(conn).and_then(|more| {
            if !more {
                setting::set(conn, name, "")?;
            }
            Ok(more)
        });
        match done {
            Ok(more) => {
                conn.commit()?;
                if !more {
                    return Ok(true);
                }
            }
            Err(why) => {
                let _ = conn.rollback();
                return Err(why);
            }
        }
    }
}

fn run(conn: &mut DbConn, migration: &Migration) -> Result<(), OpenError> {
    let name = migration.name;
    let statements = match conn {
        DbConn::Sqlite(_) => [LEDGER_ON_SQLITE, migration.sqlite],
        DbConn::Postgres(_) => [LEDGER_ON_POSTGRES, migration.postgres],
    };
    let mark = diesel::insert_into(schema_migrations::table).values(schema_migrations::name.eq(name));
    statements
        .into_iter()
        .try_for_each(|statement| conn.run(statement))
        .and_then(|()| on_backend!(conn, |c| mark.execute(c)))
        .map_err(|source| OpenError::Migration { name, source })?;
    if let Some(fill) = migration.fill {
        fill(conn).map_err(|source| OpenError::Filling { name, source })?;
    }
    if let DbConn::Sqlite(c) = conn {
        let dangling: Count =
            diesel::sql_query("select count(*) as count from pragma_foreign_key_check").get_result(c)?;
        if dangling.count > 0 {
            return Err(OpenError::Dangling { name });
        }
    }
    Ok(())
}
