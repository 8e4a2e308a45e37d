//! Lists of articles as readers saw them at a moment. They are asked for seldom, by whoever works here, and look through the
//! editions of all times.

use diesel::prelude::*;

use super::super::article::rows;
use super::super::conn::{PublicConn, on_backend};
use super::super::error::Result;
use super::super::schema::{edition_contributors, edition_related, edition_tags, editions};
use super::list::{Asked, PublicFilter};
use super::moment::live;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::page::{ByTime, Place, Way};
use crate::domain::shelf::ArticleSort;
use crate::domain::time::{Moment, Timestamp};

/// A boxed query for the editions that were live then and that the filter lets through.
macro_rules! filtered {
    ($filter:expr, $at:expr) => {{
        let (filter, at): (&PublicFilter, Timestamp) = ($filter, $at);
        // Nothing is live before it was published: a bound that an index can be entered by.
        let mut query = editions::table
            .filter(live(Moment::At(at)))
            .filter(editions::published_at.le(at))
            .into_boxed::<Db>();
        if !filter.sections.is_empty() {
            query = query.filter(editions::section_id.eq_any(&filter.sections));
        }
        if !filter.tags.is_empty() {
            let tagged = edition_tags::table
                .filter(edition_tags::tag_id.eq_any(&filter.tags))
                .select(edition_tags::edition_id);
            query = query.filter(editions::id.eq_any(tagged));
        }
        if !filter.contributors.is_empty() {
            let credited = edition_contributors::table
                .filter(edition_contributors::contributor_id.eq_any(&filter.contributors))
                .select(edition_contributors::edition_id);
            query = query.filter(editions::id.eq_any(credited));
        }
        if !filter.related_to.is_empty() {
            let leading = edition_related::table
                .filter(edition_related::target_article_id.eq_any(&filter.related_to))
                .select(edition_related::edition_id);
            query = query.filter(editions::id.eq_any(leading));
        }
        if !filter.ids.is_empty() {
            query = query.filter(editions::article_id.eq_any(&filter.ids));
        }
        if !filter.kinds.is_empty() {
            query = query.filter(editions::kind.eq_any(&filter.kinds));
        }
        if !filter.locales.is_empty() {
            query = query.filter(editions::locale.eq_any(&filter.locales));
        }
        if let Some(after) = filter.published_after {
            query = query.filter(editions::published_at.gt(after));
        }
        if let Some(before) = filter.published_before {
            query = query.filter(editions::published_at.lt(before));
        }
        query
    }};
}

/// The part of a query that begins at a place and is sorted by a column.
macro_rules! walked {
    ($query:expr, $column:expr, $asked:expr) => {{
        let (query, asked): (_, &Asked) = ($query, $asked);
        let back = matches!(asked.from, Some(Place { way: Way::Back, .. }));
        let descending = asked.sort.is_descending() != back;
        // The first condition repeats the second's bound in a form that an index can be entered by.
        match (&asked.from, descending) {
            (None, true) => query.order(($column.desc(), editions::article_id.desc())),
            (None, false) => query.order(($column.asc(), editions::article_id.asc())),
            (
                Some(Place {
                    key: ByTime { at, id }, ..
                }),
                true,
            ) => query
                .filter($column.le(*at))
                .filter($column.lt(*at).or(editions::article_id.lt(ArticleId(*id))))
                .order(($column.desc(), editions::article_id.desc())),
            (
                Some(Place {
                    key: ByTime { at, id }, ..
                }),
                false,
            ) => query
                .filter($column.ge(*at))
                .filter($column.gt(*at).or(editions::article_id.gt(ArticleId(*id))))
                .order(($column.asc(), editions::article_id.asc())),
        }
    }};
}

pub(super) fn list(
    conn: &mut PublicConn,
    filter: &PublicFilter,
    at: Timestamp,
    asked: &Asked,
) -> Result<Vec<EditionId>> {
    Ok(on_backend!(&mut conn.0, |c| {
        let query = filtered!(filter, at);
        let query = match asked.sort {
            ArticleSort::Newest | ArticleSort::Oldest => walked!(query, editions::published_at, asked),
            ArticleSort::LastChanged | ArticleSort::FirstChanged => walked!(query, editions::updated_at, asked),
        };
        query.limit(rows(asked.limit)).select(editions::id).load(c)
    })?)
}

pub(super) fn count(conn: &mut PublicConn, filter: &PublicFilter, at: Timestamp) -> Result<i64> {
    Ok(on_backend!(&mut conn.0, |c| filtered!(filter, at)
        .count()
        .get_result(c))?)
}
