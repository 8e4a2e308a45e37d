//! The terms of live articles, by which similar ones are found.

use diesel::prelude::*;

use super::article::rows;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::Result;
use super::schema::{article_terms, edition_tags, editions};
use crate::domain::id::{ArticleId, TagId};
use crate::domain::locale::Locale;
use crate::domain::terms::{Term, Words, terms};

/// What a weight of 1 is in the column.
const WHOLE: f64 = 1000.0;
/// Articles whose terms are made at once when all of them are.
const BATCH: i64 = 200;

/// Has an article be found by these terms and no others.
pub fn put(conn: &mut DbConn, article: ArticleId, terms: &[Term]) -> Result<()> {
    remove(conn, article)?;
    let mut rows = Vec::with_capacity(terms.len());
    for term in terms {
        rows.push((
            article_terms::term.eq(&term.word),
            article_terms::article_id.eq(article),
            article_terms::weight.eq(thousandths(term.weight)),
        ));
    }
    insert_rows!(conn, article_terms::table, rows)
}

#[expect(clippy::cast_possible_truncation, reason = "a weight is from 0 to 1")]
fn thousandths(weight: f64) -> i32 {
    (weight * WHOLE).round() as i32
}

/// Has an article be found no more.
pub fn remove(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let row = article_terms::table.filter(article_terms::article_id.eq(article));
    on_backend!(conn, |c| diesel::delete(row).execute(c))?;
    Ok(())
}

/// The live articles that have a term, each with its weight there; at most `limit`.
pub fn having(conn: &mut DbConn, term: &str, limit: usize) -> Result<Vec<(ArticleId, f64)>> {
    let query = article_terms::table
        .filter(article_terms::term.eq(term))
        .order(article_terms::article_id.desc())
        .limit(rows(limit))
        .select((article_terms::article_id, article_terms::weight));
    let found: Vec<(ArticleId, i32)> = on_backend!(conn, |c| query.load(c))?;
    let weighed = found.into_iter().map(|(id, weight)| (id, f64::from(weight) / WHOLE));
    Ok(weighed.collect())
}

/// Live articles that have a tag, at most `limit`.
pub fn tagged(conn: &mut DbConn, tag: TagId, limit: usize) -> Result<Vec<ArticleId>> {
    let query = edition_tags::table
        .inner_join(editions::table.on(editions::id.eq(edition_tags::edition_id)))
        .filter(edition_tags::tag_id.eq(tag))
        .filter(editions::live_until.is_null())
        .limit(rows(limit))
        .select(editions::article_id);
    Ok(on_backend!(conn, |c| query.load(c))?)
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::Uid;

    /// The texts that were searched when there were no terms yet.
    search_texts (article_id) {
        article_id -> Uid,
        locale -> Text,
        headline -> Text,
        deck -> Text,
        body -> Text,
    }
}

/// Makes the terms of all live articles, from the texts that are searched. For the migration that brought them; it must go on
/// reading those columns only that were there then.
pub(super) fn fill(conn: &mut DbConn) -> Result<()> {
    let mut after = ArticleId(uuid::Uuid::nil());
    loop {
        let query = search_texts::table
            .filter(search_texts::article_id.gt(after))
            .order(search_texts::article_id)
            .limit(BATCH)
            .select((
                search_texts::article_id,
                search_texts::locale,
                search_texts::headline,
                search_texts::deck,
                search_texts::body,
            ));
        let found: Vec<(ArticleId, Locale, String, String, String)> = on_backend!(conn, |c| query.load(c))?;
        let Some((last, ..)) = found.last() else {
            return Ok(());
        };
        after = *last;
        for (article, locale, headline, deck, body) in &found {
            let words = Words {
                locale,
                headline,
                deck,
                body,
            };
            put(conn, *article, &terms(words))?;
        }
    }
}
