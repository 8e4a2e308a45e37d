//! The page of an article, from which its forms are written.

use crate::domain::contributor::ContributorKind;
use crate::domain::edition::{BylineEntry, Summary};
use crate::domain::id::ArticleId;
use crate::domain::media::{MediaCard, RenditionAddress, RenditionFormat};
use crate::domain::permalink::Site;
use crate::domain::related::RelatedCard;
use crate::domain::text::{Deck, SeoDescription};

/// An article with what stands around it. All addresses are whole.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub summary: &'a Summary,
    /// The body.
    pub html: &'a str,
    /// The related links of its list.
    pub related: &'a [RelatedCard],
    pub site: &'a Site,
}

impl Page<'_> {
    /// What it is about, in a sentence or two.
    pub(super) fn description(&self) -> Option<&str> {
        let own = self.summary.seo_description.as_ref().map(SeoDescription::as_str);
        own.or_else(|| self.summary.deck.as_ref().map(Deck::as_str))
    }
}

/// A name that is none of the addresses, and stays when those change (RFC 9562 §4).
pub(super) fn urn(id: impl std::fmt::Display) -> String {
    format!("urn:uuid:{id}")
}

/// The name of what a link leads to.
pub(super) fn target(card: &RelatedCard) -> String {
    let article: Option<ArticleId> = card.article.as_ref().map(|article| article.id);
    article.map_or_else(|| card.url.clone(), urn)
}

pub(super) fn is_person(entry: &BylineEntry) -> bool {
    entry.kind == ContributorKind::Person
}

/// The JPEGs of a picture, the smallest first: what everybody can read.
pub(super) fn jpegs(card: &MediaCard) -> impl Iterator<Item = &RenditionAddress> {
    let all = card.renditions.iter();
    all.filter(|one| one.format == RenditionFormat::Jpeg)
}

/// Its words, where something is said.
pub(super) fn words(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}
