//! Sections, contributors and tags as readers see them.

use std::collections::HashMap;
use std::sync::Arc;

use super::parts::Face;
use super::{Delivery, Places};
use crate::domain::contributor::Contributor;
use crate::domain::edition::{SectionCard, Summary, section_card};
use crate::domain::id::{EditionId, SectionId, ShelfId, TagId};
use crate::domain::media::MediaCard;
use crate::domain::page::{ByWord, Latest, Limit, Page, Place, Way};
use crate::domain::printed::Printed;
use crate::domain::section::{Section, chain};
use crate::domain::shelf::Shelf;
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::services::reading::{by_slug, place};
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public;

const SECTIONS: &str = "public sections";
const CONTRIBUTORS: &str = "public contributors";
const TAGS: &str = "public tags";

/// A section with the way to it from the top.
#[derive(Debug, Clone)]
pub struct PublishedSection {
    pub section: Section,
    pub card: SectionCard,
    /// Live articles in it and in the sections below it.
    pub articles: i64,
    pub latest: Option<Vec<Printed<Summary>>>,
}

/// A contributor, and what they are shown with.
#[derive(Debug, Clone)]
pub struct PublishedContributor {
    pub contributor: Contributor,
    pub avatar: Option<MediaCard>,
    pub latest: Option<Vec<Printed<Summary>>>,
}

/// A tag, and how many live articles show it.
#[derive(Debug, Clone)]
pub struct PublishedTag {
    pub tag: Tag,
    pub articles: i64,
    pub latest: Option<Vec<Printed<Summary>>>,
}

/// What a list of these is asked for.
#[derive(Debug, Clone)]
pub struct TaxonQuery {
    /// How many of its latest stories come with each, if any.
    pub latest: Option<Latest>,
    pub count: bool,
    pub limit: Limit,
    pub cursor: Option<String>,
}

impl Delivery {
    /// A page of sections, by slug, each with those above it.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn sections(&self, query: TaxonQuery) -> Result<Page<PublishedSection>, Error> {
        let from: Option<Place<ByWord>> = place(SECTIONS, query.cursor.as_deref())?;
        let came = from.as_ref().map(|place| place.way);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let all = public::sections(conn)?;
            let rows = walked(&all, from.as_ref(), query.limit.get() + 1);
            let live = live_in(conn, &rows)?;
            let rows = rows.into_iter().filter_map(|section| published(&all, section, &live));
            let page = Page::cut_both(rows.collect(), query.limit, SECTIONS, came, |row: &PublishedSection| {
                by_slug(&row.section)
            });
            let page = with_latest(conn, page, query.latest, &places)?;
            let total = query.count.then(|| i64::try_from(all.len()).unwrap_or(i64::MAX));
            Ok(Page { total, ..page })
        };
        self.store.read(read).await
    }

    /// A section, with so many of its latest stories.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn section(&self, slug: Slug, latest: Option<Latest>) -> Result<PublishedSection, Error> {
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let all = public::sections(conn)?;
            let section = all.iter().find(|section| section.slug == slug);
            let section = section.ok_or(Refusal::NotFound)?;
            let live = live_in(conn, &[section])?;
            let found = published(&all, section, &live).ok_or(Refusal::NotFound)?;
            one_with_latest(conn, found, latest, &places)
        };
        self.store.read(read).await
    }

    /// A page of contributors, by slug.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn contributors(&self, query: TaxonQuery) -> Result<Page<PublishedContributor>, Error> {
        let from: Option<Place<ByWord>> = place(CONTRIBUTORS, query.cursor.as_deref())?;
        let came = from.as_ref().map(|place| place.way);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let rows = public::contributors(conn, from, query.limit.get() + 1)?;
            let page = Page::cut_both(rows, query.limit, CONTRIBUTORS, came, by_slug);
            let avatars = public::avatars(conn, &page.items)?;
            let page = page.map(|one| with_avatar(one, &avatars, &places));
            let page = with_latest(conn, page, query.latest, &places)?;
            let total = query.count.then(|| public::count_contributors(conn)).transpose()?;
            Ok(Page { total, ..page })
        };
        self.store.read(read).await
    }

    /// A contributor, with so many of their latest stories.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn contributor(&self, slug: Slug, latest: Option<Latest>) -> Result<PublishedContributor, Error> {
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let found = public::contributors_by_slug(conn, &[slug])?;
            let avatars = public::avatars(conn, &found)?;
            let found = found.into_iter().next().ok_or(Refusal::NotFound)?;
            one_with_latest(conn, with_avatar(found, &avatars, &places), latest, &places)
        };
        self.store.read(read).await
    }

    /// A page of tags, by slug.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn tags(&self, query: TaxonQuery) -> Result<Page<PublishedTag>, Error> {
        let from: Option<Place<ByWord>> = place(TAGS, query.cursor.as_deref())?;
        let came = from.as_ref().map(|place| place.way);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let rows = public::tags(conn, from, query.limit.get() + 1)?;
            let page = Page::cut_both(rows, query.limit, TAGS, came, by_slug);
            let ids: Vec<_> = page.items.iter().map(|tag| tag.id).collect();
            let live = public::live_with_tags(conn, &ids)?;
            let page = page.map(|tag| with_articles(tag, &live));
            let page = with_latest(conn, page, query.latest, &places)?;
            let total = query.count.then(|| public::count_tags(conn)).transpose()?;
            Ok(Page { total, ..page })
        };
        self.store.read(read).await
    }

    /// A tag, with so many of its latest stories.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn tag(&self, slug: Slug, latest: Option<Latest>) -> Result<PublishedTag, Error> {
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let found = public::tags_by_slug(conn, &[slug])?;
            let tag = found.into_iter().next().ok_or(Refusal::NotFound)?;
            let live = public::live_with_tags(conn, &[tag.id])?;
            one_with_latest(conn, with_articles(tag, &live), latest, &places)
        };
        self.store.read(read).await
    }
}

