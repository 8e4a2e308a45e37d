//! API keys: what programs ask with.

use diesel::prelude::*;
use uuid::Uuid;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{api_keys, users};
use super::user;
use crate::domain::account::User;
use crate::domain::api_key::ApiKey;
use crate::domain::id::{ApiKeyId, UserId};
use crate::domain::page::ByTime;
use crate::domain::scope::Scopes;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
struct Row {
    id: ApiKeyId,
    user_id: UserId,
    name: Name,
    scopes: String,
    digest: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl From<Row> for ApiKey {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            scopes: Scopes::trusted(&row.scopes),
            digest: row.digest,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        }
    }
}

pub fn insert(conn: &mut DbConn, key: &ApiKey) -> Result<()> {
    let row = Row {
        id: key.id,
        user_id: key.user_id,
        name: key.name.clone(),
        scopes: key.scopes.to_string(),
        digest: key.digest.clone(),
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
    };
    on_backend!(conn, |c| diesel::insert_into(api_keys::table).values(&row).execute(c))?;
    Ok(())
}

/// A key, whether it works or not, and whose it is; one statement, since every request with a key asks for it.
pub fn with_user(conn: &mut DbConn, id: ApiKeyId) -> Result<Option<(ApiKey, User)>> {
    let query = api_keys::table
        .inner_join(users::table.on(users::id.eq(api_keys::user_id)))
        .filter(api_keys::id.eq(id));
    let found: Option<(Row, user::Row)> = on_backend!(conn, |c| query
        .select((Row::as_select(), user::Row::as_select()))
        .first(c)
        .optional())?;
    Ok(found.map(|(key, user)| (key.into(), user.into())))
}

/// How many of a user's work, and how many there are in all.
pub fn count(conn: &mut DbConn, of: UserId, now: Timestamp) -> Result<(i64, i64)> {
    let all = api_keys::table.filter(api_keys::user_id.eq(of));
    let working = all
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)));
    let working = on_backend!(conn, |c| working.count().get_result(c))?;
    Ok((working, on_backend!(conn, |c| all.count().get_result(c))?))
}

/// The keys of a user, or of everybody, the newest first.
pub fn list(conn: &mut DbConn, of: Option<UserId>, before: Option<ByTime>, limit: usize) -> Result<Vec<ApiKey>> {
    let before = before.unwrap_or(ByTime {
        at: Timestamp::LAST,
        id: Uuid::max(),
    });
    let earlier = api_keys::created_at
        .lt(before.at)
        .or(api_keys::id.lt(ApiKeyId(before.id)));
    let query = api_keys::table
        .filter(api_keys::created_at.le(before.at))
        .filter(earlier)
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .limit(rows(limit));
    let found: Vec<Row> = match of {
        Some(of) => {
            let query = query.filter(api_keys::user_id.eq(of));
            on_backend!(conn, |c| query.select(Row::as_select()).load(c))?
        }
        None => on_backend!(conn, |c| query.select(Row::as_select()).load(c))?,
    };
    Ok(found.into_iter().map(ApiKey::from).collect())
}

/// Revokes a key; false where that was done before.
pub fn revoke(conn: &mut DbConn, id: ApiKeyId, now: Timestamp) -> Result<bool> {
    let key = api_keys::table
        .filter(api_keys::id.eq(id))
        .filter(api_keys::revoked_at.is_null());
    let end = api_keys::revoked_at.eq(Some(now));
    Ok(on_backend!(conn, |c| diesel::update(key).set(end).execute(c))? > 0)
}

/// Keeps when a key was used last, unless something later is kept.
pub fn used(conn: &mut DbConn, id: ApiKeyId, at: Timestamp) -> Result<()> {
    let key = api_keys::table
        .filter(api_keys::id.eq(id))
        .filter(api_keys::last_used_at.is_null().or(api_keys::last_used_at.lt(at)));
    let used = api_keys::last_used_at.eq(Some(at));
    on_backend!(conn, |c| diesel::update(key).set(used).execute(c))?;
    Ok(())
}
