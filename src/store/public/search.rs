//! What readers find by its words.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::live;
use crate::domain::article::ArticleKind;
use crate::domain::id::{ArticleId, EditionId, SectionId, TagId};
use crate::domain::search::{Candidate, SearchFilter, SearchQuery};
use crate::domain::tag::Tag;
use crate::domain::time::{Moment, Timestamp};
use crate::store::TaxonRows as _;
use crate::store::among::Among as _;
use crate::store::article::rows;
use crate::store::conn::{DbConn, PublicConn, on_backend};
use crate::store::error::Result;
use crate::store::schema::{edition_tags, editions};
use crate::store::search::{Within, first_row, fts5, tsquery};
use crate::store::types::{Instant, Uid};

/// Rows of one moment have the numbers behind it; never so many that they reach into the next day.
const A_DAY: i64 = 86_400_000;

/// The virtual table leads: it tells its rows from the newest on, one after the other, so that nothing is sorted and as much is
/// read as is told.
const ON_SQLITE: &str = "
    select s.id, s.article_id, s.published_at, s.top
    from search_words w cross join searched s on s.id = w.rowid
    where w.search_words match ? and w.rowid < ? and w.rowid >= ? and s.published_at > ? and s.published_at < ?
    order by w.rowid desc limit ?";

/// The planner cannot tell a word that it has no figures of from one that most stories have, nor what it costs to read the words of a
/// row; where it errs, it reads all of them. So it is left no choice: the newest 700 rows are read, and how many of
/// them have the words tells how to find the rest: one row after the other where 2 % have them (`offset 0` keeps the index out),
/// and by the index where fewer do (`+ 0` keeps the key out).
const ON_POSTGRES: &str = "
    with newest as materialized (
        select s.id, s.article_id, s.published_at, s.top, s.words @@ $1::text::tsquery as found
        from searched s
        where s.id < $2 and s.id >= $3 and s.published_at > $4 and s.published_at < $5
        order by s.id desc limit 700
    ), seen as (select count(*) filter (where found) as many, min(id) as last from newest)
    select id, article_id, published_at, top from newest where found
    union all (
        select s.id, s.article_id, s.published_at, s.top
        from (select * from searched where id < (select last from seen) order by id desc offset 0) s
        where (select many from seen) >= 14 and (select many from seen) < $6
            and s.words @@ $1::text::tsquery and s.id >= $3 and s.published_at > $4 and s.published_at < $5
        limit $6
    )
    union all (
        select s.id, s.article_id, s.published_at, s.top
        from searched s
        where (select many from seen) < 14 and s.words @@ $1::text::tsquery
            and s.id + 0 < (select last from seen) and s.id + 0 >= $3 and s.published_at > $4 and s.published_at < $5
        order by s.id + 0 desc limit $6
    )
    order by id desc limit $6";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Uid)]
    article_id: ArticleId,
    #[diesel(sql_type = Instant)]
    published_at: Timestamp,
    #[diesel(sql_type = Text)]
    top: String,
}

impl From<Row> for Candidate {
    fn from(row: Row) -> Self {
        Self {
            row: row.id,
            article_id: row.article_id,
            published_at: row.published_at,
            top: row.top,
        }
    }
}

/// What is counted of an article that was found.
#[derive(Debug, Clone)]
pub struct Counted {
    pub kind: ArticleKind,
    pub section: Option<SectionId>,
    pub tags: Vec<TagId>,
}

/// The newest articles that have what is looked for, at most `limit` of those before a row.
pub fn matches(
    conn: &mut PublicConn,
    query: &SearchQuery,
    filter: &SearchFilter,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Candidate>> {
    found(conn, query, filter, Within::Everything, before, limit)
}

/// Those of them that have it in the headline.
pub fn headline_matches(
    conn: &mut PublicConn,
    query: &SearchQuery,
    filter: &SearchFilter,
    limit: usize,
) -> Result<Vec<Candidate>> {
    found(conn, query, filter, Within::Headline, None, limit)
}

fn found(
    conn: &mut PublicConn,
    query: &SearchQuery,
    filter: &SearchFilter,
    within: Within,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Candidate>> {
    let marks = filter.marks();
    let (text, words) = match &conn.0 {
        DbConn::Sqlite(_) => (ON_SQLITE, fts5(query, &marks, within)),
        DbConn::Postgres(_) => (ON_POSTGRES, tsquery(query, &marks, within)),
    };
    let (after, until) = (
        filter.published_after.unwrap_or(Timestamp::FIRST),
        filter.published_before.unwrap_or(Timestamp::LAST),
    );
    let newest = first_row(until).saturating_add(A_DAY);
    let query = diesel::sql_query(text)
        .bind::<Text, _>(words)
        .bind::<BigInt, _>(before.unwrap_or(newest).min(newest))
        .bind::<BigInt, _>(first_row(after))
        .bind::<Instant, _>(after)
        .bind::<Instant, _>(until)
        .bind::<BigInt, _>(rows(limit));
    let found: Vec<Row> = on_backend!(&mut conn.0, |c| query.load(c))?;
    Ok(found.into_iter().map(Candidate::from).collect())
}

/// What is counted of these articles.
pub fn counted(conn: &mut PublicConn, articles: &[ArticleId]) -> Result<Vec<Counted>> {
    let query = editions::table
        .filter(live(Moment::Now))
        .filter(editions::article_id.among(articles))
        .select((editions::id, editions::kind, editions::section_id));
    let rows: Vec<(EditionId, ArticleKind, Option<SectionId>)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let ids: Vec<EditionId> = rows.iter().map(|(id, ..)| *id).collect();
    let tagged = edition_tags::table.filter(edition_tags::edition_id.among(&ids));
    let mut tags: HashMap<EditionId, Vec<TagId>> = HashMap::new();
    for (edition, tag) in on_backend!(&mut conn.0, |c| tagged.load::<(EditionId, TagId)>(c))? {
        tags.entry(edition).or_default().push(tag);
    }
    let counted = rows.into_iter().map(|(id, kind, section)| Counted {
        kind,
        section,
        tags: tags.remove(&id).unwrap_or_default(),
    });
    Ok(counted.collect())
}

/// Those of the ids that there are.
pub fn tags_by_id(conn: &mut PublicConn, ids: &[TagId]) -> Result<Vec<Tag>> {
    Tag::by_ids(&mut conn.0, ids)
}
