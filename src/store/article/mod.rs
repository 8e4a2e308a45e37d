//! Working copies.

mod list;
mod row;
mod translation;
mod uses;

use diesel::dsl::exists;
use diesel::prelude::*;

pub use list::{ArticleFilter, count, list};
pub use translation::{Rival, group_exists, rival, translations};
pub use uses::{naming_contributor, naming_tag, using_contributor, using_section, using_tag};

use super::among::Among as _;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::Result;
use super::media_use::{self, Holder};
use super::packed::Document;
use super::schema::{article_contributors, article_tags, articles, bodies, editions};
use super::types::to_json;
use super::{body, related};
use crate::domain::article::Article;
use crate::domain::id::{ArticleId, ShortId, UserId};
use crate::domain::locale::Locale;
use crate::domain::lock::Lock;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;
use row::{ArticleRow, CreditRow, TagRow};

/// Ids in one statement; SQLite takes 32,766 values at most.
const BATCH: usize = 10_000;

pub fn insert(conn: &mut DbConn, article: &Article) -> Result<()> {
    let row = ArticleRow::of(article)?;
    let number = articles::body_number.eq(body::FIRST);
    on_backend!(conn, |c| diesel::insert_into(articles::table)
        .values((&row, number))
        .execute(c))?;
    body::begin(conn, article.id, &to_json(&article.content.body)?)?;
    insert_lists(conn, article)
}

/// Writes the working copy if it still has the revision that the change was based on; false when it has moved on. What is in it is
/// written only where it is another, as it is not when an article only goes live.
pub fn update(conn: &mut DbConn, before: &Article, article: &Article) -> Result<bool> {
    let row = ArticleRow::of(article)?;
    let is_same = before.content == article.content;
    let number = if is_same {
        None
    } else {
        Some(body::keep(conn, article.id, &to_json(&article.content.body)?)?)
    };
    let target = articles::table
        .filter(articles::id.eq(article.id))
        .filter(articles::revision.eq(before.revision));
    // No number is no change.
    let number = number.map(|number| articles::body_number.eq(number));
    if on_backend!(conn, |c| diesel::update(target).set((&row, number)).execute(c))? == 0 {
        return Ok(false);
    }
    if is_same {
        return Ok(true);
    }
    let before = article_contributors::table.filter(article_contributors::article_id.eq(article.id));
    on_backend!(conn, |c| diesel::delete(before).execute(c))?;
    let before = article_tags::table.filter(article_tags::article_id.eq(article.id));
    on_backend!(conn, |c| diesel::delete(before).execute(c))?;
    insert_lists(conn, article)?;
    Ok(true)
}

/// The byline, the tags and the related links, and what media it shows.
fn insert_lists(conn: &mut DbConn, article: &Article) -> Result<()> {
    insert_rows!(conn, article_contributors::table, CreditRow::all_of(article)?)?;
    insert_rows!(conn, article_tags::table, TagRow::all_of(article)?)?;
    let shown: Vec<_> = article.content.media().iter().map(|place| place.media_id).collect();
    media_use::replace(conn, Holder::Article(article.id), &shown)?;
    related::replace(conn, article)
}

/// Writes down who is at an article, and nothing else of it.
pub fn set_lock(conn: &mut DbConn, id: ArticleId, lock: Lock) -> Result<()> {
    let change = (
        articles::locked_by.eq(lock.locked_by),
        articles::locked_at.eq(lock.locked_at),
        articles::lock_expires_at.eq(lock.expires_at),
    );
    let target = articles::table.filter(articles::id.eq(id));
    on_backend!(conn, |c| diesel::update(target).set(change).execute(c))?;
    Ok(())
}

/// Deletes an article for good, with all its pages. Links to it must have been buried.
pub fn delete(conn: &mut DbConn, id: ArticleId) -> Result<()> {
    // The rest of what belongs to it goes with these.
    on_backend!(conn, |c| {
        diesel::delete(editions::table.filter(editions::article_id.eq(id))).execute(c)?;
        diesel::delete(articles::table.filter(articles::id.eq(id))).execute(c)
    })?;
    Ok(())
}

pub fn by_id(conn: &mut DbConn, id: ArticleId) -> Result<Option<Article>> {
    let its = bodies::article_id
        .eq(articles::id)
        .and(bodies::number.eq(articles::body_number));
    let query = articles::table
        .left_join(bodies::table.on(its))
        .filter(articles::id.eq(id));
    let row = on_backend!(conn, |c| query
        .select((ArticleRow::as_select(), bodies::body.nullable().assume_not_null()))
        .first(c)
        .optional())?;
    whole(conn, row)
}

