//! The edition: what readers are shown of an article, whole, from one moment until it is replaced or withdrawn.
//!
//! It is made once, at publish, from the working copy and the names of what that refers to. Nothing that readers see
//! is looked up in working copies afterwards.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::article::{Article, ArticleKind, Content};
use super::body::Body;
use super::byline::{ContributorRole, byline_text};
use super::contributor::{Contributor, ContributorKind};
use super::correction::PublicCorrection;
use super::id::{ArticleId, ContributorId, EditionId, MediaId, SectionId, ShortId, TagId, TranslationGroup};
use super::locale::Locale;
use super::media::{Media, MediaCard, PublicMediaUse};
use super::permalink::{Parts, Site};
use super::provenance::{Country, Custom, DistributorCategory};
use super::related::RelatedLink;
use super::section::Section;
use super::slug::Slug;
use super::tag::{Tag, TagCard};
use super::taxon::keep_first;
use super::text::{
    BylineOverride, City, Deck, DistributorName, Headline, ItemId, Kicker, Name, SeoDescription, SeoTitle,
    ShortHeadline,
};
use super::time::{Day, Timestamp};
use super::web::WebUrl;

/// Words that a reader gets through in a minute.
const WORDS_A_MINUTE: usize = 240;

/// A section as a page names it, from the top of the tree down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SectionCard {
    pub id: SectionId,
    pub slug: Slug,
    pub name: Name,
    /// The sections above, outermost first.
    pub ancestors: Vec<SectionStep>,
}

/// One section on the way to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SectionStep {
    pub id: SectionId,
    pub slug: Slug,
    pub name: Name,
}

/// A contributor as a byline names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BylineEntry {
    pub id: ContributorId,
    pub slug: Slug,
    pub name: Name,
    pub kind: ContributorKind,
    pub url: Option<WebUrl>,
    pub role: ContributorRole,
}

/// Who made a story, as readers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicByline {
    /// "By A and B", unless an editor wrote another; null when nobody is named.
    pub text: Option<String>,
    /// True when an editor wrote the text, so that a new name does not change it.
    pub overridden: bool,
    pub contributors: Vec<BylineEntry>,
}

/// Who supplied a story, as readers are told; the terms of use stay inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicDistributor {
    pub name: DistributorName,
    pub category: DistributorCategory,
    pub item_id: Option<ItemId>,
}

/// The place and date that open a story, with their text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicDateline {
    pub text: Option<String>,
    pub city: Option<City>,
    pub country: Option<Country>,
    pub date: Option<Day>,
    pub source: Option<DistributorName>,
}

/// Everything of an edition but its body: what a list shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleSummary)]
pub struct Summary {
    pub id: ArticleId,
    pub short_id: ShortId,
    pub kind: ArticleKind,
    pub locale: Locale,
    pub headline: Headline,
    pub short_headline: Option<ShortHeadline>,
    pub seo_title: Option<SeoTitle>,
    pub seo_description: Option<SeoDescription>,
    pub deck: Option<Deck>,
    pub kicker: Option<Kicker>,
    pub slug: Slug,
    /// The address within the site.
    #[schema(examples("/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    pub path: String,
    /// The whole address. Filled in on the way out: a site may move, the path stays.
    #[serde(default)]
    #[schema(
        required = true,
        examples("https://news.example/2026/02/16/ferry-service-resumes-7gk2m9qx")
    )]
    pub canonical_url: String,
    /// Where a republished story first appeared.
    pub original_url: Option<WebUrl>,
    pub byline: PublicByline,
    pub distributor: Option<PublicDistributor>,
    pub dateline: Option<PublicDateline>,
    pub section: Option<SectionCard>,
    /// In the order of the article; empty in editions from before there were tags.
    #[serde(default)]
    #[schema(required)]
    pub tags: Vec<TagCard>,
    /// The picture or film that opens the story.
    #[serde(default)]
    pub lead_media: Option<PublicMediaUse>,
    /// Public notes on it, the oldest first.
    #[serde(default)]
    #[schema(required)]
    pub corrections: Vec<PublicCorrection>,
    pub custom: Custom,
    pub word_count: usize,
    /// Whole minutes, at 240 words a minute; at least 1.
    pub reading_minutes: usize,
    pub first_published_at: Timestamp,
    /// When the article last went live.
    pub published_at: Timestamp,
    /// When this edition replaced the one before.
    pub updated_at: Timestamp,
}

