//! Sessions: what begins with a login.

use diesel::prelude::*;
use uuid::Uuid;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{sessions, users};
use super::user;
use crate::domain::account::User;
use crate::domain::id::{SessionId, UserId};
use crate::domain::page::ByTime;
use crate::domain::session::{Living, Session};
use crate::domain::time::Timestamp;

/// Sessions that are forgotten at once.
const AT_ONCE: i64 = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
struct Row {
    id: SessionId,
    user_id: UserId,
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    token: String,
    rotated_at: Option<Timestamp>,
    previous_token: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
}

/// Turns one into the other; both have the same fields.
macro_rules! same {
    ($from:ident, $to:ident; $($field:ident),+) => {
        impl From<$from> for $to {
            fn from(from: $from) -> Self {
                let $from { $($field),+ } = from;
                Self { $($field),+ }
            }
        }
    };
}
same!(Row, Session; id, user_id, created_at, last_used_at, expires_at, revoked_at, token, rotated_at, previous_token, address, user_agent);
same!(Session, Row; id, user_id, created_at, last_used_at, expires_at, revoked_at, token, rotated_at, previous_token, address, user_agent);

pub fn insert(conn: &mut DbConn, session: Session) -> Result<()> {
    let row = Row::from(session);
    on_backend!(conn, |c| diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// A session, whether it lives or not, and whose it is; one statement, since every request with a token asks for it.
pub fn with_user(conn: &mut DbConn, id: SessionId) -> Result<Option<(Session, User)>> {
    let query = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::id.eq(id));
    let found: Option<(Row, user::Row)> = on_backend!(conn, |c| query
        .select((Row::as_select(), user::Row::as_select()))
        .first(c)
        .optional())?;
    Ok(found.map(|(session, user)| (session.into(), user.into())))
}

/// Puts another token in the place of one, and so prolongs the session; false where it was not the one in force, or the
/// session has ended. Of two at once the second waits, and finds that it was replaced.
pub fn rotate(conn: &mut DbConn, id: SessionId, from: &str, to: &str, living: Living) -> Result<bool> {
    let session = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::token.eq(from))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(living.now))
        .filter(sessions::last_used_at.gt(living.used_after));
    let changes = (
        sessions::token.eq(to),
        sessions::previous_token.eq(Some(from)),
        sessions::rotated_at.eq(Some(living.now)),
        sessions::last_used_at.eq(living.now),
    );
    Ok(on_backend!(conn, |c| diesel::update(session).set(changes).execute(c))? > 0)
}

/// Ends a session of a user; false where they have none of this id that lives.
pub fn end(conn: &mut DbConn, id: SessionId, of: UserId, living: Living) -> Result<bool> {
    let session = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::user_id.eq(of))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(living.now))
        .filter(sessions::last_used_at.gt(living.used_after));
    let end = sessions::revoked_at.eq(Some(living.now));
    Ok(on_backend!(conn, |c| diesel::update(session).set(end).execute(c))? > 0)
}

/// Ends the sessions of a user, but for one; how many lived.
pub fn end_all(conn: &mut DbConn, of: UserId, but: Option<SessionId>, living: Living) -> Result<usize> {
    let all = sessions::table
        .filter(sessions::user_id.eq(of))
        .filter(sessions::id.ne(but.unwrap_or(SessionId(Uuid::nil()))))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(living.now))
        .filter(sessions::last_used_at.gt(living.used_after));
    let end = sessions::revoked_at.eq(Some(living.now));
    Ok(on_backend!(conn, |c| diesel::update(all).set(end).execute(c))?)
}

/// Ends those of a user that were used longest ago, beyond the `most` that were used last.
pub fn end_oldest(conn: &mut DbConn, of: UserId, most: i64, living: Living) -> Result<()> {
    let surplus = sessions::table
        .filter(sessions::user_id.eq(of))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(living.now))
        .filter(sessions::last_used_at.gt(living.used_after))
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .limit(rows(usize::MAX))
        .offset(most)
        .select(sessions::id);
    let surplus: Vec<SessionId> = on_backend!(conn, |c| surplus.load(c))?;
    if surplus.is_empty() {
        return Ok(());
    }
    let all = sessions::table.filter(sessions::id.eq_any(surplus));
    let end = sessions::revoked_at.eq(Some(living.now));
    on_backend!(conn, |c| diesel::update(all).set(end).execute(c))?;
    Ok(())
}

/// The sessions of a user that live, the last used first.
pub fn list(
    conn: &mut DbConn,
    of: UserId,
    living: Living,
    before: Option<ByTime>,
    limit: usize,
) -> Result<Vec<Session>> {
    let before = before.unwrap_or(ByTime {
        at: Timestamp::LAST,
        id: Uuid::max(),
    });
    let earlier = sessions::last_used_at
        .lt(before.at)
        .or(sessions::id.lt(SessionId(before.id)));
    let query = sessions::table
        .filter(sessions::user_id.eq(of))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(living.now))
        .filter(sessions::last_used_at.gt(living.used_after))
        .filter(sessions::last_used_at.le(before.at))
        .filter(earlier)
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .limit(rows(limit));
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(Session::from).collect())
}

/// Forgets some of those that ended at `until` or before at the latest; true while there may be more.
pub fn forget(conn: &mut DbConn, until: Timestamp) -> Result<bool> {
    let old = sessions::table.filter(sessions::expires_at.le(until));
    let last = old
        .order(sessions::expires_at)
        .select(sessions::expires_at)
        .offset(AT_ONCE - 1);
    let last: Option<Timestamp> = on_backend!(conn, |c| last.first(c).optional())?;
    let some = sessions::table.filter(sessions::expires_at.le(last.unwrap_or(until)));
    on_backend!(conn, |c| diesel::delete(some).execute(c))?;
    Ok(last.is_some())
}
