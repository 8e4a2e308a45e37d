//! Previews: who may see a story before it is published.

use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{preview_tokens, users};
use super::user;
use crate::domain::account::User;
use crate::domain::id::{ApiKeyId, ArticleId, PreviewTokenId, UserId};
use crate::domain::page::ByTime;
use crate::domain::preview::PreviewToken;
use crate::domain::time::Timestamp;

/// Tokens that are forgotten at once.
const AT_ONCE: i64 = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = preview_tokens, treat_none_as_default_value = false)]
struct Row {
    id: PreviewTokenId,
    article_id: ArticleId,
    revision: Option<i32>,
    created_by: UserId,
    api_key_id: Option<ApiKeyId>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Row> for PreviewToken {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            article_id: row.article_id,
            revision: row.revision,
            created_by: row.created_by,
            api_key_id: row.api_key_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

pub fn insert(conn: &mut DbConn, token: &PreviewToken) -> Result<()> {
    let row = Row {
        id: token.id,
        article_id: token.article_id,
        revision: token.revision,
        created_by: token.created_by,
        api_key_id: token.api_key_id,
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    on_backend!(conn, |c| diesel::insert_into(preview_tokens::table)
        .values(&row)
        .execute(c))?;
    Ok(())
}

/// A token, whether it works or not, and who made it.
pub fn with_user(conn: &mut DbConn, id: PreviewTokenId) -> Result<Option<(PreviewToken, User)>> {
    let query = preview_tokens::table
        .inner_join(users::table.on(users::id.eq(preview_tokens::created_by)))
        .filter(preview_tokens::id.eq(id));
    let found: Option<(Row, user::Row)> = on_backend!(conn, |c| query
        .select((Row::as_select(), user::Row::as_select()))
        .first(c)
        .optional())?;
    Ok(found.map(|(token, user)| (token.into(), user.into())))
}

/// How many of an article work.
pub fn count(conn: &mut DbConn, of: ArticleId, now: Timestamp) -> Result<i64> {
    let query = preview_tokens::table
        .filter(preview_tokens::article_id.eq(of))
        .filter(preview_tokens::expires_at.gt(now));
    Ok(on_backend!(conn, |c| query.count().get_result(c))?)
}

/// Those of an article that work, or those of them that were made with a key, the newest first.
pub fn list(
    conn: &mut DbConn,
    of: ArticleId,
    with: Option<ApiKeyId>,
    now: Timestamp,
    before: Option<ByTime>,
    limit: usize,
) -> Result<Vec<PreviewToken>> {
    let before = before.unwrap_or(ByTime {
        at: Timestamp::LAST,
        id: Uuid::max(),
    });
    let earlier = preview_tokens::created_at
        .lt(before.at)
        .or(preview_tokens::id.lt(PreviewTokenId(before.id)));
    let query = preview_tokens::table
        .filter(preview_tokens::article_id.eq(of))
        .filter(preview_tokens::expires_at.gt(now))
        .filter(preview_tokens::created_at.le(before.at))
        .filter(earlier)
        .order((preview_tokens::created_at.desc(), preview_tokens::id.desc()))
        .limit(rows(limit));
    let found: Vec<Row> = match with {
        Some(key) => {
            let query = query.filter(preview_tokens::api_key_id.eq(key));
            on_backend!(conn, |c| query.select(Row::as_select()).load(c))?
        }
        None => on_backend!(conn, |c| query.select(Row::as_select()).load(c))?,
    };
    Ok(found.into_iter().map(PreviewToken::from).collect())
}

/// Whether one of an article that works shows this revision.
pub fn pins(conn: &mut DbConn, of: ArticleId, revision: i32, now: Timestamp) -> Result<bool> {
    let query = preview_tokens::table
        .filter(preview_tokens::article_id.eq(of))
        .filter(preview_tokens::revision.eq(revision))
        .filter(preview_tokens::expires_at.gt(now));
    Ok(on_backend!(conn, |c| diesel::select(exists(query)).get_result(c))?)
}

/// Takes a token of an article back; false where it has none of this id that works.
pub fn remove(conn: &mut DbConn, of: ArticleId, id: PreviewTokenId, now: Timestamp) -> Result<bool> {
    let token = preview_tokens::table
        .filter(preview_tokens::id.eq(id))
        .filter(preview_tokens::article_id.eq(of))
        .filter(preview_tokens::expires_at.gt(now));
    Ok(on_backend!(conn, |c| diesel::delete(token).execute(c))? > 0)
}

/// Takes back all that were made with a key.
pub fn remove_of_key(conn: &mut DbConn, key: ApiKeyId) -> Result<()> {
    let theirs = preview_tokens::table.filter(preview_tokens::api_key_id.eq(key));
    on_backend!(conn, |c| diesel::delete(theirs).execute(c))?;
    Ok(())
}

/// Forgets some of those that ended at `until` or before; false where no more are left.
pub fn forget(conn: &mut DbConn, until: Timestamp) -> Result<bool> {
    let old = preview_tokens::table.filter(preview_tokens::expires_at.le(until));
    let last = old
        .order(preview_tokens::expires_at)
        .select(preview_tokens::expires_at)
        .offset(AT_ONCE - 1);
    let last: Option<Timestamp> = on_backend!(conn, |c| last.first(c).optional())?;
    let some = preview_tokens::table.filter(preview_tokens::expires_at.le(last.unwrap_or(until)));
    on_backend!(conn, |c| diesel::delete(some).execute(c))?;
    Ok(last.is_some())
}
