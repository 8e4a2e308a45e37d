//! How many articles name each of some sections, contributors or tags: one grouped statement, however many are asked of.
//! What no article names is left out of the answer.

use std::collections::HashMap;

use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{article_contributors, article_tags, articles, edition_contributors, edition_tags, editions};
use crate::domain::id::{ContributorId, SectionId, TagId, UserId};

/// Loads a query about working copies: all, or those that one user made.
macro_rules! working {
    ($conn:expr, $query:expr, $own_of:expr) => {
        on_backend!($conn, |c| match $own_of {
            Some(user) => $query.filter(articles::created_by.eq(user)).load(c),
            None => $query.load(c),
        })?
    };
}

/// Live articles that stand in each section itself.
pub fn live_in_sections(conn: &mut DbConn, sections: &[SectionId]) -> Result<HashMap<SectionId, i64>> {
    let query = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::section_id.eq_any(sections))
        .group_by(editions::section_id)
        .select((editions::section_id, count_star()));
    let found: Vec<(Option<SectionId>, i64)> = on_backend!(conn, |c| query.load(c))?;
    Ok(found.into_iter().filter_map(|(id, count)| Some((id?, count))).collect())
}

/// Live articles whose byline names each contributor.
pub fn live_crediting(conn: &mut DbConn, contributors: &[ContributorId]) -> Result<HashMap<ContributorId, i64>> {
    let query = edition_contributors::table
        .inner_join(editions::table.on(editions::id.eq(edition_contributors::edition_id)))
        .filter(editions::live_until.is_null())
        .filter(edition_contributors::contributor_id.eq_any(contributors))
        .group_by(edition_contributors::contributor_id)
        .select((edition_contributors::contributor_id, count_star()));
    let found: Vec<(ContributorId, i64)> = on_backend!(conn, |c| query.load(c))?;
    Ok(found.into_iter().collect())
}

/// Live articles that show each tag.
pub fn live_with_tags(conn: &mut DbConn, tags: &[TagId]) -> Result<HashMap<TagId, i64>> {
    let query = edition_tags::table
        .inner_join(editions::table.on(editions::id.eq(edition_tags::edition_id)))
        .filter(editions::live_until.is_null())
        .filter(edition_tags::tag_id.eq_any(tags))
        .group_by(edition_tags::tag_id)
        .select((edition_tags::tag_id, count_star()));
    let found: Vec<(TagId, i64)> = on_backend!(conn, |c| query.load(c))?;
    Ok(found.into_iter().collect())
}

/// Working copies outside the trash that name each section; with `own_of`, only those that this user made.
pub fn working_in_sections(
    conn: &mut DbConn,
    sections: &[SectionId],
    own_of: Option<UserId>,
) -> Result<HashMap<SectionId, i64>> {
    let query = articles::table
        .filter(articles::deleted_at.is_null())
        .filter(articles::section_id.eq_any(sections))
        .group_by(articles::section_id)
        .select((articles::section_id, count_star()));
    let found: Vec<(Option<SectionId>, i64)> = working!(conn, query, own_of);
    Ok(found.into_iter().filter_map(|(id, count)| Some((id?, count))).collect())
}

/// Working copies outside the trash whose byline names each contributor, in whatever roles; with `own_of`, only those that
/// this user made.
pub fn working_crediting(
    conn: &mut DbConn,
    contributors: &[ContributorId],
    own_of: Option<UserId>,
) -> Result<HashMap<ContributorId, i64>> {
    let query = article_contributors::table
        .inner_join(articles::table.on(articles::id.eq(article_contributors::article_id)))
        .filter(articles::deleted_at.is_null())
        .filter(article_contributors::contributor_id.eq_any(contributors))
        .group_by(article_contributors::contributor_id)
        .select((
            article_contributors::contributor_id,
            count(article_contributors::article_id).aggregate_distinct(),
        ));
    let found: Vec<(ContributorId, i64)> = working!(conn, query, own_of);
    Ok(found.into_iter().collect())
}

/// Working copies outside the trash that have each tag; with `own_of`, only those that this user made.
pub fn working_with_tags(conn: &mut DbConn, tags: &[TagId], own_of: Option<UserId>) -> Result<HashMap<TagId, i64>> {
    let query = article_tags::table
        .inner_join(articles::table.on(articles::id.eq(article_tags::article_id)))
        .filter(articles::deleted_at.is_null())
        .filter(article_tags::tag_id.eq_any(tags))
        .group_by(article_tags::tag_id)
        .select((article_tags::tag_id, count_star()));
    let found: Vec<(TagId, i64)> = working!(conn, query, own_of);
    Ok(found.into_iter().collect())
}
