//! What readers find by its words.

use std::collections::HashMap;

use diesel::prelude::*;

use super::live;
use super::matching::Matching;
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

/// Rows of one moment have the numbers behind it; never so many that they reach into the next day.
const A_DAY: i64 = 86_400_000;

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
    let words = match &conn.0 {
        DbConn::Sqlite(_) => fts5(query, &marks, within),
        DbConn::Postgres(_) => tsquery(query, &marks, within),
    };
    let after = filter.published_after.unwrap_or(Timestamp::FIRST);
    let until = filter.published_before.unwrap_or(Timestamp::LAST);
    let newest = first_row(until).saturating_add(A_DAY);
    let matching = Matching {
        words,
        before: before.unwrap_or(newest).min(newest),
        first: first_row(after),
        after,
        until,
        limit: rows(limit),
    };
    let found: Vec<(i64, ArticleId, Timestamp, String)> = on_backend!(&mut conn.0, |c| matching.load(c))?;
    let candidate = |(row, article_id, published_at, top)| Candidate {
        row,
        article_id,
        published_at,
        top,
    };
    Ok(found.into_iter().map(candidate).collect())
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
