//! What is new, for programs that follow a site: RSS, Atom and JSON Feed of the same items; and what there is, for search engines.
//! Values in, text out, no I/O.

mod atom;
mod json_feed;
pub mod robots;
mod rss;
pub mod sitemap;

pub use atom::write as atom;
pub use json_feed::{JsonFeed, write as json};
pub use rss::write as rss;

use std::fmt::Write as _;

use crate::domain::id::ArticleId;
use crate::domain::time::Timestamp;

/// What a feed is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub title: String,
    pub description: Option<String>,
    /// The site.
    pub home: String,
    /// The feed itself.
    pub address: String,
    pub language: String,
    /// The last published first.
    pub items: Vec<Item>,
}

/// One story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ArticleId,
    pub url: String,
    pub title: String,
    pub summary: Option<String>,
    /// The whole text; `None` where the feed would grow too large with it.
    pub html: Option<String>,
    /// Public notes on it, which stand below the text.
    pub notes: Vec<String>,
    pub authors: Vec<Author>,
    pub categories: Vec<String>,
    pub image: Option<Image>,
    pub language: String,
    pub published_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub url: Option<String>,
}

/// The picture of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub url: String,
    pub mime: &'static str,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: Option<String>,
    pub credit: Option<String>,
}

impl Feed {
    /// When something of it last changed.
    fn updated_at(&self) -> Option<Timestamp> {
        self.items.iter().map(|item| item.updated_at).max()
    }
}

impl Item {
    /// The name that a story keeps whatever becomes of its address (RFC 9562 §4).
    fn urn(&self) -> String {
        format!("urn:uuid:{}", self.id)
    }

    /// The text, with the notes.
    fn content(&self) -> Option<String> {
        let mut content = plain(self.html.as_deref()?);
        for note in &self.notes {
            let note = escaped(note);
            let _ = write!(content, "<aside><p>{note}</p></aside>");
        }
        Some(content)
    }

    /// Those who are named, as far as XML can hold their names.
    fn named(&self) -> impl Iterator<Item = (String, Option<&str>)> {
        let names = self
            .authors
            .iter()
            .map(|author| (plain(&author.name), author.url.as_deref()));
        names.filter(|(name, _)| !name.trim().is_empty())
    }
}

/// Words as HTML has them, where a reader takes words for HTML.
fn escaped(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Without what XML 1.0 cannot hold, escaped or not (§2.2 there).
fn plain(text: &str) -> String {
    let fits = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}
