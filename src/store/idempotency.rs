//! What was answered to requests that came with a key.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::hold::number_of;
use super::schema::idempotency_keys;
use super::types::{from_json, to_json};
use crate::domain::id::UserId;
use crate::domain::idempotency::{IdempotencyKey, KeptAnswer};
use crate::domain::time::Timestamp;

/// Answers that are forgotten at once.
const AT_ONCE: i64 = 50;

/// A request that was answered.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Of what was asked.
    pub fingerprint: String,
    /// `None` where its parts are answered each by itself.
    pub answer: Option<KeptAnswer>,
}

#[derive(QueryableByName)]
struct Claim {
    #[diesel(sql_type = Bool)]
    is_free: bool,
}

/// Has the key until the transaction ends; false where another transaction has it. SQLite has one writer, so nobody else can.
pub fn claim(conn: &mut DbConn, user: UserId, key: &IdempotencyKey) -> Result<bool> {
    let DbConn::Postgres(c) = conn else {
        return Ok(true);
    };
    let number = number_of(&format!("idempotency {user} {}", key.as_str()));
    let query = diesel::sql_query("select pg_try_advisory_xact_lock($1) as is_free").bind::<BigInt, _>(number);
    let claim: Claim = query.get_result(c)?;
    Ok(claim.is_free)
}

/// What was answered to the key, later than `since`.
pub fn find(conn: &mut DbConn, user: UserId, key: &IdempotencyKey, since: Timestamp) -> Result<Option<Answered>> {
    use idempotency_keys as t;
    let query = t::table
        .filter(t::user_id.eq(user))
        .filter(t::key.eq(key.as_str()))
        .filter(t::created_at.gt(since))
        .select((t::fingerprint, t::status, t::headers, t::body));
    let row: Option<(String, Option<i32>, String, String)> = on_backend!(conn, |c| query.first(c).optional())?;
    let Some((fingerprint, status, headers, body)) = row else {
        return Ok(None);
    };
    let answer = match status {
        Some(status) => Some(KeptAnswer {
            status: u16::try_from(status).map_err(StoreError::broken)?,
            headers: from_json(&headers)?,
            body,
        }),
        None => None,
    };
    Ok(Some(Answered { fingerprint, answer }))
}

/// Keeps what was answered, in the place of what has run out.
pub fn keep(conn: &mut DbConn, user: UserId, key: &IdempotencyKey, answered: &Answered, now: Timestamp) -> Result<()> {
    use idempotency_keys as t;
    let old = t::table.filter(t::user_id.eq(user)).filter(t::key.eq(key.as_str()));
    on_backend!(conn, |c| diesel::delete(old).execute(c))?;
    let Answered { fingerprint, answer } = answered;
    let headers = answer.as_ref().map_or(&[][..], |answer| &answer.headers);
    let headers = to_json(headers)?;
    let row = (
        t::user_id.eq(user),
        t::key.eq(key.as_str()),
        t::fingerprint.eq(fingerprint),
        t::status.eq(answer.as_ref().map(|answer| i32::from(answer.status))),
        t::headers.eq(headers),
        t::body.eq(answer.as_ref().map_or("", |answer| &answer.body)),
        t::created_at.eq(now),
    );
    on_backend!(conn, |c| diesel::insert_into(t::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets some of what was answered at `until` or before, the oldest first; true while there may be more. Answers can be large, and
/// others wait to write.
pub fn forget(conn: &mut DbConn, until: Timestamp) -> Result<bool> {
    use idempotency_keys as t;
    let old = t::table.filter(t::created_at.le(until));
    let last = old.order(t::created_at).select(t::created_at).offset(AT_ONCE - 1);
    let last: Option<Timestamp> = on_backend!(conn, |c| last.first(c).optional())?;
    let some = t::table.filter(t::created_at.le(last.unwrap_or(until)));
    on_backend!(conn, |c| diesel::delete(some).execute(c))?;
    Ok(last.is_some())
}
