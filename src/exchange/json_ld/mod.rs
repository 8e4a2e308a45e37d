//! An article as schema.org has it (JSON-LD), for search engines and for what reads pages by itself.

mod parts;

use serde::Serialize;
use utoipa::ToSchema;

use super::page::{Page, is_person, jpegs, urn, words};
use crate::domain::article::ArticleKind;
use crate::domain::byline::ContributorRole;
use crate::domain::correction::PublicCorrection;
use crate::domain::edition::{BylineEntry, Summary};
use crate::domain::media::{MediaKind, PublicMediaUse};
use crate::domain::permalink::Site;
use crate::domain::related::{RelatedCard, RelatedKind};
use crate::domain::text::{AltText, Caption, CreditLine, ShortHeadline};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use parts::{
    CorrectionComment, LinkedWork, MediaObject, MediaObjectType, NewsArticleType, Party, PartyType, Pixels, WebPage,
};

/// An article (schema.org).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewsArticle {
    #[serde(rename = "@context")]
    #[schema(examples("https://schema.org"))]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: NewsArticleType,
    /// A name that stays when the address changes.
    #[serde(rename = "@id")]
    id: String,
    url: String,
    main_entity_of_page: WebPage,
    headline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    alternative_headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = MediaObject, required = false)]
    image: Option<MediaObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = MediaObject, required = false)]
    video: Option<MediaObject>,
    date_published: Timestamp,
    date_modified: Timestamp,
    /// Who wrote it; where nobody is named, what the byline says, or else who supplied it or publishes it.
    author: Vec<Party>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    editor: Vec<Party>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    translator: Vec<Party>,
    /// Photographers, and organisations that edited it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    contributor: Vec<Party>,
    publisher: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Party, required = false)]
    source_organization: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    credit_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    dateline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    article_section: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    keywords: Vec<String>,
    in_language: String,
    word_count: usize,
    /// Where it first appeared, and what it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    is_based_on: Vec<String>,
    /// What it links to, in the order of its list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    citation: Vec<LinkedWork>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    translation_of_work: Vec<LinkedWork>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    correction: Vec<CorrectionComment>,
}

/// The document. It can be put into a `script` element as it is: no `<` is left in it.
pub fn write(page: &Page<'_>) -> serde_json::Result<String> {
    Ok(serde_json::to_string(&article(page))?.replace('<', "\\u003c"))
}

fn article(page: &Page<'_>) -> NewsArticle {
    let summary = page.summary;
    let (translated, cited): (Vec<_>, Vec<_>) = page
        .related
        .iter()
        .partition(|card| card.kind == RelatedKind::Translation);
    let sources = page.related.iter().filter(|card| card.kind == RelatedKind::Source);
    let original = summary.original_url.iter().map(|url| url.as_str().to_owned());
    let distributor = summary.distributor.as_ref().map(|one| one.name.as_str());
    let lead = |kind| summary.lead_media.as_ref().filter(|lead| lead.media.kind == kind);
    let those = |roles: &[ContributorRole]| named(summary, |entry| roles.contains(&entry.role));
    NewsArticle {
        context: "https://schema.org",
        kind: kind(summary.kind),
        id: urn(summary.id),
        url: summary.canonical_url.clone(),
        main_entity_of_page: WebPage {
            kind: "WebPage",
            id: summary.canonical_url.clone(),
        },
        headline: summary.headline.as_str().to_owned(),
        alternative_headline: words(summary.short_headline.as_ref().map(ShortHeadline::as_str)),
        description: words(page.description()),
        image: lead(MediaKind::Image).and_then(image),
        video: lead(MediaKind::Video).and_then(|film| video(film, summary)),
        date_published: summary.first_published_at,
        date_modified: summary.updated_at,
        author: authors(page),
        // Only a person can be one there.
        editor: named(summary, |entry| {
            entry.role == ContributorRole::Editor && is_person(entry)
        }),
        translator: those(&[ContributorRole::Translator]),
        contributor: named(summary, |entry| match entry.role {
            ContributorRole::Photographer => true,
            ContributorRole::Editor => !is_person(entry),
            _ => false,
        }),
        publisher: publisher(page.site),
        source_organization: distributor.map(organization),
        credit_text: words(distributor),
        dateline: summary.dateline.as_ref().and_then(|line| line.text.clone()),
        article_section: words(summary.section.as_ref().map(|card| card.name.as_str())),
        keywords: summary.tags.iter().map(|tag| tag.name.as_str().to_owned()).collect(),
        in_language: summary.locale.as_str().to_owned(),
        word_count: summary.word_count,
        is_based_on: original.chain(sources.map(|card| card.url.clone())).collect(),
        citation: cited.into_iter().map(linked).collect(),
        translation_of_work: translated.into_iter().map(linked).collect(),
        correction: summary.corrections.iter().map(correction).collect(),
    }
}

