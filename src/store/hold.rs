//! What writers agree on before they write, beyond rows: locks by name, until the transaction ends.
//!
//! SQLite has one writer, so there is nothing to agree on. On PostgreSQL these are advisory locks. Take them before rows
//! are held, the same way round everywhere, so that no two transactions wait for each other.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use sha2::{Digest as _, Sha256};

use super::conn::DbConn;
use super::error::Result;
use crate::domain::id::TranslationGroup;
use crate::domain::locale::Locale;
use crate::domain::slug::Slug;

/// What sections, contributors and tags are called, and which articles name them.
const NAMES: &str = "names";

/// For a change of what articles name: it waits for articles on their way, and they wait for it. Without it a page that is
/// published in the same moment could keep the old name, a circle of sections could close, and a merge and a change of an
/// article could each hold what the other waits for.
pub fn names(conn: &mut DbConn) -> Result<()> {
    hold(conn, "select pg_advisory_xact_lock($1)", NAMES)
}

/// For writing articles and their pages: many at once, but none while a name changes.
pub fn pages(conn: &mut DbConn) -> Result<()> {
    hold(conn, "select pg_advisory_xact_lock_shared($1)", NAMES)
}

/// For taking a slug: two who look for the same one do not both find it free.
pub fn slug(conn: &mut DbConn, locale: &Locale, slug: &Slug) -> Result<()> {
    hold(
        conn,
        "select pg_advisory_xact_lock($1)",
        &format!("slug {}/{}", locale.as_str(), slug.as_str()),
    )
}

/// For taking a language in a group of translations, after the slug: who comes second finds who has it.
pub fn translations(conn: &mut DbConn, group: TranslationGroup) -> Result<()> {
    hold(
        conn,
        "select pg_advisory_xact_lock($1)",
        &format!("translations {group}"),
    )
}

/// For linking in a direction, after all rows: two links that would close a circle together do not both find it open.
pub fn directions(conn: &mut DbConn) -> Result<()> {
    hold(conn, "select pg_advisory_xact_lock($1)", "directions")
}

/// For keeping a file: two who send the same one do not both find that it is new.
pub fn bytes(conn: &mut DbConn, sha256: &str) -> Result<()> {
    hold(conn, "select pg_advisory_xact_lock($1)", &format!("bytes {sha256}"))
}

fn hold(conn: &mut DbConn, statement: &'static str, name: &str) -> Result<()> {
    if let DbConn::Postgres(c) = conn {
        diesel::sql_query(statement)
            .bind::<BigInt, _>(number_of(name))
            .execute(c)?;
    }
    Ok(())
}

/// What PostgreSQL knows a lock by.
pub(super) fn number_of(name: &str) -> i64 {
    let bytes = Sha256::digest(name);
    let first = bytes.iter().take(8);
    first.fold(0, |number, byte| (number << 8) | i64::from(*byte))
}
