//! What readers are answered from: live editions and the media that they show, redirects, sections, contributors, tags.
//! Nothing here names a working copy.

mod documents;
mod find;
mod linked;
mod list;
mod listing;
mod matching;
mod moment;
mod past;
mod related;
mod search;
mod sitemap;

use std::collections::HashMap;

use diesel::prelude::*;
pub use documents::{KeptBody, body_bytes, documents, summaries};
pub use list::{Asked, PublicFilter, count, latest, list};
pub use related::{ShownLink, are_live, backlinks, live_editions, related};
pub use search::{Counted, counted, headline_matches, matches, tags_by_id};
pub use sitemap::{LiveAddress, first_published, last_changes, live_addresses, other_languages, published_behind};

use super::among::Among as _;
use super::conn::{PublicConn, on_backend};
use super::error::Result;
use super::schema::{editions, redirects};
use super::{TaxonRows, count as counts, media, media_use, retraction, section};
use crate::domain::contributor::Contributor;
use crate::domain::correction::Retraction;
use crate::domain::id::{ArticleId, EditionId, MediaId, SectionId, ShortId, TagId, TranslationGroup};
use crate::domain::locale::Locale;
use crate::domain::media::{Media, MediaCard};
use crate::domain::page::{ByWord, Place};
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::domain::time::{Moment, Timestamp};
use find::Find;
use linked::LinkedFrom;
use moment::{begun, live};

/// An article that readers may know of.
#[derive(Debug, Clone)]
pub enum Found {
    Live(LiveEdition),
    /// It was published once, and is not now.
    Gone(ArticleId),
}

/// Which edition readers are shown of an article; what it says is for [`summaries`] and [`documents()`] to tell.
#[derive(Debug, Clone, Queryable)]
pub struct LiveEdition {
    pub id: EditionId,
    pub article: ArticleId,
    /// The address within the site.
    pub path: String,
    /// Since when it is what readers see, whatever made it new: another text, or another name on it.
    pub live_from: Timestamp,
    /// Whether it has related links, which are [`related()`]'s to tell.
    pub has_related: bool,
    pub translation_group: TranslationGroup,
    /// Whether another article was ever live in the group. Which are is [`translations`]'s to tell.
    pub was_translated: bool,
}

/// An article that a text links to, with its path, or without one while readers cannot see it.
pub type LinkTarget = (ArticleId, Option<String>);
pub type LinkTargets = HashMap<EditionId, Vec<LinkTarget>>;

/// The live edition that a statement finds, or that there was one of the article: of an id or a short id one at most is live.
macro_rules! found {
    ($conn:expr, $live:expr, $all:expr, $moment:expr) => {{
        let (conn, live, moment) = ($conn, $live, $moment);
        if let Some(edition) = on_backend!(&mut conn.0, |c| live.get_result::<LiveEdition>(c).optional())? {
            return Ok(Some(Found::Live(edition)));
        }
        let once = $all.filter(begun(moment)).select(editions::article_id).limit(1);
        Ok(on_backend!(&mut conn.0, |c| once.first(c).optional())?.map(Found::Gone))
    }};
}

pub fn edition_by_article(conn: &mut PublicConn, id: ArticleId, moment: Moment) -> Result<Option<Found>> {
    let all = editions::table.filter(editions::article_id.eq(id));
    found!(conn, Find::OfArticle(id, live(moment)), all, moment)
}

pub fn edition_by_short_id(conn: &mut PublicConn, short_id: &ShortId, moment: Moment) -> Result<Option<Found>> {
    let all = editions::table.filter(editions::short_id.eq(short_id));
    found!(conn, Find::OfShortId(short_id, live(moment)), all, moment)
}

/// What readers are told of an article that was taken back by then, in the words of today.
pub fn retraction(conn: &mut PublicConn, article: ArticleId, moment: Moment) -> Result<Option<Retraction>> {
    let found = retraction::of(&mut conn.0, article)?;
    Ok(found.filter(|retraction| moment.knows(retraction.retracted_at)))
}

/// The article that a path leads to which is no longer in use.
pub fn redirected(conn: &mut PublicConn, paths: &[&str]) -> Result<Option<ArticleId>> {
    let rows = redirects::table.filter(redirects::path.among(paths));
    let query = rows.order(redirects::path).select(redirects::article_id);
    Ok(on_backend!(&mut conn.0, |c| query.first(c).optional())?)
}

