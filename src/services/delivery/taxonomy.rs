//! Sections and contributors as readers see them.

use super::Delivery;
use crate::domain::contributor::Contributor;
use crate::domain::edition::{SectionCard, section_card};
use crate::domain::page::{ByWord, Limit, Page};
use crate::domain::section::{Section, chain};
use crate::domain::slug::Slug;
use crate::services::reading::{by_slug, cursor};
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public;

impl Delivery {
    /// A page of sections, by slug, each with those above it.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn sections(
        &self,
        limit: Option<Limit>,
        after: Option<String>,
    ) -> Result<Page<(Section, SectionCard)>, Error> {
        let after: Option<ByWord> = cursor("public sections", after.as_deref())?;
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let read = move |conn: &mut PublicConn| {
            let mut all = public::sections(conn)?;
            all.sort_by(|a, b| a.slug.cmp(&b.slug));
            let rows = all
                .iter()
                .filter(|section| after.as_ref().is_none_or(|at| section.slug.as_str() > at.0.as_str()));
            let rows: Vec<_> = rows
                .take(limit.get() + 1)
                .filter_map(|section| with_card(&all, section))
                .collect();
            Ok(Page::cut(rows, limit, "public sections", |(section, _)| {
                by_slug(section)
            }))
        };
        self.store.read(read).await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn section(&self, slug: Slug) -> Result<(Section, SectionCard), Error> {
        let read = move |conn: &mut PublicConn| {
            let all = public::sections(conn)?;
            let found = all.iter().find(|section| section.slug == slug);
            found
                .and_then(|section| with_card(&all, section))
                .ok_or_else(|| Refusal::NotFound.into())
        };
        self.store.read(read).await
    }

    /// A page of contributors, by slug.
    ///
    /// # Errors
    /// `BadCursor`.
    pub async fn contributors(&self, limit: Option<Limit>, after: Option<String>) -> Result<Page<Contributor>, Error> {
        let after: Option<ByWord> = cursor("public contributors", after.as_deref())?;
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let read = move |conn: &mut PublicConn| {
            let rows = public::contributors(conn, after, limit.get() + 1)?;
            Ok(Page::cut(rows, limit, "public contributors", by_slug))
        };
        self.store.read(read).await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn contributor(&self, slug: Slug) -> Result<Contributor, Error> {
        let read = move |conn: &mut PublicConn| {
            let found = public::contributors_by_slug(conn, &[slug])?;
            found.into_iter().next().ok_or_else(|| Refusal::NotFound.into())
        };
        self.store.read(read).await
    }
}

/// A section with the way to it from the top.
fn with_card(all: &[Section], section: &Section) -> Option<(Section, SectionCard)> {
    section_card(&chain(all, section.id)).map(|card| (section.clone(), card))
}