/// A live translation of an article, as the article's page names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Translation {
    pub id: ArticleId,
    pub locale: Locale,
    pub headline: Headline,
    #[schema(examples("/2026/02/16/le-ferry-reprend-9r4m2xqz"))]
    pub path: String,
    // Filled in on the way out.
    #[serde(default)]
    #[schema(
        required = true,
        examples("https://news.example/2026/02/16/le-ferry-reprend-9r4m2xqz")
    )]
    pub canonical_url: String,
}

/// One published state of an article, as it is stored.
#[derive(Debug, Clone)]
pub struct Edition {
    pub id: EditionId,
    pub article_id: ArticleId,
    /// The revision of the working copy that it shows.
    pub revision: i32,
    /// The group as it was at publish: a change of the working copy's reaches readers with the next edition.
    pub translation_group: TranslationGroup,
    pub live_from: Timestamp,
    pub summary: Summary,
    /// The blocks, as JSON that is written once and sent as it is.
    pub body: Box<RawValue>,
    /// What the body shows of each media.
    pub media: Vec<MediaCard>,
    /// Articles that links in the body point to.
    pub links: Vec<ArticleId>,
    /// The related links as they were at publish; where they lead is looked up when they are read.
    pub related: Vec<RelatedLink>,
}

/// What an edition is made from, besides the article.
pub struct Surroundings<'a> {
    pub site: &'a Site,
    /// The article's section, its parent, and so on to the top.
    pub sections: Vec<Section>,
    /// The contributors of the byline, in its order.
    pub contributors: Vec<Contributor>,
    /// The article's tags, in its order.
    pub tags: Vec<Tag>,
    /// Every media that the article shows.
    pub media: Vec<Media>,
}

