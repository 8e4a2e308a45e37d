//! What the index of either database holds of an article.

use std::collections::{BTreeSet, HashMap};

use super::SearchText;
use super::language::Language;
use super::words::{Word, WordKind, words};
use crate::domain::article::ArticleKind;
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, ContributorId, SectionId, TagId};
use crate::domain::locale::Locale;
use crate::domain::time::Timestamp;

/// Most words of an article, and most bytes of them. PostgreSQL knows 16,383 places and 1 MiB of words and stems.
const MOST: usize = 16_000;
const MOST_BYTES: usize = 400_000;
/// Places of one word; PostgreSQL keeps no more than 255. Of what stands more often, later places are no part of phrases.
const PLACES: u16 = 250;

/// A place in the text that has a word, or is a gap that no phrase reaches over.
pub type Slot = Option<String>;

/// An article as it is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    pub article_id: ArticleId,
    pub published_at: Timestamp,
    pub headline: Vec<Slot>,
    /// Deck, byline, tags, body.
    pub text: Vec<Slot>,
    /// Where they are no words themselves.
    pub headline_stems: BTreeSet<String>,
    pub text_stems: BTreeSet<String>,
    /// What a filter asks for.
    pub marks: BTreeSet<String>,
    /// The words above the body with their stems, for ranking: see `rank`.
    pub top: String,
}

impl IndexEntry {
    pub fn new(summary: &Summary, text: &SearchText) -> Self {
        let language = Language::of(&text.locale);
        let mut slots = Slots::default();
        let mut top = Vec::new();
        let mut above = |written: &str, slots: &mut Slots, to: &mut Written| {
            top.push(slots.take(written, language, to));
        };
        let (mut headline, mut rest) = (Written::default(), Written::default());
        above(&text.headline, &mut slots, &mut headline);
        above(&text.deck, &mut slots, &mut rest);
        above(&text.byline, &mut slots, &mut rest);
        above(&text.tags, &mut slots, &mut rest);
        slots.take(&text.body, language, &mut rest);
        Self {
            article_id: summary.id,
            published_at: summary.published_at,
            headline: headline.slots,
            text: rest.slots,
            headline_stems: headline.stems,
            text_stems: rest.stems,
            marks: marks(summary),
            top: top.join("\n"),
        }
    }
}

/// A part of the article that is told from others.
#[derive(Default)]
struct Written {
    slots: Vec<Slot>,
    stems: BTreeSet<String>,
}

/// Counts what was taken of an article.
#[derive(Default)]
struct Slots {
    taken: usize,
    bytes: usize,
    places: HashMap<String, u16>,
    /// Many words of a text are there many times.
    stems: HashMap<String, Option<String>>,
}

impl Slots {
    /// Adds a text; the answer is its words with their stems, `word` or `word=stem`, with blanks between.
    fn take(&mut self, text: &str, language: Option<Language>, to: &mut Written) -> String {
        let mut told = String::new();
        if !to.slots.is_empty() {
            to.slots.push(None);
            self.taken += 1;
        }
        for word in words(text) {
            self.bytes += word.text.len();
            if self.taken >= MOST || self.bytes > MOST_BYTES {
                break;
            }
            self.taken += 1;
            if !told.is_empty() {
                told.push(' ');
            }
            told.push_str(&word.text);
            if let Some(stem) = stem(&mut self.stems, text, &word, language) {
                told.push('=');
                told.push_str(stem);
                if !to.stems.contains(stem) {
                    to.stems.insert(stem.to_owned());
                }
            }
            let places = match self.places.get_mut(&word.text) {
                Some(places) => places,
                None => self.places.entry(word.text.clone()).or_default(),
            };
            *places = places.saturating_add(1);
            to.slots.push((*places <= PLACES).then_some(word.text));
        }
        told
    }
}

/// The stem of a word of the text, by those that are known.
fn stem<'a>(
    known: &'a mut HashMap<String, Option<String>>,
    text: &str,
    word: &Word,
    language: Option<Language>,
) -> Option<&'a str> {
    let language = language.filter(|_| word.kind == WordKind::Whole)?;
    let written = text.get(word.at.clone()).filter(|written| !written.contains('.'))?;
    if !known.contains_key(written) {
        known.insert(written.to_owned(), language.stem(written, &word.text));
    }
    known.get(written)?.as_deref()
}

/// What readers filter by, as marks that no word can be.
fn marks(summary: &Summary) -> BTreeSet<String> {
    let section = summary.section.iter().map(|card| of_section(card.id));
    let tags = summary.tags.iter().map(|tag| of_tag(tag.id));
    let byline = summary.byline.contributors.iter();
    [of_kind(summary.kind), of_locale(&summary.locale)]
        .into_iter()
        .chain(section)
        .chain(tags)
        .chain(byline.map(|entry| of_contributor(entry.id)))
        .collect()
}

fn of_kind(kind: ArticleKind) -> String {
    mark('k', kind.as_str())
}

fn of_locale(locale: &Locale) -> String {
    mark('l', locale.as_str())
}

fn of_section(id: SectionId) -> String {
    mark('s', &id.0.simple().to_string())
}

fn of_tag(id: TagId) -> String {
    mark('t', &id.0.simple().to_string())
}

fn of_contributor(id: ContributorId) -> String {
    mark('c', &id.0.simple().to_string())
}

fn mark(kind: char, name: &str) -> String {
    let plain = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '.'
        }
    });
    ['=', kind].into_iter().chain(plain).collect()
}

/// Which articles are searched. An empty list leaves that side open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter {
    pub sections: Vec<SectionId>,
    pub tags: Vec<TagId>,
    pub contributors: Vec<ContributorId>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    /// Exclusive.
    pub published_after: Option<Timestamp>,
    /// Exclusive.
    pub published_before: Option<Timestamp>,
}

impl SearchFilter {
    /// The marks of which an article has one of each group.
    pub fn marks(&self) -> Vec<Vec<String>> {
        let groups = [
            self.sections.iter().map(|id| of_section(*id)).collect(),
            self.tags.iter().map(|id| of_tag(*id)).collect(),
            self.contributors.iter().map(|id| of_contributor(*id)).collect(),
            self.kinds.iter().map(|kind| of_kind(*kind)).collect(),
            self.locales.iter().map(of_locale).collect::<Vec<_>>(),
        ];
        groups.into_iter().filter(|group| !group.is_empty()).collect()
    }
}
