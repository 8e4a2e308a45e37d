//! The lists that live articles stand on. A shelf is named by what it is of, so that one index serves every list.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::article::ArticleKind;
use super::edition::{Edition, Summary};
use super::id::{ArticleId, ContributorId, SectionId, ShelfId, TagId};
use super::invalid::words;
use super::locale::Locale;
use super::time::Timestamp;

/// What kinds and languages, which have no ids of their own, make theirs in (UUID version 5, RFC 9562).
const NAMED: Uuid = Uuid::from_u128(0x8f0d_52c4_61a7_4b0e_9d37_2e5c_7a19_b640);

/// A list of live articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelf<'a> {
    /// All of them.
    Site,
    /// In the section, or in one below it.
    Section(SectionId),
    Tag(TagId),
    Contributor(ContributorId),
    Kind(ArticleKind),
    Locale(&'a Locale),
    /// With a related link to this article.
    LinksTo(ArticleId),
}

impl Shelf<'_> {
    pub fn id(&self) -> ShelfId {
        ShelfId(match self {
            Self::Site => NAMED,
            Self::Section(id) => id.0,
            Self::Tag(id) => id.0,
            Self::Contributor(id) => id.0,
            Self::LinksTo(id) => id.0,
            Self::Kind(kind) => named("kind", kind.as_str()),
            Self::Locale(locale) => named("locale", locale.as_str()),
        })
    }
}

fn named(what: &str, name: &str) -> Uuid {
    Uuid::new_v5(&NAMED, format!("{what} {name}").as_bytes())
}

words! {
    /// The order of a list of articles; of equals the one with the higher id counts as the later.
    ArticleSort {
        Newest = "-published_at",
        Oldest = "published_at",
        LastChanged = "-updated_at",
        FirstChanged = "updated_at",
    }
}

impl ArticleSort {
    pub fn is_descending(self) -> bool {
        matches!(self, Self::Newest | Self::LastChanged)
    }

    /// What it goes by.
    pub fn column(self) -> &'static str {
        match self {
            Self::Newest | Self::Oldest => "published_at",
            Self::LastChanged | Self::FirstChanged => "updated_at",
        }
    }

    /// What it goes by, of an article.
    pub fn key(self, summary: &Summary) -> Timestamp {
        match self {
            Self::Newest | Self::Oldest => summary.published_at,
            Self::LastChanged | Self::FirstChanged => summary.updated_at,
        }
    }
}

words! {
    /// A field of an article in a list.
    ListedField {
        Id = "id",
        ShortId = "short_id",
        Kind = "kind",
        Locale = "locale",
        Headline = "headline",
        ShortHeadline = "short_headline",
        SeoTitle = "seo_title",
        SeoDescription = "seo_description",
        Deck = "deck",
        Kicker = "kicker",
        Slug = "slug",
        Path = "path",
        CanonicalUrl = "canonical_url",
        OriginalUrl = "original_url",
        Byline = "byline",
        Distributor = "distributor",
        Dateline = "dateline",
        Section = "section",
        Tags = "tags",
        LeadMedia = "lead_media",
        Corrections = "corrections",
        Custom = "custom",
        WordCount = "word_count",
        ReadingMinutes = "reading_minutes",
        FirstPublishedAt = "first_published_at",
        PublishedAt = "published_at",
        UpdatedAt = "updated_at",
        Related = "related",
    }
}

/// The shelves that an edition stands on while it is live.
pub fn shelves(edition: &Edition) -> BTreeSet<ShelfId> {
    let summary = &edition.summary;
    let section = summary.section.iter();
    let sections = section.flat_map(|card| card.ancestors.iter().map(|step| step.id).chain([card.id]));
    let tags = summary.tags.iter().map(|tag| Shelf::Tag(tag.id));
    let contributors = summary.byline.contributors.iter();
    let links = edition.related.iter().filter_map(|link| link.target.article());
    let all = [Shelf::Site, Shelf::Kind(summary.kind), Shelf::Locale(&summary.locale)].into_iter();
    all.chain(sections.map(Shelf::Section))
        .chain(tags)
        .chain(contributors.map(|entry| Shelf::Contributor(entry.id)))
        .chain(links.map(Shelf::LinksTo))
        .map(|shelf| shelf.id())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_ids_that_stay() {
        let french = Locale::parse("fr").unwrap();
        let all = [
            Shelf::Site,
            Shelf::Kind(ArticleKind::News),
            Shelf::Kind(ArticleKind::Opinion),
            Shelf::Locale(&french),
        ];
        let ids: BTreeSet<ShelfId> = all.iter().map(Shelf::id).collect();
        assert_eq!(ids.len(), all.len());
        // They are in databases.
        assert_eq!(
            Shelf::Kind(ArticleKind::News).id().to_string(),
            "8881da58-2714-5a53-8e96-fa5dd9a26a67"
        );
    }
}
