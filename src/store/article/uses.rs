//! Which articles name a section, a contributor or a tag.

use diesel::prelude::*;

use super::super::conn::{DbConn, on_backend};
use super::super::error::Result;
use super::super::schema::{
    article_contributors, article_tags, articles, edition_contributors, edition_tags, editions,
};
use super::rows;
use crate::domain::id::{ArticleId, ContributorId, SectionId, TagId};
use crate::domain::text::Headline;

/// The last made of the articles of which `$working` holds, or which are among those that `$live` selects, and their
/// headlines.
macro_rules! using {
    ($conn:expr, $limit:expr, $working:expr, $live:expr) => {{
        let query = articles::table
            .filter($working.or(articles::id.eq_any($live)))
            .order(articles::id.desc())
            .limit(rows($limit))
            .select((articles::id, articles::headline));
        let found: Vec<(ArticleId, Headline)> = on_backend!($conn, |c| query.load(c))?;
        let named = found
            .into_iter()
            .map(|(id, headline)| (id, headline.as_str().to_owned()));
        Ok(named.collect())
    }};
}

/// Articles that name the section, in the working copy or where readers see them, and their headlines.
pub fn using_section(conn: &mut DbConn, section: SectionId, limit: usize) -> Result<Vec<(ArticleId, String)>> {
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::section_id.eq(section))
        .select(editions::article_id);
    using!(conn, limit, articles::section_id.eq(section), live)
}

/// Articles whose byline names the contributor, in the working copy or where readers see them, and their headlines.
pub fn using_contributor(conn: &mut DbConn, who: ContributorId, limit: usize) -> Result<Vec<(ArticleId, String)>> {
    let working = article_contributors::table
        .filter(article_contributors::contributor_id.eq(who))
        .select(article_contributors::article_id);
    let live = editions::table
        .inner_join(edition_contributors::table.on(edition_contributors::edition_id.eq(editions::id)))
        .filter(editions::live_until.is_null())
        .filter(edition_contributors::contributor_id.eq(who))
        .select(editions::article_id);
    using!(conn, limit, articles::id.eq_any(working), live)
}

/// Articles that have the tag, in the working copy or where readers see them, and their headlines.
pub fn using_tag(conn: &mut DbConn, tag: TagId, limit: usize) -> Result<Vec<(ArticleId, String)>> {
    let working = article_tags::table
        .filter(article_tags::tag_id.eq(tag))
        .select(article_tags::article_id);
    let live = editions::table
        .inner_join(edition_tags::table.on(edition_tags::edition_id.eq(editions::id)))
        .filter(editions::live_until.is_null())
        .filter(edition_tags::tag_id.eq(tag))
        .select(editions::article_id);
    using!(conn, limit, articles::id.eq_any(working), live)
}

/// All articles whose working copy credits the contributor, in the trash too.
pub fn naming_contributor(conn: &mut DbConn, who: ContributorId) -> Result<Vec<ArticleId>> {
    let query = article_contributors::table
        .filter(article_contributors::contributor_id.eq(who))
        .order(article_contributors::article_id)
        .select(article_contributors::article_id)
        .distinct();
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// All articles whose working copy has the tag, in the trash too.
pub fn naming_tag(conn: &mut DbConn, tag: TagId) -> Result<Vec<ArticleId>> {
    let query = article_tags::table
        .filter(article_tags::tag_id.eq(tag))
        .order(article_tags::article_id)
        .select(article_tags::article_id);
    Ok(on_backend!(conn, |c| query.load(c))?)
}