/// What has stories that can come with it.
trait Shelved {
    fn shelf(&self) -> ShelfId;
    fn bring(&mut self, latest: Vec<Printed<Summary>>);
}

macro_rules! shelved {
    ($($published:ident by $shelf:ident of $one:ident;)+) => {$(
        impl Shelved for $published {
            fn shelf(&self) -> ShelfId {
                Shelf::$shelf(self.$one.id).id()
            }

            fn bring(&mut self, latest: Vec<Printed<Summary>>) {
                self.latest = Some(latest);
            }
        }
    )+};
}

shelved! {
    PublishedSection by Section of section;
    PublishedContributor by Contributor of contributor;
    PublishedTag by Tag of tag;
}

/// Brings the latest stories of each, in one statement; where none are asked for, there is none.
fn with_latest<T: Shelved>(
    conn: &mut PublicConn,
    mut page: Page<T>,
    latest: Option<Latest>,
    places: &Places,
) -> Result<Page<T>, Error> {
    let Some(latest) = latest else {
        return Ok(page);
    };
    let shelves: Vec<ShelfId> = page.items.iter().map(Shelved::shelf).collect();
    let mut found = public::latest(conn, &shelves, latest.get())?;
    let ids: Vec<EditionId> = found.values().flatten().copied().collect();
    let faces: HashMap<EditionId, Face> = ids.iter().copied().zip(places.faces(conn, &ids)?).collect();
    for one in &mut page.items {
        let stories = found.remove(&one.shelf()).unwrap_or_default();
        let faces = stories.iter().filter_map(|id| faces.get(id));
        one.bring(faces.map(|face| face.summary().clone()).collect());
    }
    Ok(page)
}

fn one_with_latest<T: Shelved>(
    conn: &mut PublicConn,
    one: T,
    latest: Option<Latest>,
    places: &Places,
) -> Result<T, Error> {
    let page = Page {
        items: vec![one],
        ..Page::empty()
    };
    let page = with_latest(conn, page, latest, places)?;
    page.items.into_iter().next().ok_or_else(|| Refusal::NotFound.into())
}

/// The first sections from a place on, by slug, in the order in which they are met.
fn walked<'a>(all: &'a [Section], from: Option<&Place<ByWord>>, limit: usize) -> Vec<&'a Section> {
    let mut sorted: Vec<&Section> = all.iter().collect();
    sorted.sort_by(|a, b| a.slug.cmp(&b.slug));
    let way = from.map_or(Way::Forward, |place| place.way);
    if way == Way::Back {
        sorted.reverse();
    }
    let beyond = |section: &&Section| {
        from.is_none_or(|place| match way {
            Way::Forward => section.slug.as_str() > place.key.0.as_str(),
            Way::Back => section.slug.as_str() < place.key.0.as_str(),
        })
    };
    sorted.into_iter().filter(beyond).take(limit).collect()
}

fn live_in(conn: &mut PublicConn, sections: &[&Section]) -> Result<HashMap<SectionId, i64>, Error> {
    let ids: Vec<_> = sections.iter().map(|section| section.id).collect();
    Ok(public::live_below_sections(conn, &ids)?)
}

/// A section with the way to it from the top; `live` counts the articles of each.
fn published(all: &[Section], section: &Section, live: &HashMap<SectionId, i64>) -> Option<PublishedSection> {
    Some(PublishedSection {
        section: section.clone(),
        card: section_card(&chain(all, section.id))?,
        articles: live.get(&section.id).copied().unwrap_or(0),
        latest: None,
    })
}

fn with_avatar(contributor: Contributor, avatars: &[MediaCard], places: &Places) -> PublishedContributor {
    let avatar = avatars.iter().find(|card| Some(card.id) == contributor.avatar_media_id);
    PublishedContributor {
        avatar: avatar.cloned().map(|card| places.card(card)),
        contributor,
        latest: None,
    }
}

fn with_articles(tag: Tag, live: &HashMap<TagId, i64>) -> PublishedTag {
    let articles = live.get(&tag.id).copied().unwrap_or(0);
    PublishedTag {
        tag,
        articles,
        latest: None,
    }
}
