//! The index of the words of live articles: an FTS5 table on SQLite, a column with a GIN index on PostgreSQL. Neither makes
//! words of its own, and neither keeps the texts (decision 0019).

mod expression;

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

pub(super) use expression::{Within, fts5, tsquery};

use super::body;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::packed::Document;
use super::schema::{bodies, editions, searched};
use super::types::{Instant, Uid, from_json};
use crate::domain::edition::Summary;
use crate::domain::id::ArticleId;
use crate::domain::search::{IndexEntry, SearchText};
use crate::domain::time::Timestamp;

/// Whether the index was filled. Whoever changes what is made of a text counts the number up, so that the next start makes the
/// index anew.
pub(super) const FILLED: &str = "filled search 2";

/// Articles whose words are made at once when all of them are.
const BATCH: i64 = 200;

diesel::table! {
    /// On SQLite only.
    search_words (rowid) {
        rowid -> BigInt,
        text -> Text,
        stems -> Text,
    }
}

diesel::alias! {
    const NEXT: Alias<Next> = searched as next;
}

/// Has an article be found by these words and no others.
pub fn put(conn: &mut DbConn, entry: &IndexEntry) -> Result<()> {
    let of = searched::table.filter(searched::article_id.eq(entry.article_id));
    let query = of.select((searched::id, searched::published_at));
    let known: Option<(i64, Timestamp)> = on_backend!(conn, |c| query.first(c).optional())?;
    match known {
        Some((row, at)) if at == entry.published_at => replace(conn, row, entry),
        Some(_) => {
            remove(conn, entry.article_id)?;
            insert(conn, entry)
        }
        None => insert(conn, entry),
    }
}

/// Has an article be found no more.
pub fn remove(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let of = searched::table.filter(searched::article_id.eq(article));
    let gone = diesel::delete(of).returning(searched::id);
    let rows: Vec<i64> = on_backend!(conn, |c| gone.load(c))?;
    for row in rows {
        forget_words(conn, row)?;
    }
    Ok(())
}

fn forget_words(conn: &mut DbConn, row: i64) -> Result<()> {
    // On PostgreSQL they are a part of the row.
    if let DbConn::Sqlite(c) = conn {
        diesel::delete(search_words::table.filter(search_words::rowid.eq(row))).execute(c)?;
    }
    Ok(())
}

fn replace(conn: &mut DbConn, row: i64, entry: &IndexEntry) -> Result<()> {
    forget_words(conn, row)?;
    match conn {
        DbConn::Sqlite(c) => {
            let of = searched::table.filter(searched::id.eq(row));
            diesel::update(of).set(searched::top.eq(&entry.top)).execute(c)?;
            add_words(c, row, entry)
        }
        DbConn::Postgres(c) => {
            diesel::sql_query("update searched set top = $1, words = $2::text::tsvector where id = $3")
                .bind::<Text, _>(&entry.top)
                .bind::<Text, _>(expression::tsvector(entry))
                .bind::<BigInt, _>(row)
                .execute(c)?;
            Ok(())
        }
    }
}

/// Adds a row behind those of the same moment. Whoever is faster to take a number has it.
fn insert(conn: &mut DbConn, entry: &IndexEntry) -> Result<()> {
    loop {
        let row = free_row(conn, entry.published_at)?;
        let added = match conn {
            DbConn::Sqlite(c) => {
                let values = (
                    searched::id.eq(row),
                    searched::article_id.eq(entry.article_id),
                    searched::published_at.eq(entry.published_at),
                    searched::top.eq(&entry.top),
                );
                diesel::insert_into(searched::table).values(values).execute(c)?
            }
            DbConn::Postgres(c) => diesel::sql_query(
                "insert into searched (id, article_id, published_at, top, words)
                 values ($1, $2, $3, $4, $5::text::tsvector) on conflict (id) do nothing",
            )
            .bind::<BigInt, _>(row)
            .bind::<Uid, _>(entry.article_id)
            .bind::<Instant, _>(entry.published_at)
            .bind::<Text, _>(&entry.top)
            .bind::<Text, _>(expression::tsvector(entry))
            .execute(c)?,
        };
        if added > 0 {
            forget_words(conn, row)?;
            return match conn {
                DbConn::Sqlite(c) => add_words(c, row, entry),
                DbConn::Postgres(_) => Ok(()),
            };
        }
    }
}

fn add_words(conn: &mut SqliteConnection, row: i64, entry: &IndexEntry) -> Result<()> {
    let values = (
        search_words::rowid.eq(row),
        search_words::text.eq(expression::in_order(entry)),
        search_words::stems.eq(expression::beside(entry)),
    );
    diesel::insert_into(search_words::table).values(values).execute(conn)?;
    Ok(())
}

/// The first row of this moment.
pub(super) fn first_row(at: Timestamp) -> i64 {
    at.micros().div_euclid(1000)
}

/// The first number from that of the moment on that no article has.
fn free_row(conn: &mut DbConn, at: Timestamp) -> Result<i64> {
    let first = first_row(at);
    let taken = diesel::select(exists(searched::table.filter(searched::id.eq(first))));
    let taken: bool = on_backend!(conn, |c| taken.get_result(c))?;
    if !taken {
        return Ok(first);
    }
    let followed = exists(NEXT.filter(NEXT.field(searched::id).eq(searched::id + 1)));
    let query = searched::table
        .filter(searched::id.ge(first))
        .filter(not(followed))
        .order(searched::id)
        .select(searched::id + 1);
    Ok(on_backend!(conn, |c| query.first(c))?)
}

/// Makes the index of all live articles anew, in one transaction: somebody may be searching meanwhile.
pub(super) fn fill(conn: &mut DbConn) -> Result<()> {
    on_backend!(conn, |c| diesel::delete(searched::table).execute(c))?;
    if let DbConn::Sqlite(c) = conn {
        diesel::sql_query("insert into search_words (search_words) values ('delete-all')").execute(c)?;
    }
    let mut after: Option<(Timestamp, ArticleId)> = None;
    loop {
        let found: Vec<(Document, Document, String)> = on_backend!(conn, |c| {
            let mut query = editions::table
                .left_join(body::of_editions!())
                .filter(editions::live_until.is_null())
                .into_boxed::<Db>();
            if let Some((at, id)) = after {
                let later = editions::published_at.gt(at).or(editions::article_id.gt(id));
                query = query.filter(editions::published_at.ge(at)).filter(later);
            }
            query
                .order((editions::published_at, editions::article_id))
                .limit(BATCH)
                .select((
                    editions::summary,
                    bodies::body.nullable().assume_not_null(),
                    editions::media,
                ))
                .load(c)
        })?;
        if found.is_empty() {
            return Ok(());
        }
        for (summary, body, media) in &found {
            let summary: Summary = from_json(summary)?;
            let media: Vec<_> = from_json(media)?;
            let text = SearchText::new(&summary, body, &media).map_err(super::StoreError::broken)?;
            insert(conn, &IndexEntry::new(&summary, &text))?;
            after = Some((summary.published_at, summary.id));
        }
    }
}
