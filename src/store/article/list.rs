//! Lists of working copies, the last changed first.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::super::among::Among as _;
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

/// From how many articles on those of a tag, or of a contributor, are not gone through one by one and put in order.
const MANY: i64 = 20_000;

/// How articles are found that have something. SQLite goes about a list as it is told to, and there are two ways to be told; PostgreSQL
/// has counted what there is, and goes its own.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    /// Many articles have one of the tags: whoever walks all of them in order soon meets enough. So for `credited`.
    tagged: bool,
    credited: bool,
}

impl Ways {
    fn to(conn: &mut DbConn, filter: &ArticleFilter) -> Result<Self> {
        let DbConn::Sqlite(c) = conn else {
            return Ok(Self::default());
        };
        let tagged = article_tags::table.filter(article_tags::tag_id.eq_any(&filter.tags));
        let tagged = tagged.select(article_tags::article_id).offset(MANY).limit(1);
        let credited =
            article_contributors::table.filter(article_contributors::contributor_id.eq_any(&filter.contributors));
        let credited = credited.select(article_contributors::article_id).offset(MANY).limit(1);
        Ok(Self {
            tagged: !filter.tags.is_empty() && tagged.first::<ArticleId>(c).optional()?.is_some(),
            credited: !filter.contributors.is_empty() && credited.first::<ArticleId>(c).optional()?.is_some(),
        })
    }
}

/// Has a column be one of some values, if there are any. A single one is compared: only then is what an index has of it in order for
/// PostgreSQL.
macro_rules! one_of {
    ($query:ident, $column:path, $values:expr) => {
        $query = match $values.as_slice() {
            [] => $query,
            [only] => $query.filter($column.eq(only)),
            several => $query.filter($column.eq_any(several)),
        }
    };
}

/// A boxed query for what the filter lets through.
macro_rules! filtered {
    ($filter:expr, $ways:expr) => {{
        let filter: &ArticleFilter = $filter;
        let ways: Ways = $ways;
        let mut query = articles::table.into_boxed::<Db>();
        one_of!(query, articles::status, filter.statuses);
        one_of!(query, articles::kind, filter.kinds);
        one_of!(query, articles::locale, filter.locales);
        one_of!(query, articles::section_id, filter.sections);
        one_of!(query, articles::created_by, filter.created_by);
        if !filter.tags.is_empty() {
            let tagged = article_tags::table.filter(article_tags::tag_id.eq_any(&filter.tags));
            query = if ways.tagged {
                query.filter(exists(tagged.filter(article_tags::article_id.eq(articles::id))))
            } else {
                query.filter(articles::id.eq_any(tagged.select(article_tags::article_id)))
            };
        }
        if !filter.contributors.is_empty() {
            let named = article_contributors::contributor_id.eq_any(&filter.contributors);
            let credited = article_contributors::table.filter(named);
            query = if ways.credited {
                query.filter(exists(
                    credited.filter(article_contributors::article_id.eq(articles::id)),
                ))
            } else {
                query.filter(articles::id.eq_any(credited.select(article_contributors::article_id)))
            };
        }
        if filter.trashed {
            query.filter(articles::deleted_at.is_not_null())
        } else {
            query.filter(articles::deleted_at.is_null())
        }
    }};
}

/// A boxed query for a page of them.
macro_rules! page {
    ($filter:expr, $ways:expr, $after:expr, $limit:expr) => {{
        let mut query = filtered!($filter, $ways);
        if let Some(ByTime { at, id }) = $after {
            // The first condition repeats the second's bound in a form that an index can be entered by.
            let later = articles::updated_at.lt(at).or(articles::id.lt(ArticleId(id)));
            query = query.filter(articles::updated_at.le(at)).filter(later);
        }
        let order = (articles::updated_at.desc(), articles::id.desc());
        query.order(order).limit(rows($limit))
    }};
}

/// What stands for the body of an article in a list.
const NO_BODY: &str = "[]";

/// A page, the last changed first, without the bodies; as many statements whatever its size.
pub fn list(conn: &mut DbConn, filter: &ArticleFilter, after: Option<ByTime>, limit: usize) -> Result<Vec<Article>> {
    let ways = Ways::to(conn, filter)?;
    let found: Vec<ArticleRow> = match conn {
        // Where it has to put many in order, SQLite carries along all that is selected. So it is asked for ids first.
        DbConn::Sqlite(c) => {
            type Db = Sqlite;
            let ids = page!(filter, ways, after, limit).select(articles::id);
            let those = articles::table.filter(articles::id.eq_any(ids));
            let order = (articles::updated_at.desc(), articles::id.desc());
            those.order(order).select(ArticleRow::as_select()).load(c)?
        }
        DbConn::Postgres(c) => {
            type Db = Pg;
            page!(filter, ways, after, limit)
                .select(ArticleRow::as_select())
                .load(c)?
        }
    };
    without_bodies(conn, found)
}

pub fn count(conn: &mut DbConn, filter: &ArticleFilter) -> Result<i64> {
    // Whoever counts goes through all that there are, and best no others.
    let ways = Ways::default();
    Ok(on_backend!(conn, |c| filtered!(filter, ways).count().get_result(c))?)
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
        .filter(article_contributors::article_id.among(&ids))
        .order((article_contributors::article_id, article_contributors::position));
    let mut credits: HashMap<ArticleId, Vec<Credit>> = HashMap::new();
    for row in on_backend!(conn, |c| query.select(CreditRow::as_select()).load::<CreditRow>(c))? {
        credits.entry(row.article_id).or_default().push(row.credit());
    }
    let query = article_tags::table
        .filter(article_tags::article_id.among(&ids))
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
