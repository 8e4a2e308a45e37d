//! The blocks of articles. A working copy, its revisions and its editions mostly have the same, which is kept once (decision 0021).

use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::packed::Document;
use super::schema::{articles, bodies, editions, revisions};
use crate::domain::id::{ArticleId, EditionId};

/// The number of an article's first body.
pub(super) const FIRST: i32 = 1;

/// Has an article have these blocks; the number that they are kept under.
pub(super) fn keep(conn: &mut DbConn, article: ArticleId, text: &str) -> Result<i32> {
    let bytes = i32::try_from(text.len()).map_err(StoreError::broken)?;
    // Few are of the same length and not the same.
    let query = bodies::table
        .filter(bodies::article_id.eq(article))
        .filter(bodies::bytes.eq(bytes))
        .order(bodies::number.desc())
        .select((bodies::number, bodies::body));
    let alike: Vec<(i32, Document)> = on_backend!(conn, |c| query.load(c))?;
    if let Some((number, _)) = alike.iter().find(|(_, known)| **known == *text) {
        return Ok(*number);
    }
    let query = bodies::table
        .filter(bodies::article_id.eq(article))
        .select(max(bodies::number));
    let last: Option<i32> = on_backend!(conn, |c| query.first(c))?;
    let number = last.map_or(FIRST, |last| last + 1);
    let row = (
        bodies::article_id.eq(article),
        bodies::number.eq(number),
        bodies::bytes.eq(bytes),
        bodies::body.eq(Document(text.to_owned())),
    );
    on_backend!(conn, |c| diesel::insert_into(bodies::table).values(row).execute(c))?;
    Ok(number)
}

/// The blocks under a number.
pub(super) fn text(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<Document> {
    let query = bodies::table.find((article, number)).select(bodies::body);
    Ok(on_backend!(conn, |c| query.first(c))?)
}

/// The join of editions with their blocks.
macro_rules! of_editions {
    () => {{
        use $crate::store::schema::{bodies, editions};
        let same = bodies::article_id.eq(editions::article_id);
        bodies::table.on(same.and(bodies::number.eq(editions::body_number)))
    }};
}
pub(super) use of_editions;

/// Forgets the blocks of an article that nothing has any more.
pub(super) fn sweep(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let working = articles::table
        .filter(articles::id.eq(article))
        .select(articles::body_number);
    let kept = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::body_number.is_not_null())
        .select(revisions::body_number.assume_not_null());
    let shown = editions::table
        .filter(editions::article_id.eq(article))
        .select(editions::body_number);
    let left = bodies::table
        .filter(bodies::article_id.eq(article))
        .filter(bodies::number.ne_all(working))
        .filter(bodies::number.ne_all(kept))
        .filter(bodies::number.ne_all(shown));
    on_backend!(conn, |c| diesel::delete(left).execute(c))?;
    Ok(())
}

/// Writes what was written before there was packing as it is written now. On PostgreSQL that is what it is already.
pub(super) fn pack(conn: &mut DbConn) -> Result<()> {
    let DbConn::Sqlite(c) = conn else {
        return Ok(());
    };
    let rows: Vec<(ArticleId, i32)> = bodies::table.select((bodies::article_id, bodies::number)).load(c)?;
    for key in rows {
        let row = bodies::table.find(key);
        let body: Document = row.select(bodies::body).first(c)?;
        diesel::update(row).set(bodies::body.eq(body)).execute(c)?;
    }
    let rows: Vec<EditionId> = editions::table.select(editions::id).load(c)?;
    for id in rows {
        let row = editions::table.find(id);
        let summary: Document = row.select(editions::summary).first(c)?;
        diesel::update(row).set(editions::summary.eq(summary)).execute(c)?;
    }
    Ok(())
}