/// The live edition with this slug or, where there is none, of an article that had the slug once. Among several the one in
/// the locale `prefer` comes first, then the newest.
pub fn edition_by_slug(conn: &mut PublicConn, slug: &Slug, prefer: &Locale, moment: Moment) -> Result<Option<Found>> {
    let query = Find::OfSlug(slug, prefer, live(moment));
    if let Some(edition) = on_backend!(&mut conn.0, |c| query.get_result::<LiveEdition>(c).optional())? {
        return Ok(Some(Found::Live(edition)));
    }
    // In an order that does not change: of several that are gone, the same one is told of whenever that is asked.
    let had: Vec<ArticleId> = on_backend!(&mut conn.0, |c| editions::table
        .filter(editions::slug.eq(slug))
        .filter(begun(moment))
        .select(editions::article_id)
        .order(editions::article_id)
        .distinct()
        .load(c))?;
    let Some(first) = had.first() else {
        return Ok(None);
    };
    let query = Find::Among(&had, prefer, live(moment));
    let live = on_backend!(&mut conn.0, |c| query.get_result::<LiveEdition>(c).optional())?;
    Ok(Some(live.map_or(Found::Gone(*first), Found::Live)))
}

/// The live articles of a group but one, by language.
pub fn translations(
    conn: &mut PublicConn,
    group: TranslationGroup,
    except: ArticleId,
    moment: Moment,
) -> Result<Vec<EditionId>> {
    let others = editions::table
        .filter(live(moment))
        .filter(editions::translation_group.eq(group))
        .filter(editions::article_id.ne(except));
    let query = others.order(editions::locale).select(editions::id);
    Ok(on_backend!(&mut conn.0, |c| query.load(c))?)
}

/// The articles that the texts of editions link to, by edition.
pub fn link_targets(conn: &mut PublicConn, of: &[EditionId], moment: Moment) -> Result<LinkTargets> {
    if of.is_empty() {
        return Ok(LinkTargets::new());
    }
    let query = LinkedFrom {
        editions: of,
        shown: live(moment),
    };
    let found: Vec<(EditionId, ArticleId, Option<String>)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let mut targets = LinkTargets::new();
    for (edition, article, path) in found {
        targets.entry(edition).or_default().push((article, path));
    }
    Ok(targets)
}

/// All sections, in their order among siblings.
pub fn sections(conn: &mut PublicConn) -> Result<Vec<Section>> {
    section::all(&mut conn.0)
}

pub fn contributors(conn: &mut PublicConn, from: Option<Place<ByWord>>, limit: usize) -> Result<Vec<Contributor>> {
    Contributor::list(&mut conn.0, from, limit)
}

pub fn count_contributors(conn: &mut PublicConn) -> Result<i64> {
    Contributor::all(&mut conn.0)
}

/// Those of the slugs that there are.
pub fn contributors_by_slug(conn: &mut PublicConn, slugs: &[Slug]) -> Result<Vec<Contributor>> {
    Contributor::by_slugs(&mut conn.0, slugs)
}

pub fn tags(conn: &mut PublicConn, from: Option<Place<ByWord>>, limit: usize) -> Result<Vec<Tag>> {
    Tag::list(&mut conn.0, from, limit)
}

pub fn count_tags(conn: &mut PublicConn) -> Result<i64> {
    Tag::all(&mut conn.0)
}

/// Those of the slugs that there are.
pub fn tags_by_slug(conn: &mut PublicConn, slugs: &[Slug]) -> Result<Vec<Tag>> {
    Tag::by_slugs(&mut conn.0, slugs)
}

/// How many live articles stand in each section or in one below it; those with none are left out.
pub fn live_below_sections(conn: &mut PublicConn, sections: &[SectionId]) -> Result<HashMap<SectionId, i64>> {
    counts::live_below_sections(&mut conn.0, sections)
}

/// How many live articles show each tag; those with none are left out.
pub fn live_with_tags(conn: &mut PublicConn, tags: &[TagId]) -> Result<HashMap<TagId, i64>> {
    counts::live_with_tags(&mut conn.0, tags)
}

/// A media that readers see: on a live page, or as a contributor's picture.
pub fn shown_media(conn: &mut PublicConn, id: MediaId) -> Result<Option<Media>> {
    if media_use::is_live(&mut conn.0, id)? {
        media::by_id(&mut conn.0, id)
    } else {
        Ok(None)
    }
}

/// The pictures of these contributors, by the ids that they name.
pub fn avatars(conn: &mut PublicConn, of: &[Contributor]) -> Result<Vec<MediaCard>> {
    let ids: Vec<MediaId> = of.iter().filter_map(|one| one.avatar_media_id).collect();
    Ok(media::by_ids(&mut conn.0, &ids)?.iter().map(MediaCard::from).collect())
}
