//! An article as news in JSON (ninjs 3.1 of the IPTC), for other newsrooms.

mod parts;

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, is_person, jpegs, target, urn, words};
use crate::domain::correction::PublicCorrection;
use crate::domain::edition::{BylineEntry, Summary};
use crate::domain::media::{MediaKind, PublicMediaUse, RenditionAddress};
use crate::domain::related::RelatedCard;
use crate::domain::text::{
    AltText, Caption, CreditLine, Deck, Headline, ItemId, Kicker, SeoDescription, SeoTitle, ShortHeadline, capitalized,
};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use parts::{
    NinjsAltId, NinjsAssociation, NinjsBody, NinjsConcept, NinjsRendition, NinjsSource, NinjsStandard, NinjsText,
};

const SCHEMA: &str = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json";
const TEXT: &str = "text/plain";
const HTML: &str = "text/html";

/// A news item (IPTC ninjs 3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NinjsItem {
    standard: NinjsStandard,
    /// A name that stays when the address changes.
    uri: String,
    #[serde(rename = "type")]
    #[schema(examples("text"))]
    kind: &'static str,
    #[schema(examples("full"))]
    representation_type: &'static str,
    first_created: Timestamp,
    version_created: Timestamp,
    #[schema(examples("usable"))]
    pub_status: &'static str,
    language: String,
    slugline: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    located: Option<String>,
    /// `main`, and where they are given `short`, `seo` and `kicker`.
    headlines: Vec<NinjsText>,
    /// Where they are given `summary` and `seo`; each public note is a `correction`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    descriptions: Vec<NinjsText>,
    bodies: Vec<NinjsBody>,
    /// The people of the byline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    people: Vec<NinjsConcept>,
    /// The organisations of the byline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    organisations: Vec<NinjsConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    places: Vec<NinjsConcept>,
    /// The section and those above it, and the tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    subjects: Vec<NinjsConcept>,
    genres: Vec<NinjsConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    info_sources: Vec<NinjsSource>,
    alt_ids: Vec<NinjsAltId>,
    renditions: Vec<NinjsRendition>,
    /// The lead media, and what the list of related links has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    associations: Vec<NinjsAssociation>,
}

/// The document.
pub fn write(page: &Page<'_>) -> serde_json::Result<String> {
    serde_json::to_string(&item(page))
}

fn item(page: &Page<'_>) -> NinjsItem {
    let summary = page.summary;
    let (people, organisations): (Vec<_>, Vec<_>) = summary.byline.contributors.iter().partition(|one| is_person(one));
    let links = page.related.iter().enumerate().map(|(at, card)| linked(at, card));
    NinjsItem {
        standard: NinjsStandard {
            name: "ninjs",
            version: "3.1",
            schema: SCHEMA,
        },
        uri: urn(summary.id),
        kind: "text",
        representation_type: "full",
        first_created: summary.first_published_at,
        version_created: summary.updated_at,
        pub_status: "usable",
        language: summary.locale.as_str().to_owned(),
        slugline: summary.slug.as_str().to_owned(),
        title: summary.headline.as_str().to_owned(),
        by: summary.byline.text.clone(),
        located: words(city(summary)),
        headlines: headlines(summary),
        descriptions: descriptions(summary),
        bodies: vec![NinjsBody {
            role: "main",
            content_type: HTML,
            word_count: summary.word_count,
            value: page.html.to_owned(),
        }],
        people: people.into_iter().map(credited).collect(),
        organisations: organisations.into_iter().map(credited).collect(),
        places: city(summary).map(|name| place(summary, name)).into_iter().collect(),
        subjects: subjects(summary),
        genres: vec![NinjsConcept {
            name: capitalized(summary.kind.as_str()).replace('_', " "),
            literal: Some(summary.kind.as_str().to_owned()),
            ..NinjsConcept::default()
        }],
        info_sources: distributor(summary).into_iter().collect(),
        alt_ids: alt_ids(summary),
        renditions: vec![web(&summary.canonical_url, HTML)],
        associations: summary.lead_media.iter().map(lead).chain(links).collect(),
    }
}

fn text(role: &'static str, value: Option<&str>) -> Option<NinjsText> {
    Some(NinjsText {
        role,
        content_type: TEXT,
        value: value?.to_owned(),
    })
}

