//! How readers find live articles: what is searched, what is looked for, which of what is found comes first.
//!
//! Words are made here and not by the databases, so that both find the same (decision 0019). A change of what is made of a
//! text needs the index made anew: `store::search` says how.

mod entry;
mod excerpt;
mod fold;
mod language;
mod query;
mod rank;
mod words;

pub use entry::{IndexEntry, SearchFilter, Slot};
pub use excerpt::{Highlighter, Highlights, Piece};
pub use language::Language;
pub use query::{SearchQuery, Term};
pub use rank::{Candidate, ranked};

use super::body::Body;
use super::edition::{Edition, PublicByline, Summary};
use super::invalid::words;
use super::locale::Locale;
use super::media::MediaCard;
use super::terms::Words;
use super::text::Caption;

/// Characters of a body that are searched.
const BODY: usize = 100_000;

words! {
    /// The order of what is found.
    #[derive(Default)]
    SearchSort {
        /// What says it in the headline before what says it in the body, newer before older.
        #[default]
        Relevance = "relevance",
        Newest = "-published_at",
    }
}

words! {
    /// What the matches are counted by.
    Facet {
        Section = "section",
        Kind = "kind",
        Tag = "tag",
        Month = "month",
    }
}

words! {
    /// Whether a number is that of all matches.
    TotalRelation {
        Exact = "exact",
        AtLeast = "at_least",
    }
}

/// What is searched of an edition, by where it stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
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
        Self::new(&edition.summary, edition.body.get(), &edition.media)
    }

    /// From the parts of an edition; `blocks` is its body as JSON.
    pub fn new(summary: &Summary, blocks: &str, media: &[MediaCard]) -> serde_json::Result<Self> {
        let mut body: Body = serde_json::from_str(blocks)?;
        body.show_media(|id| media.iter().find(|card| card.id == id).cloned());
        let lead = summary.lead_media.as_ref();
        let lead = lead.and_then(|lead| lead.caption.as_ref().or(lead.media.caption.as_ref()));
        let text = [lead.map_or("", Caption::as_str), &body.plain_text()].join("\n\n");
        Ok(Self {
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
            body: beginning(text.trim_start()).to_owned(),
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

/// As much of a text as is searched.
fn beginning(text: &str) -> &str {
    // So many bytes are no more characters.
    if text.len() <= BODY {
        return text;
    }
    let end = text.char_indices().nth(BODY).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Everybody who is named, and what an editor wrote in their place. The text that is made of the names adds only an "and".
fn names(byline: &PublicByline) -> String {
    let written = byline.text.as_deref().filter(|_| byline.overridden);
    let names = byline.contributors.iter().map(|entry| entry.name.as_str());
    written.into_iter().chain(names).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_characters_are_searched_and_no_more() {
        for letter in ["a", "é", "\u{6f22}"] {
            let most = letter.repeat(BODY);
            assert!(beginning(&most) == most, "{letter}");
            assert!(beginning(&(most.clone() + letter)) == most, "{letter}");
        }
        assert_eq!(beginning(""), "");
    }
}
