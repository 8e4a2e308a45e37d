//! How many articles name each of some sections, contributors or tags: as many statements, however many are asked of.
//! What no article names is left out of the answer.

use std::collections::HashMap;
use std::hash::Hash;

use diesel::dsl::{count, count_star};
use diesel::prelude::*;

use super::among::Among as _;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{article_contributors, article_tags, articles, editions, shelves};
use crate::domain::id::{ContributorId, SectionId, ShelfId, TagId, UserId};
use crate::domain::shelf::Shelf;

/// Counts working copies outside the trash: those that one user made, or else all but for what is in the trash. How many there are is told by
/// an index, and the trash is small; whoever asks each article whether it is there reads all of them.
macro_rules! working {
    ($conn:expr, $own_of:expr, all: $all:expr, trashed: $trashed:expr, own: $own:expr) => {
        on_backend!($conn, |c| match $own_of {
            Some(user) => {
                let own = $own.filter(articles::deleted_at.is_null());
                left(own.filter(articles::created_by.eq(user)).load(c)?, Vec::new())
            }
            None => left($all.load(c)?, $trashed.load(c)?),
        })
    };
}

/// What is left where some are taken away; what has none left is left out.
fn left<T: Eq + Hash>(all: Vec<(T, i64)>, taken: Vec<(T, i64)>) -> HashMap<T, i64> {
    let mut left: HashMap<T, i64> = all.into_iter().collect();
    for (of, count) in taken {
        left.entry(of).and_modify(|all| *all -= count);
    }
    left.retain(|_, count| *count > 0);
    left
}

/// Articles in the trash.
macro_rules! trash {
    () => {
        articles::table
            .filter(articles::deleted_at.is_not_null())
            .select(articles::id)
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

/// Live articles that stand in each section or in one below it.
pub fn live_below_sections(conn: &mut DbConn, sections: &[SectionId]) -> Result<HashMap<SectionId, i64>> {
    live_on(conn, sections, Shelf::Section)
}

/// Live articles whose byline names each contributor.
pub fn live_crediting(conn: &mut DbConn, contributors: &[ContributorId]) -> Result<HashMap<ContributorId, i64>> {
    live_on(conn, contributors, Shelf::Contributor)
}

/// Live articles that show each tag.
pub fn live_with_tags(conn: &mut DbConn, tags: &[TagId]) -> Result<HashMap<TagId, i64>> {
    live_on(conn, tags, Shelf::Tag)
}

/// Live articles on the shelf of each: ranges of one index, and no look at an article.
fn live_on<T: Copy + Eq + Hash>(
    conn: &mut DbConn,
    all: &[T],
    shelf: impl Fn(T) -> Shelf<'static>,
) -> Result<HashMap<T, i64>> {
    let of: HashMap<ShelfId, T> = all.iter().map(|one| (shelf(*one).id(), *one)).collect();
    let ids: Vec<ShelfId> = of.keys().copied().collect();
    let query = shelves::table
        .filter(shelves::shelf.among(&ids))
        .group_by(shelves::shelf)
        .select((shelves::shelf, count_star()));
    let found: Vec<(ShelfId, i64)> = on_backend!(conn, |c| query.load(c))?;
    Ok(found
        .into_iter()
        .filter_map(|(shelf, count)| Some((*of.get(&shelf)?, count)))
        .collect())
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
    let found: Vec<(Option<SectionId>, i64)> = on_backend!(conn, |c| match own_of {
        Some(user) => query.filter(articles::created_by.eq(user)).load(c),
        None => query.load(c),
    })?;
    Ok(found.into_iter().filter_map(|(id, count)| Some((id?, count))).collect())
}

/// Working copies outside the trash whose byline names each contributor, in whatever roles; with `own_of`, only those that
/// this user made.
pub fn working_crediting(
    conn: &mut DbConn,
    contributors: &[ContributorId],
    own_of: Option<UserId>,
) -> Result<HashMap<ContributorId, i64>> {
    let of = || article_contributors::table.filter(article_contributors::contributor_id.among(contributors));
    let counted = || {
        let articles = count(article_contributors::article_id).aggregate_distinct();
        (article_contributors::contributor_id, articles)
    };
    Ok(working!(
        conn, own_of,
        all: of().group_by(article_contributors::contributor_id).select(counted()),
        trashed: of()
            .filter(article_contributors::article_id.eq_any(trash!()))
            .group_by(article_contributors::contributor_id)
            .select(counted()),
        own: of()
            .inner_join(articles::table.on(articles::id.eq(article_contributors::article_id)))
            .group_by(article_contributors::contributor_id)
            .select(counted())
    ))
}

/// Working copies outside the trash that have each tag; with `own_of`, only those that this user made.
pub fn working_with_tags(conn: &mut DbConn, tags: &[TagId], own_of: Option<UserId>) -> Result<HashMap<TagId, i64>> {
    let of = || article_tags::table.filter(article_tags::tag_id.among(tags));
    let counted = (article_tags::tag_id, count_star());
    Ok(working!(
        conn, own_of,
        all: of().group_by(article_tags::tag_id).select(counted),
        trashed: of()
            .filter(article_tags::article_id.eq_any(trash!()))
            .group_by(article_tags::tag_id)
            .select(counted),
        own: of()
            .inner_join(articles::table.on(articles::id.eq(article_tags::article_id)))
            .group_by(article_tags::tag_id)
            .select(counted)
    ))
}
