//! Sections, contributors and tags as readers see them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Delivery, Places};
use crate::domain::contributor::Contributor;
use crate::domain::edition::{SectionCard, section_card};
use crate::domain::id::{SectionId, TagId};
use crate::domain::media::MediaCard;
use crate::domain::page::{ByWord, Limit, Page};
use crate::domain::section::{Section, chain};
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::services::reading::{below, by_slug, cursor};
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public;

/// A section with the way to it from the top.
#[derive(Debug, Clone)]
pub struct PublishedSection {
    pub section: Section,
    pub card: SectionCard,
    /// Live articles in it and in the sections below it.
    pub articles: i64,
}

/// A contributor, and what they are shown with.
#[derive(Debug, Clone)]
pub struct PublishedContributor {
    pub contributor: Contributor,
    pub avatar: Option<MediaCard>,
}

/// A tag, and how many live articles show it.
#[derive(Debug, Clone)]
pub struct PublishedTag {
    pub tag: Tag,
    pub articles: i64,
}

impl Delivery {
    /// A page of sections, by slug, each with those above it.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn sections(&self, limit: Option<Limit>, after: Option<String>) -> Result<Page<PublishedSection>, Error> {
        let after: Option<ByWord> = cursor("public sections", after.as_deref())?;
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let read = move |conn: &mut PublicConn| {
            let mut all = public::sections(conn)?;
            all.sort_by(|a, b| a.slug.cmp(&b.slug));
            let live = live_in(conn, &all)?;
            let rows = all
                .iter()
                .filter(|section| after.as_ref().is_none_or(|at| section.slug.as_str() > at.0.as_str()));
            let rows: Vec<_> = rows
                .take(limit.get() + 1)
                .filter_map(|section| published(&all, section, &live))
                .collect();
            Ok(Page::cut(rows, limit, "public sections", |row| by_slug(&row.section)))
        };
        self.store.read(read).await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn section(&self, slug: Slug) -> Result<PublishedSection, Error> {
        let read = move |conn: &mut PublicConn| {
            let all = public::sections(conn)?;
            let live = live_in(conn, &all)?;
            let found = all.iter().find(|section| section.slug == slug);
            found
                .and_then(|section| published(&all, section, &live))
                .ok_or_else(|| Refusal::NotFound.into())
        };
        self.store.read(read).await
    }

    /// A page of contributors, by slug.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn contributors(
        &self,
        limit: Option<Limit>,
        after: Option<String>,
    ) -> Result<Page<PublishedContributor>, Error> {
        let after: Option<ByWord> = cursor("public contributors", after.as_deref())?;
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let rows = public::contributors(conn, after, limit.get() + 1)?;
            let page = Page::cut(rows, limit, "public contributors", by_slug);
            let avatars = public::avatars(conn, &page.items)?;
            Ok(page.map(|one| with_avatar(one, &avatars, &places)))
        };
        self.store.read(read).await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn contributor(&self, slug: Slug) -> Result<PublishedContributor, Error> {
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let found = public::contributors_by_slug(conn, &[slug])?;
            let avatars = public::avatars(conn, &found)?;
            let found = found.into_iter().next().ok_or(Refusal::NotFound)?;
            Ok(with_avatar(found, &avatars, &places))
        };
        self.store.read(read).await
    }

    /// A page of tags, by slug.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn tags(&self, limit: Option<Limit>, after: Option<String>) -> Result<Page<PublishedTag>, Error> {
        let after: Option<ByWord> = cursor("public tags", after.as_deref())?;
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let read = move |conn: &mut PublicConn| {
            let rows = public::tags(conn, after, limit.get() + 1)?;
            let page = Page::cut(rows, limit, "public tags", by_slug);
            let ids: Vec<_> = page.items.iter().map(|tag| tag.id).collect();
            let live = public::live_with_tags(conn, &ids)?;
            Ok(page.map(|tag| with_articles(tag, &live)))
        };
        self.store.read(read).await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn tag(&self, slug: Slug) -> Result<PublishedTag, Error> {
        let read = move |conn: &mut PublicConn| {
            let found = public::tags_by_slug(conn, &[slug])?;
            let tag = found.into_iter().next().ok_or(Refusal::NotFound)?;
            let live = public::live_with_tags(conn, &[tag.id])?;
            Ok(with_articles(tag, &live))
        };
        self.store.read(read).await
    }
}

fn live_in(conn: &mut PublicConn, all: &[Section]) -> Result<HashMap<SectionId, i64>, Error> {
    let ids: Vec<_> = all.iter().map(|section| section.id).collect();
    Ok(public::live_in_sections(conn, &ids)?)
}

/// A section with the way to it from the top; `live` counts the articles that stand in each of `all` itself.
fn published(all: &[Section], section: &Section, live: &HashMap<SectionId, i64>) -> Option<PublishedSection> {
    let within = below(all, HashSet::from([section.id]));
    Some(PublishedSection {
        section: section.clone(),
        card: section_card(&chain(all, section.id))?,
        articles: within.iter().filter_map(|id| live.get(id)).sum(),
    })
}

fn with_avatar(contributor: Contributor, avatars: &[MediaCard], places: &Places) -> PublishedContributor {
    let avatar = avatars.iter().find(|card| Some(card.id) == contributor.avatar_media_id);
    PublishedContributor {
        avatar: avatar.cloned().map(|card| places.card(card)),
        contributor,
    }
}

fn with_articles(tag: Tag, live: &HashMap<TagId, i64>) -> PublishedTag {
    let articles = live.get(&tag.id).copied().unwrap_or(0);
    PublishedTag { tag, articles }
}
