//! The words by which readers find a live article.

use super::body::Body;
use super::edition::{Edition, PublicByline};
use super::id::ArticleId;
use super::locale::Locale;
use super::terms::Words;
use super::text::Caption;

/// Characters of a body that are searched. PostgreSQL indexes no more than 1 MiB of words, and a body may be as long.
const BODY: usize = 100_000;

/// What is searched of an edition, by where it stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    pub article_id: ArticleId,
    pub locale: Locale,
    pub headline: String,
    pub deck: String,
    pub byline: String,
    /// The names of the tags.
    pub tags: String,
    /// With what stands under pictures.
    pub body: String,
}

impl SearchText {
    pub fn of(edition: &Edition) -> serde_json::Result<Self> {
        let summary = &edition.summary;
        let mut body: Body = serde_json::from_str(edition.body.get())?;
        body.show_media(|id| edition.media.iter().find(|card| card.id == id).cloned());
        let lead = summary.lead_media.as_ref();
        let lead = lead.and_then(|lead| lead.caption.as_ref().or(lead.media.caption.as_ref()));
        let text = [lead.map_or("", Caption::as_str), &body.plain_text()].join("\n\n");
        Ok(Self {
            article_id: edition.article_id,
            locale: summary.locale.clone(),
            headline: summary.headline.as_str().to_owned(),
            deck: summary.deck.as_ref().map_or("", |deck| deck.as_str()).to_owned(),
            byline: names(&summary.byline),
            tags: summary
                .tags
                .iter()
                .map(|tag| tag.name.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            body: text.trim_start().chars().take(BODY).collect(),
        })
    }

    /// The same for who looks for similar stories.
    pub fn words(&self) -> Words<'_> {
        Words {
            locale: &self.locale,
            headline: &self.headline,
            deck: &self.deck,
            body: &self.body,
        }
    }
}

/// Everybody who is named, and what an editor wrote in their place. The text that is made of the names adds only an "and".
fn names(byline: &PublicByline) -> String {
    let written = byline.text.as_deref().filter(|_| byline.overridden);
    let names = byline.contributors.iter().map(|entry| entry.name.as_str());
    written.into_iter().chain(names).collect::<Vec<_>>().join("\n")
}
