//! Codes by which somebody who forgot their password sets another.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{password_resets, users};
use super::user;
use crate::domain::account::{Email, User};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;

/// A code of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// SHA-256 of the code.
    pub digest: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Puts a code in the place of the one that a user had.
pub fn put(conn: &mut DbConn, of: UserId, reset: &Reset) -> Result<()> {
    remove(conn, of)?;
    let row = (
        password_resets::user_id.eq(of),
        password_resets::digest.eq(&reset.digest),
        password_resets::created_at.eq(reset.created_at),
        password_resets::expires_at.eq(reset.expires_at),
    );
    on_backend!(conn, |c| diesel::insert_into(password_resets::table)
        .values(&row)
        .execute(c))?;
    Ok(())
}

/// The user of this address and their code; `None` where there is no such user, or no code of theirs.
pub fn by_email(conn: &mut DbConn, email: &Email) -> Result<Option<(User, Reset)>> {
    let query = users::table
        .inner_join(password_resets::table.on(password_resets::user_id.eq(users::id)))
        .filter(users::email.eq(email));
    let found: Option<(user::Row, String, Timestamp, Timestamp)> = on_backend!(conn, |c| query
        .select((
            user::Row::as_select(),
            password_resets::digest,
            password_resets::created_at,
            password_resets::expires_at,
        ))
        .first(c)
        .optional())?;
    Ok(found.map(|(user, digest, created_at, expires_at)| {
        let reset = Reset {
            digest,
            created_at,
            expires_at,
        };
        (user.into(), reset)
    }))
}

/// Takes a user's code away; false where they have none.
pub fn remove(conn: &mut DbConn, of: UserId) -> Result<bool> {
    let code = password_resets::table.filter(password_resets::user_id.eq(of));
    Ok(on_backend!(conn, |c| diesel::delete(code).execute(c))? > 0)
}

/// Takes this very code away, which so is used once; false where it is not there any more.
pub fn take(conn: &mut DbConn, of: UserId, digest: &str) -> Result<bool> {
    let code = password_resets::table
        .filter(password_resets::user_id.eq(of))
        .filter(password_resets::digest.eq(digest));
    Ok(on_backend!(conn, |c| diesel::delete(code).execute(c))? > 0)
}