/// The same, and nobody else changes the article until the transaction ends. (On SQLite nobody could anyway.) Others may
/// still begin to refer to it: two articles that begin to link to each other must not wait for each other.
pub fn for_update(conn: &mut DbConn, id: ArticleId) -> Result<Option<Article>> {
    let query = articles::table.filter(articles::id.eq(id));
    let DbConn::Postgres(c) = conn else {
        return by_id(conn, id);
    };
    let row = query
        .select((ArticleRow::as_select(), articles::body_number))
        .for_no_key_update()
        .first(c)
        .optional()?;
    held(conn, row)
}

/// The same, unless somebody else holds the article.
pub fn free_for_update(conn: &mut DbConn, id: ArticleId) -> Result<Option<Article>> {
    let query = articles::table.filter(articles::id.eq(id));
    let DbConn::Postgres(c) = conn else {
        return by_id(conn, id);
    };
    let row = query
        .select((ArticleRow::as_select(), articles::body_number))
        .for_no_key_update()
        .skip_locked()
        .first(c)
        .optional()?;
    held(conn, row)
}

/// The body is read when the row is held, and not with it: of what another has written while this waited for the row, a statement that
/// was begun before sees that row alone. While it is held, nobody takes its body away.
fn held(conn: &mut DbConn, row: Option<(ArticleRow, i32)>) -> Result<Option<Article>> {
    let Some((row, number)) = row else {
        return Ok(None);
    };
    let body = body::text(conn, row.id, number)?;
    whole(conn, Some((row, body)))
}

fn whole(conn: &mut DbConn, row: Option<(ArticleRow, Document)>) -> Result<Option<Article>> {
    let row = row.map(|(row, body)| (row, body.0));
    let articles = list::whole(conn, row.into_iter().collect())?;
    Ok(articles.into_iter().next())
}

/// Whether another article has the slug in this locale, in its working copy (in the trash too) or where readers see it.
pub fn slug_taken(conn: &mut DbConn, locale: &Locale, slug: &Slug, except: Option<ArticleId>) -> Result<bool> {
    // The nil id is nobody's.
    let except = except.unwrap_or(ArticleId(uuid::Uuid::nil()));
    let working = articles::table
        .filter(articles::locale.eq(locale))
        .filter(articles::slug.eq(slug))
        .filter(articles::id.ne(except));
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::locale.eq(locale))
        .filter(editions::slug.eq(slug))
        .filter(editions::article_id.ne(except));
    let taken = diesel::select(exists(working).or(exists(live)));
    Ok(on_backend!(conn, |c| taken.get_result(c))?)
}

/// Which of these articles there are, in the trash too. With `own_of`, only those that are live or that this user made.
pub fn existing(conn: &mut DbConn, ids: &[ArticleId], own_of: Option<UserId>) -> Result<Vec<ArticleId>> {
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        found.extend(on_backend!(conn, |c| {
            let mut query = articles::table.filter(articles::id.among(batch)).into_boxed::<Db>();
            if let Some(user) = own_of {
                let known = articles::created_by.eq(user).or(articles::live_revision.is_not_null());
                query = query.filter(known);
            }
            query.select(articles::id).load::<ArticleId>(c)
        })?);
    }
    Ok(found)
}

/// Which articles have these short ids. With `own_of`, only those that are live or that this user made.
pub fn by_short_ids(
    conn: &mut DbConn,
    short_ids: &[ShortId],
    own_of: Option<UserId>,
) -> Result<Vec<(ShortId, ArticleId)>> {
    let mut found = Vec::with_capacity(short_ids.len());
    for batch in short_ids.chunks(BATCH) {
        found.extend(on_backend!(conn, |c| {
            let mut query = articles::table
                .filter(articles::short_id.among(batch))
                .into_boxed::<Db>();
            if let Some(user) = own_of {
                let known = articles::created_by.eq(user).or(articles::live_revision.is_not_null());
                query = query.filter(known);
            }
            query
                .select((articles::short_id, articles::id))
                .load::<(ShortId, ArticleId)>(c)
        })?);
    }
    Ok(found)
}

/// Articles that were put in the trash before a moment.
pub fn trashed_before(conn: &mut DbConn, before: Timestamp, limit: usize) -> Result<Vec<ArticleId>> {
    let query = articles::table
        .filter(articles::deleted_at.lt(before))
        .order((articles::deleted_at, articles::id))
        .limit(rows(limit))
        .select(articles::id);
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// Whether there is any article, in the trash too.
pub fn any(conn: &mut DbConn) -> Result<bool> {
    let query = diesel::select(exists(articles::table.select(articles::id)));
    Ok(on_backend!(conn, |c| query.get_result(c))?)
}

/// A limit as SQL counts.
pub(in crate::store) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
