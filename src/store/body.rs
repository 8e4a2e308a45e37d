//! The blocks of articles. A working copy, its revisions and its editions mostly have the same, which is kept once (decision 0021).

use diesel::dsl::{exists, max, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use uuid::Uuid;

use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::migrate::Portion;
use super::packed::Document;
use super::schema::{articles, bodies, editions, revisions};
use crate::domain::id::ArticleId;

/// The number of an article's first body.
pub(super) const FIRST: i32 = 1;
/// The newest bodies of an article among which one that is equal is looked for. Older ones may be written once more: whoever saves
/// a thousand times does not read a thousand bodies.
const ALIKE: i32 = 64;
/// Rows that are packed in one transaction.
const PORTION: i64 = 500;

/// Writes the first blocks of a new article.
pub(super) fn begin(conn: &mut DbConn, article: ArticleId, text: &str) -> Result<()> {
    insert(conn, article, FIRST, text)
}

/// Has an article have these blocks; the number that they are kept under.
pub(super) fn keep(conn: &mut DbConn, article: ArticleId, text: &str) -> Result<i32> {
    let query = bodies::table
        .filter(bodies::article_id.eq(article))
        .select(max(bodies::number));
    let last: Option<i32> = on_backend!(conn, |c| query.first(c))?;
    let last = last.unwrap_or(FIRST - 1);
    // Few are of the same length and not the same.
    let query = bodies::table
        .filter(bodies::article_id.eq(article))
        .filter(bodies::number.gt(last - ALIKE))
        .filter(bodies::bytes.eq(bytes(text)?))
        .order(bodies::number.desc())
        .select((bodies::number, bodies::body));
    let alike: Vec<(i32, Document)> = on_backend!(conn, |c| query.load(c))?;
    if let Some((number, _)) = alike.iter().find(|(_, known)| **known == *text) {
        return Ok(*number);
    }
    insert(conn, article, last + 1, text)?;
    Ok(last + 1)
}

fn insert(conn: &mut DbConn, article: ArticleId, number: i32, text: &str) -> Result<()> {
    let row = (
        bodies::article_id.eq(article),
        bodies::number.eq(number),
        bodies::bytes.eq(bytes(text)?),
        bodies::body.eq(Document(text.to_owned())),
    );
    on_backend!(conn, |c| diesel::insert_into(bodies::table).values(row).execute(c))?;
    Ok(())
}

fn bytes(text: &str) -> Result<i32> {
    i32::try_from(text.len()).map_err(StoreError::broken)
}

/// The blocks under a number.
pub(super) fn text(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<Document> {
    let query = bodies::table.find((article, number)).select(bodies::body);
    Ok(on_backend!(conn, |c| query.first(c))?)
}

/// The join of editions with their blocks. It is a left one: an edition whose blocks are missing is a fault, and not an edition less.
macro_rules! of_editions {
    () => {{
        use $crate::store::schema::{bodies, editions};
        let same = bodies::article_id.eq(editions::article_id);
        bodies::table.on(same.and(bodies::number.eq(editions::body_number)))
    }};
}
pub(super) use of_editions;

/// Forgets the blocks under a number, if nothing has them any more.
pub(super) fn sweep(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<()> {
    let working = articles::table
        .filter(articles::id.eq(article))
        .filter(articles::body_number.eq(number));
    let kept = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::body_number.eq(number));
    let shown = editions::table
        .filter(editions::article_id.eq(article))
        .filter(editions::body_number.eq(number));
    let left = bodies::table
        .filter(bodies::article_id.eq(article))
        .filter(bodies::number.eq(number))
        .filter(not(exists(working)))
        .filter(not(exists(kept)))
        .filter(not(exists(shown)));
    on_backend!(conn, |c| diesel::delete(left).execute(c))?;
    Ok(())
}

#[derive(QueryableByName)]
struct Without {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Refuses a database in which something is without its blocks. For the migration that moved them; it must go on reading those columns
/// only that were there then.
pub(super) fn check(conn: &mut DbConn) -> Result<()> {
    for (table, article) in [("articles", "id"), ("editions", "article_id")] {
        let statement = format!(
            "select count(*) as count from {table} as t
             where not exists (select 1 from bodies as b where b.article_id = t.{article} and b.number = t.body_number)"
        );
        let without: Without = on_backend!(conn, |c| diesel::sql_query(&statement).get_result(c))?;
        if without.count > 0 {
            return Err(StoreError::broken(format!(
                "{} of the {table} would be without their blocks",
                without.count
            )));
        }
    }
    Ok(())
}

/// Writes bodies from before there was packing as they are written now. On PostgreSQL that is what they are already.
pub(super) fn pack() -> Portion {
    let mut after = (ArticleId(Uuid::nil()), i32::MIN);
    Box::new(move |conn| {
        let DbConn::Sqlite(c) = conn else {
            return Ok(false);
        };
        let rows: Vec<(ArticleId, i32, Document)> = bodies::table
            .filter(bodies::article_id.ge(after.0))
            .filter(bodies::article_id.gt(after.0).or(bodies::number.gt(after.1)))
            .filter(sql::<Bool>("typeof(body) = 'text'"))
            .order((bodies::article_id, bodies::number))
            .limit(PORTION)
            .select((bodies::article_id, bodies::number, bodies::body))
            .load(c)?;
        let Some((article, number, _)) = rows.last() else {
            return Ok(false);
        };
        after = (*article, *number);
        for (article, number, body) in rows {
            let row = bodies::table.find((article, number));
            diesel::update(row).set(bodies::body.eq(body)).execute(c)?;
        }
        Ok(true)
    })
}