fn headlines(summary: &Summary) -> Vec<NinjsText> {
    [
        text("main", Some(summary.headline.as_str())),
        text("short", summary.short_headline.as_ref().map(ShortHeadline::as_str)),
        text("seo", summary.seo_title.as_ref().map(SeoTitle::as_str)),
        text("kicker", summary.kicker.as_ref().map(Kicker::as_str)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn descriptions(summary: &Summary) -> Vec<NinjsText> {
    let notes = summary.corrections.iter().map(|one| Some(note(one)));
    [
        text("summary", summary.deck.as_ref().map(Deck::as_str)),
        text("seo", summary.seo_description.as_ref().map(SeoDescription::as_str)),
    ]
    .into_iter()
    .chain(notes)
    .flatten()
    .collect()
}

fn note(correction: &PublicCorrection) -> NinjsText {
    let kind = correction.kind.label();
    NinjsText {
        role: "correction",
        content_type: TEXT,
        value: format!(
            "{kind} ({}): {}",
            correction.created_at.date(),
            correction.text.as_str()
        ),
    }
}

fn credited(entry: &BylineEntry) -> NinjsConcept {
    NinjsConcept {
        name: entry.name.as_str().to_owned(),
        rel: Some(entry.role.as_str()),
        uri: Some(urn(entry.id)),
        literal: Some(entry.slug.as_str().to_owned()),
    }
}

fn city(summary: &Summary) -> Option<&str> {
    Some(summary.dateline.as_ref()?.city.as_ref()?.as_str())
}

fn place(summary: &Summary, name: &str) -> NinjsConcept {
    let country = summary.dateline.as_ref().and_then(|line| line.country.clone());
    NinjsConcept {
        name: name.to_owned(),
        rel: Some("dateline"),
        literal: country.map(|country| format!("{name}, {}", country.as_str())),
        ..NinjsConcept::default()
    }
}

fn subjects(summary: &Summary) -> Vec<NinjsConcept> {
    let subject = |rel, id: String, name: &str, slug: &str| NinjsConcept {
        name: name.to_owned(),
        rel: Some(rel),
        uri: Some(id),
        literal: Some(slug.to_owned()),
    };
    let section = summary.section.iter();
    let sections = section.flat_map(|card| {
        let above = card.ancestors.iter();
        let above = above.map(|step| subject("section", urn(step.id), step.name.as_str(), step.slug.as_str()));
        above.chain([subject("section", urn(card.id), card.name.as_str(), card.slug.as_str())])
    });
    let tags = summary.tags.iter();
    let tags = tags.map(|tag| subject("about", urn(tag.id), tag.name.as_str(), tag.slug.as_str()));
    sections.chain(tags).collect()
}

fn distributor(summary: &Summary) -> Option<NinjsSource> {
    let from = summary.distributor.as_ref()?;
    Some(NinjsSource {
        name: from.name.as_str().to_owned(),
        role: format!("distributor:{}", from.category.as_str()),
    })
}

fn alt_ids(summary: &Summary) -> Vec<NinjsAltId> {
    let item = summary.distributor.as_ref().and_then(|from| from.item_id.as_ref());
    let named = [
        ("short_id", Some(summary.short_id.as_str())),
        ("canonical_url", Some(summary.canonical_url.as_str())),
        ("original_url", summary.original_url.as_ref().map(WebUrl::as_str)),
        ("distributor_item", item.map(ItemId::as_str)),
    ];
    let each = named.into_iter().filter_map(|(role, value)| {
        let value = value?.to_owned();
        Some(NinjsAltId { role, value })
    });
    each.collect()
}

fn web(url: &str, content_type: &'static str) -> NinjsRendition {
    NinjsRendition {
        name: "web".to_owned(),
        href: url.to_owned(),
        content_type: Some(content_type),
        width: None,
        height: None,
    }
}

fn lead(lead: &PublicMediaUse) -> NinjsAssociation {
    let (media, credit) = (&lead.media, lead.credit.as_ref());
    let of_picture = |one: &RenditionAddress| NinjsRendition {
        name: format!("{}w", one.width),
        href: one.url.clone(),
        content_type: Some("image/jpeg"),
        width: Some(one.width),
        height: Some(one.height),
    };
    let mut renditions: Vec<NinjsRendition> = jpegs(media).map(of_picture).collect();
    if renditions.is_empty() {
        let file = media.src.as_deref().map(|src| web(src, media.mime.as_str()));
        renditions.extend(file);
    }
    NinjsAssociation {
        name: "lead".to_owned(),
        rel: "lead",
        uri: urn(lead.media_id),
        kind: Some(match media.kind {
            MediaKind::Image => "picture",
            MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Document => "component",
        }),
        representation_type: "partial",
        version_created: None,
        language: None,
        by: words(media.creator.as_ref().map(CreditLine::as_str)),
        copyright_notice: words(media.copyright.as_ref().map(CreditLine::as_str)),
        headlines: text("main", media.headline.as_ref().map(Headline::as_str))
            .into_iter()
            .collect(),
        descriptions: [
            text("caption", lead.caption.as_ref().map(Caption::as_str)),
            text("alt", lead.alt.as_ref().map(AltText::as_str)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        info_sources: credit
            .map(|credit| NinjsSource {
                name: credit.as_str().to_owned(),
                role: "credit".to_owned(),
            })
            .into_iter()
            .collect(),
        renditions,
    }
}

fn linked(at: usize, card: &RelatedCard) -> NinjsAssociation {
    let article = card.article.as_ref();
    NinjsAssociation {
        name: format!("related-{}", at + 1),
        rel: card.kind.as_str(),
        uri: target(card),
        kind: article.map(|_| "text"),
        representation_type: "partial",
        version_created: article.map(|article| article.updated_at),
        language: article.map(|article| article.locale.as_str().to_owned()),
        by: None,
        copyright_notice: None,
        headlines: text("main", Some(&card.label)).into_iter().collect(),
        descriptions: text("summary", article.and_then(|one| Some(one.deck.as_ref()?.as_str())))
            .into_iter()
            .collect(),
        info_sources: card
            .source
            .as_ref()
            .map(|source| NinjsSource {
                name: source.as_str().to_owned(),
                role: "publisher".to_owned(),
            })
            .into_iter()
            .collect(),
        renditions: vec![web(&card.url, HTML)],
    }
}