fn kind(kind: ArticleKind) -> NewsArticleType {
    match kind {
        ArticleKind::Opinion => NewsArticleType::OpinionNewsArticle,
        ArticleKind::Analysis => NewsArticleType::AnalysisNewsArticle,
        // Schema.org has no others that would say more and be true: a live blog is told post by post there.
        ArticleKind::News
        | ArticleKind::Feature
        | ArticleKind::Interview
        | ArticleKind::Obituary
        | ArticleKind::Live
        | ArticleKind::PressRelease => NewsArticleType::NewsArticle,
    }
}

fn authors(page: &Page<'_>) -> Vec<Party> {
    let wrote = [ContributorRole::Author, ContributorRole::Reporter];
    let named = named(page.summary, |entry| wrote.contains(&entry.role));
    if !named.is_empty() {
        return named;
    }
    let byline = &page.summary.byline;
    // A text of an editor's, of which nobody knows who it names.
    let text = byline.text.as_deref().filter(|_| byline.overridden);
    let supplier = || page.summary.distributor.as_ref().map(|one| one.name.as_str());
    let other = text.or_else(supplier).map(organization);
    vec![other.unwrap_or_else(|| publisher(page.site))]
}

fn named(summary: &Summary, wanted: impl Fn(&BylineEntry) -> bool) -> Vec<Party> {
    let entries = summary.byline.contributors.iter().filter(|entry| wanted(entry));
    let party = |entry: &BylineEntry| Party {
        kind: if is_person(entry) {
            PartyType::Person
        } else {
            PartyType::Organization
        },
        name: entry.name.as_str().to_owned(),
        url: words(entry.url.as_ref().map(WebUrl::as_str)),
    };
    entries.map(party).collect()
}

fn organization(name: &str) -> Party {
    Party {
        kind: PartyType::Organization,
        name: name.to_owned(),
        url: None,
    }
}

fn publisher(site: &Site) -> Party {
    Party {
        kind: PartyType::NewsMediaOrganization,
        name: site.name.clone(),
        url: Some(site.canonical("/")),
    }
}

/// The lead picture in its largest form.
fn image(lead: &PublicMediaUse) -> Option<MediaObject> {
    let largest = jpegs(&lead.media).last()?;
    Some(MediaObject {
        width: Some(Pixels::new(largest.width)),
        height: Some(Pixels::new(largest.height)),
        ..media(lead, MediaObjectType::ImageObject, &largest.url)
    })
}

/// A lead film. It must be called something there.
fn video(lead: &PublicMediaUse, summary: &Summary) -> Option<MediaObject> {
    let own = lead.media.headline.as_ref().unwrap_or(&summary.headline);
    Some(MediaObject {
        name: Some(own.as_str().to_owned()),
        width: lead.media.width.map(Pixels::new),
        height: lead.media.height.map(Pixels::new),
        ..media(lead, MediaObjectType::VideoObject, lead.media.src.as_deref()?)
    })
}

fn media(lead: &PublicMediaUse, kind: MediaObjectType, url: &str) -> MediaObject {
    MediaObject {
        kind,
        name: None,
        url: url.to_owned(),
        content_url: url.to_owned(),
        width: None,
        height: None,
        caption: words(lead.caption.as_ref().map(Caption::as_str)),
        description: words(lead.alt.as_ref().map(AltText::as_str)),
        credit_text: words(lead.credit.as_ref().map(CreditLine::as_str)),
        copyright_notice: words(lead.media.copyright.as_ref().map(CreditLine::as_str)),
    }
}

fn linked(card: &RelatedCard) -> LinkedWork {
    LinkedWork {
        kind: card
            .article
            .as_ref()
            .map_or(NewsArticleType::CreativeWork, |article| kind(article.kind)),
        name: card.label.clone(),
        url: card.url.clone(),
        publisher: card.source.as_ref().map(|source| organization(source.as_str())),
    }
}

fn correction(note: &PublicCorrection) -> CorrectionComment {
    CorrectionComment {
        kind: "CorrectionComment",
        name: note.kind.label().to_owned(),
        text: note.text.as_str().to_owned(),
        date_published: note.created_at,
        date_modified: note.updated_at,
    }
}
