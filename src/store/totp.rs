//! Second factors by time.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::totps;
use super::types::{from_json, to_json};
use crate::domain::id::{TotpId, UserId};
use crate::domain::time::Timestamp;

/// A second factor of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totp {
    pub id: TotpId,
    pub created_at: Timestamp,
    /// When its owner showed that they have it; until then it is asked for nowhere.
    pub confirmed_at: Option<Timestamp>,
    /// Of the last code that was taken, and none before is taken any more.
    pub last_step: i64,
    /// Digests of the recovery codes that are left.
    pub recovery: Vec<String>,
}

/// Puts a second factor in the place of the one that a user had.
pub fn put(conn: &mut DbConn, of: UserId, totp: &Totp) -> Result<()> {
    remove(conn, of)?;
    let row = (
        totps::user_id.eq(of),
        totps::id.eq(totp.id),
        totps::created_at.eq(totp.created_at),
        totps::confirmed_at.eq(totp.confirmed_at),
        totps::last_step.eq(totp.last_step),
        totps::recovery.eq(to_json(&totp.recovery)?),
    );
    on_backend!(conn, |c| diesel::insert_into(totps::table).values(&row).execute(c))?;
    Ok(())
}

/// That of a user, whether it is confirmed or not.
pub fn find(conn: &mut DbConn, of: UserId) -> Result<Option<Totp>> {
    let query = totps::table.filter(totps::user_id.eq(of)).select((
        totps::id,
        totps::created_at,
        totps::confirmed_at,
        totps::last_step,
        totps::recovery,
    ));
    let found: Option<(TotpId, Timestamp, Option<Timestamp>, i64, String)> =
        on_backend!(conn, |c| query.first(c).optional())?;
    let read = |(id, created_at, confirmed_at, last_step, recovery): (_, _, _, _, String)| {
        Ok(Totp {
            id,
            created_at,
            confirmed_at,
            last_step,
            recovery: from_json(&recovery)?,
        })
    };
    found.map(read).transpose()
}

/// Takes that of a user away; false where they have none.
pub fn remove(conn: &mut DbConn, of: UserId) -> Result<bool> {
    let totp = totps::table.filter(totps::user_id.eq(of));
    Ok(on_backend!(conn, |c| diesel::delete(totp).execute(c))? > 0)
}
