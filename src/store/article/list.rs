//! Lists of working copies, the last changed first.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::conn::{DbConn, on_backend};
use super::super::error::Result;
use super::super::related;
use super::super::schema::{article_contributors, article_tags, articles};
use super::row::{ArticleRow, CreditRow, TagRow};
use super::rows;
use crate::domain::article::{Article, ArticleKind};
use crate::domain::byline::Credit;
use crate::domain::id::{ArticleId, ContributorId, SectionId, TagId, UserId};
use crate::domain::locale::Locale;
use crate::domain::page::ByTime;
use crate::domain::workflow::Status;

/// Which working copies. An empty list leaves that side open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    pub statuses: Vec<Status>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    pub sections: Vec<SectionId>,
    pub tags: Vec<TagId>,
    pub contributors: Vec<ContributorId>,
    pub created_by: Vec<UserId>,
    /// False hides the trash, true shows nothing else.
    pub trashed: bool,
}

/// A boxed query for what the filter lets through.
macro_rules! filtered {
    ($filter:expr) => {{
        let filter: &ArticleFilter = $filter;
        let mut query = articles::table.into_boxed::<Db>();
        if !filter.statuses.is_empty() {
            query = query.filter(articles::status.eq_any(&filter.statuses));
        }
        if !filter.kinds.is_empty() {
            query = query.filter(articles::kind.eq_any(&filter.kinds));
        }
        if !filter.locales.is_empty() {
            query = query.filter(articles::locale.eq_any(&filter.locales));
        }
        if !filter.sections.is_empty() {
            query = query.filter(articles::section_id.eq_any(&filter.sections));
        }
        if !filter.tags.is_empty() {
            let tagged = article_tags::table
                .filter(article_tags::tag_id.eq_any(&filter.tags))
                .select(article_tags::article_id);
            query = query.filter(articles::id.eq_any(tagged));
        }
        if !filter.contributors.is_empty() {
            let credited = article_contributors::table
                .filter(article_contributors::contributor_id.eq_any(&filter.contributors))
                .select(article_contributors::article_id);
            query = query.filter(articles::id.eq_any(credited));
        }
        if !filter.created_by.is_empty() {
            query = query.filter(articles::created_by.eq_any(&filter.created_by));
        }
        if filter.trashed {
            query.filter(articles::deleted_at.is_not_null())
        } else {
            query.filter(articles::deleted_at.is_null())
        }
    }};
}

/// What stands for the body of an article in a list.
const NO_BODY: &str = "[]";

/// A page, the last changed first, without the bodies; four statements whatever its size.
pub fn list(conn: &mut DbConn, filter: &ArticleFilter, after: Option<ByTime>, limit: usize) -> Result<Vec<Article>> {
    let found = on_backend!(conn, |c| {
        let mut query = filtered!(filter);
        if let Some(ByTime { at, id }) = after {
            // The first condition repeats the second's bound in a form that an index can be entered by.
            let later = articles::updated_at.lt(at).or(articles::id.lt(ArticleId(id)));
            query = query.filter(articles::updated_at.le(at)).filter(later);
        }
        query
            .order((articles::updated_at.desc(), articles::id.desc()))
            .limit(rows(limit))
            .select(ArticleRow::as_select())
            .load(c)
    })?;
    without_bodies(conn, found)
}

pub fn count(conn: &mut DbConn, filter: &ArticleFilter) -> Result<i64> {
    Ok(on_backend!(conn, |c| filtered!(filter).count().get_result(c))?)
}

/// Gives rows their bylines and tags, and leaves their bodies empty.
pub(super) fn without_bodies(conn: &mut DbConn, found: Vec<ArticleRow>) -> Result<Vec<Article>> {
    let found = found.into_iter().map(|row| (row, NO_BODY.to_owned()));
    whole(conn, found.collect())
}

/// Gives rows their bodies, bylines, tags and related links, in one statement for all of each sort.
pub(super) fn whole(conn: &mut DbConn, found: Vec<(ArticleRow, String)>) -> Result<Vec<Article>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ArticleId> = found.iter().map(|(row, _)| row.id).collect();
    let query = article_contributors::table
        .filter(article_contributors::article_id.eq_any(&ids))
        .order((article_contributors::article_id, article_contributors::position));
    let mut credits: HashMap<ArticleId, Vec<Credit>> = HashMap::new();
    for row in on_backend!(conn, |c| query.select(CreditRow::as_select()).load::<CreditRow>(c))? {
        credits.entry(row.article_id).or_default().push(row.credit());
    }
    let query = article_tags::table
        .filter(article_tags::article_id.eq_any(&ids))
        .order((article_tags::article_id, article_tags::position));
    let mut tags: HashMap<ArticleId, Vec<TagId>> = HashMap::new();
    for row in on_backend!(conn, |c| query.select(TagRow::as_select()).load::<TagRow>(c))? {
        tags.entry(row.article_id).or_default().push(row.tag_id);
    }
    let mut links = related::of(conn, &ids)?;
    found
        .into_iter()
        .map(|(row, body)| {
            let links = links.remove(&row.id).unwrap_or_default();
            let credits = credits.remove(&row.id).unwrap_or_default();
            let tags = tags.remove(&row.id).unwrap_or_default();
            row.with(&body, credits, tags, links)
        })
        .collect()
}
