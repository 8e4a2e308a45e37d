//! Users: who may log in.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::reset;
use super::schema::users;
use crate::domain::account::{Email, Role, User};
use crate::domain::id::UserId;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;

/// A row of `users` but for the password's hash, which leaves the store only to be compared.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct Row {
    id: UserId,
    email: Email,
    name: Name,
    role: Role,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: row.role,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }
    }
}

/// `hash` is the password's, as a PHC string.
pub fn insert(conn: &mut DbConn, user: &User, hash: &str) -> Result<()> {
    let row = (
        users::id.eq(user.id),
        users::email.eq(&user.email),
        users::name.eq(&user.name),
        users::role.eq(user.role),
        users::password_hash.eq(hash),
        users::created_at.eq(user.created_at),
        users::disabled_at.eq(user.disabled_at),
    );
    on_backend!(conn, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    Ok(())
}

/// The user and the hash of their password.
pub fn by_email(conn: &mut DbConn, email: &Email) -> Result<Option<(User, String)>> {
    let query = users::table.filter(users::email.eq(email));
    let found: Option<(Row, String)> = on_backend!(conn, |c| query
        .select((Row::as_select(), users::password_hash))
        .first(c)
        .optional())?;
    Ok(found.map(|(row, hash)| (row.into(), hash)))
}

pub fn by_id(conn: &mut DbConn, id: UserId) -> Result<Option<User>> {
    let query = users::table.filter(users::id.eq(id));
    Ok(on_backend!(conn, |c| query.select(Row::as_select()).first(c).optional())?.map(User::from))
}

/// All users, by their address.
pub fn list(conn: &mut DbConn) -> Result<Vec<User>> {
    let query = users::table.order(users::email);
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(User::from).collect())
}

/// The user and the hash of their password.
pub fn with_hash(conn: &mut DbConn, id: UserId) -> Result<Option<(User, String)>> {
    let query = users::table.filter(users::id.eq(id));
    let found: Option<(Row, String)> = on_backend!(conn, |c| query
        .select((Row::as_select(), users::password_hash))
        .first(c)
        .optional())?;
    Ok(found.map(|(row, hash)| (row.into(), hash)))
}

/// Whether a user may still log in by the password with this hash, and holds them so until the transaction ends: a password that
/// is set meanwhile, or a user who is shut out, waits, and then finds the session that was begun. `stronger` takes the place of the hash, if any.
pub fn hold_if_still(conn: &mut DbConn, id: UserId, hash: &str, stronger: Option<&str>) -> Result<bool> {
    let user = users::table
        .filter(users::id.eq(id))
        .filter(users::password_hash.eq(hash))
        .filter(users::disabled_at.is_null());
    // What is written is what is there; on PostgreSQL that locks the row, and SQLite has one writer.
    Ok(on_backend!(conn, |c| diesel::update(user)
        .set(users::password_hash.eq(stronger.unwrap_or(hash)))
        .execute(c))?
        > 0)
}

/// A user, who stays as they are until the transaction ends.
pub fn hold(conn: &mut DbConn, id: UserId) -> Result<Option<User>> {
    let user = users::table.filter(users::id.eq(id));
    // What is written is what is there; on PostgreSQL that locks the row, and SQLite has one writer.
    on_backend!(conn, |c| diesel::update(user)
        .set(users::name.eq(users::name))
        .execute(c))?;
    by_id(conn, id)
}

/// Sets the hash of a password; false when there is no such user. A code by which another could be set is gone with that.
pub fn set_password(conn: &mut DbConn, id: UserId, hash: &str) -> Result<bool> {
    reset::remove(conn, id)?;
    let user = users::table.filter(users::id.eq(id));
    Ok(on_backend!(conn, |c| diesel::update(user)
        .set(users::password_hash.eq(hash))
        .execute(c))?
        > 0)
}

/// Disables a user from a moment on, or enables them again; false when there is no such user.
pub fn set_disabled(conn: &mut DbConn, id: UserId, since: Option<Timestamp>) -> Result<bool> {
    let user = users::table.filter(users::id.eq(id));
    Ok(on_backend!(conn, |c| diesel::update(user)
        .set(users::disabled_at.eq(since))
        .execute(c))?
        > 0)
}

pub fn any(conn: &mut DbConn) -> Result<bool> {
    let query = diesel::select(exists(users::table.select(users::id)));
    Ok(on_backend!(conn, |c| query.get_result(c))?)
}