/// Minutes to read so many words.
pub fn reading_minutes(words: usize) -> usize {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

/// The card of the first section of a chain from a section up to the top.
pub fn section_card(chain: &[Section]) -> Option<SectionCard> {
    let (own, above) = chain.split_first()?;
    let step = |s: &Section| SectionStep {
        id: s.id,
        slug: s.slug.clone(),
        name: s.name.clone(),
    };
    Some(SectionCard {
        id: own.id,
        slug: own.slug.clone(),
        name: own.name.clone(),
        ancestors: above.iter().rev().map(step).collect(),
    })
}

impl PublicByline {
    /// From the byline's credits and the contributors they name, in the same order.
    pub fn new(content: &Content, contributors: &[Contributor]) -> Self {
        let entries = content.byline.contributors.0.iter().filter_map(|credit| {
            let found = contributors.iter().find(|one| one.id == credit.contributor_id)?;
            Some(BylineEntry {
                id: found.id,
                slug: found.slug.clone(),
                name: found.name.clone(),
                kind: found.kind,
                url: found.url.clone(),
                role: credit.role,
            })
        });
        let mut byline = Self {
            text: None,
            overridden: false,
            contributors: entries.collect(),
        };
        byline.write_text(content.byline.r#override.as_ref());
        byline
    }

    fn write_text(&mut self, replaced: Option<&BylineOverride>) {
        self.overridden = replaced.is_some();
        self.text = replaced
            .map(|text| text.as_str().to_owned())
            .or_else(|| byline_text(self.contributors.iter().map(|entry| (entry.name.as_str(), entry.role))));
    }

    /// Shows `now` where `named` was shown: the same contributor under another name, or another one. True when something
    /// changed.
    pub fn show(&mut self, named: ContributorId, now: &Contributor) -> bool {
        let before = self.clone();
        for entry in self.contributors.iter_mut().filter(|entry| entry.id == named) {
            entry.id = now.id;
            entry.slug = now.slug.clone();
            entry.name = now.name.clone();
            entry.kind = now.kind;
            entry.url.clone_from(&now.url);
        }
        keep_first(&mut self.contributors, |entry| (entry.id, entry.role));
        if !self.overridden {
            self.write_text(None);
        }
        *self != before
    }
}

impl Summary {
    fn new(article: &Article, around: &Surroundings<'_>, now: Timestamp) -> Self {
        let content = &article.content;
        let section = section_card(&around.sections);
        let first_published_at = article.first_published_at.unwrap_or(now);
        let path = around.site.path(&Parts {
            first_published_at,
            slug: &article.slug,
            short_id: &article.short_id,
            section: section.as_ref().map(|card| &card.slug),
            locale: &content.locale,
        });
        let word_count = article.word_count;
        Self {
            id: article.id,
            short_id: article.short_id.clone(),
            kind: content.kind,
            locale: content.locale.clone(),
            headline: content.headline.clone(),
            short_headline: content.short_headline.clone(),
            seo_title: content.seo_title.clone(),
            seo_description: content.seo_description.clone(),
            deck: content.deck.clone(),
            kicker: content.kicker.clone(),
            slug: article.slug.clone(),
            path,
            canonical_url: String::new(),
            original_url: content.original_url.clone(),
            byline: PublicByline::new(content, &around.contributors),
            distributor: content.distributor.as_ref().map(|from| PublicDistributor {
                name: from.name.clone(),
                category: from.category,
                item_id: from.item_id.clone(),
            }),
            dateline: content.dateline.as_ref().map(|line| PublicDateline {
                text: line.rendered(),
                city: line.city.clone(),
                country: line.country.clone(),
                date: line.date,
                source: line.source.clone(),
            }),
            section,
            tags: around.tags.iter().map(TagCard::from).collect(),
            lead_media: content.lead_media.as_ref().and_then(|lead| {
                let found = around.media.iter().find(|one| one.id == lead.media_id)?;
                Some(PublicMediaUse::new(lead, found.into()))
            }),
            corrections: article.corrections.public(|block| content.body.has_block(block)),
            custom: content.custom.clone(),
            word_count,
            reading_minutes: reading_minutes(word_count),
            first_published_at,
            published_at: article.published_at.unwrap_or(now),
            updated_at: now,
        }
    }

    /// Shows the section as it is called now, and moves where the address names it. True when something changed.
    pub fn rename_section(&mut self, card: Option<&SectionCard>, site: &Site) -> bool {
        let before = std::mem::replace(&mut self.section, card.cloned());
        let (old, new) = (before.as_ref().map(|card| &card.slug), card.map(|card| &card.slug));
        if old != new && site.names_section() {
            self.path = site.path(&Parts {
                first_published_at: self.first_published_at,
                slug: &self.slug,
                short_id: &self.short_id,
                section: new,
                locale: &self.locale,
            });
        }
        before != self.section
    }

    /// Shows the tag `now` where `named` was shown: the same under another name, or another one. True when something
    /// changed.
    pub fn show_tag(&mut self, named: TagId, now: &Tag) -> bool {
        let before = self.tags.clone();
        for card in self.tags.iter_mut().filter(|card| card.id == named) {
            *card = TagCard::from(now);
        }
        keep_first(&mut self.tags, |card| card.id);
        self.tags != before
    }
}

impl Edition {
    /// Freezes the article as it is now.
    pub fn new(
        id: EditionId,
        article: &Article,
        around: &Surroundings<'_>,
        now: Timestamp,
    ) -> serde_json::Result<Self> {
        let body: &Body = &article.content.body;
        let shown: BTreeSet<MediaId> = body.media().iter().map(|place| place.media_id).collect();
        let media = around.media.iter().filter(|one| shown.contains(&one.id));
        Ok(Self {
            id,
            article_id: article.id,
            revision: article.revision,
            translation_group: article.translation_group,
            live_from: now,
            summary: Summary::new(article, around, now),
            body: serde_json::value::to_raw_value(body)?,
            media: media.map(MediaCard::from).collect(),
            links: body.linked_articles().into_iter().collect(),
            related: article.content.related.shown().cloned().collect(),
        })
    }

    /// Every media that it shows.
    pub fn media_ids(&self) -> Vec<MediaId> {
        let lead = self.summary.lead_media.iter().map(|lead| lead.media_id);
        lead.chain(self.media.iter().map(|card| card.id)).collect()
    }

    /// Shows a media as it is now. True when something changed.
    pub fn show_media(&mut self, now: &MediaCard) -> bool {
        let lead = self.summary.lead_media.iter_mut().map(|lead| &mut lead.media);
        let mut changed = false;
        for card in lead.chain(&mut self.media).filter(|card| card.id == now.id) {
            changed |= card != now;
            card.clone_from(now);
        }
        changed
    }
}
