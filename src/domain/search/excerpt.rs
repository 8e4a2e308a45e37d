//! What of a text is shown for a query, with what was found in it marked.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use utoipa::ToSchema;

use super::SearchText;
use super::language::Language;
use super::query::{SearchQuery, Term};
use super::words::{Word, WordKind, words};
use crate::domain::locale::Locale;

/// Characters that are looked through for an excerpt at a time, and of all bodies together: a page has a hundred of them.
const AT_A_TIME: usize = 20_000;
const IN_ALL: usize = 100 * AT_A_TIME;
/// Most characters of an excerpt.
const LENGTH: usize = 240;
/// Hits that are weighed against each other. A text may be the same word thousands of times.
const WEIGHED: usize = 500;
/// Characters before what was found.
const BEFORE: usize = 60;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Piece {
    #[schema(examples("ferry"))]
    pub text: String,
    /// Whether it is what was looked for.
    pub r#match: bool,
}

/// Texts of an article with what was found in them marked. The pieces of each, put together, are the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Highlights {
    /// The whole headline.
    pub headline: Vec<Piece>,
    /// The whole deck; empty where there is none.
    pub deck: Vec<Piece>,
    /// At most 240 characters of one paragraph, where most of what was looked for stands; empty where nothing of it does.
    pub body: Vec<Piece>,
}

/// What was found: which term, and where.
type Hit = (usize, Range<usize>);

/// Marks what was found in one text after the other.
pub struct Highlighter<'a> {
    query: &'a SearchQuery,
    locale: Option<Locale>,
    language: Option<Language>,
    /// Stems of the words of each language as they were met: its articles have most words in common.
    stems: HashMap<Locale, HashMap<String, Option<String>>>,
    /// Characters that may still be looked through for excerpts.
    left: usize,
}

impl<'a> Highlighter<'a> {
    pub fn new(query: &'a SearchQuery) -> Self {
        Self {
            query,
            locale: None,
            language: None,
            stems: HashMap::new(),
            left: IN_ALL,
        }
    }

    pub fn highlights(&mut self, text: &SearchText) -> Highlights {
        self.read(&text.locale);
        Highlights {
            headline: self.whole(&text.headline),
            deck: self.whole(&text.deck),
            body: self.excerpt(&text.body),
        }
    }

    /// Begins a text in this language.
    fn read(&mut self, locale: &Locale) {
        if self.locale.as_ref() != Some(locale) {
            self.language = Language::of(locale);
            self.locale = Some(locale.clone());
            self.stems.entry(locale.clone()).or_default();
        }
    }

    fn whole(&mut self, text: &str) -> Vec<Piece> {
        let hits = self.hits(text);
        marked(text, 0..text.len(), &hits)
    }

    /// From the first stretch of the text that has anything of what is looked for.
    fn excerpt(&mut self, text: &str) -> Vec<Piece> {
        let mut rest = text;
        while !rest.is_empty() && self.left > 0 {
            let (stretch, after) = rest.split_at(stretch(rest));
            self.left = self.left.saturating_sub(AT_A_TIME);
            if let Some(excerpt) = self.line(stretch).or_else(|| self.within(stretch)) {
                return excerpt;
            }
            rest = after;
        }
        Vec::new()
    }

    /// From the first of the lines that have most of what is looked for. Those behind one that has all of it are not looked at.
    fn line(&mut self, text: &str) -> Option<Vec<Piece>> {
        let mut found: Option<(usize, Vec<Piece>)> = None;
        let (mut weighed, all) = (0, self.query.wanted.len());
        for line in text.lines() {
            let hits = self.hits(line);
            weighed += hits.len();
            if let Some((terms, place)) = best(line, &hits)
                && found.as_ref().is_none_or(|(most, _)| terms > *most)
            {
                found = Some((terms, marked(line, window(line, &place), &hits)));
            }
            if weighed >= WEIGHED || found.as_ref().is_some_and(|(most, _)| *most == all) {
                break;
            }
        }
        found.map(|(_, excerpt)| excerpt)
    }

    /// The same where lines have nothing of it by themselves: words that follow each other may stand in two.
    fn within(&mut self, text: &str) -> Option<Vec<Piece>> {
        self.query.wanted.iter().find(|term| term.words.len() > 1)?;
        let hits = self.hits(text);
        best(text, &hits).map(|(_, place)| marked(text, window(text, &place), &hits))
    }

    /// Every place of every term, by where it begins.
    fn hits(&mut self, text: &str) -> Vec<Hit> {
        let words = words(text);
        let mut hits = Vec::new();
        for at in 0..words.len() {
            for (number, term) in self.query.wanted.iter().enumerate() {
                let end = self.term_ends(text, words.get(at..).unwrap_or_default(), term);
                if let (Some(end), Some(first)) = (end, words.get(at)) {
                    hits.push((number, first.at.start..end));
                }
            }
        }
        hits
    }

    /// Where a term ends that begins with the first of the words.
    fn term_ends(&mut self, text: &str, words: &[Word], term: &Term) -> Option<usize> {
        let here = words.get(..term.words.len())?;
        let last = here.len() - 1;
        let as_written = here.iter().zip(&term.words).enumerate().all(|(place, (here, word))| {
            if term.is_prefix && place == last {
                here.text.starts_with(word.as_str())
            } else {
                here.text == *word
            }
        });
        let found = here.last()?;
        if as_written {
            return Some(match found.kind {
                // One letter was asked for, and the word is it and the one behind it.
                WordKind::Pair { first } if term.is_prefix => first,
                _ => found.at.end,
            });
        }
        (term.has_stems() && self.is_form_of(text, found, term)).then_some(found.at.end)
    }

    fn is_form_of(&mut self, text: &str, word: &Word, term: &Term) -> bool {
        let forms = || term.words.iter().chain(&term.stems);
        let alike = |form: &str| forms().any(|one| one == form);
        if alike(&word.text) {
            return true;
        }
        let may_be = |language: &Language| forms().any(|form| language.may_be_stem(form, &word.text));
        let language = self.language.filter(|_| word.kind == WordKind::Whole);
        let written = text.get(word.at.clone()).filter(|written| !written.contains('.'));
        let stems = self.locale.as_ref().and_then(|locale| self.stems.get_mut(locale));
        let (Some(language), Some(written), Some(stems)) = (language.filter(may_be), written, stems) else {
            return false;
        };
        if let Some(known) = stems.get(written) {
            return known.as_deref().is_some_and(alike);
        }
        let stem = language.stem(written, &word.text);
        let is = stem.as_deref().is_some_and(alike);
        stems.insert(written.to_owned(), stem);
        is
    }
}

/// The bytes that are looked through next: up to the end of a paragraph or a word where there is one.
fn stretch(text: &str) -> usize {
    let end = after(text, 0, AT_A_TIME);
    let most = text.get(..end).unwrap_or_default();
    let cut = most.rfind('\n').or_else(|| most.rfind(' '));
    cut.filter(|_| end < text.len()).map_or(end, |at| at + 1)
}

/// The first stretch of a paragraph that has most of the terms, among the first hits, and how many those are.
fn best(text: &str, hits: &[Hit]) -> Option<(usize, Range<usize>)> {
    let mut best: Option<(usize, Range<usize>)> = None;
    let mut paragraph = 0..0;
    for (at, (_, first)) in hits.iter().enumerate().take(WEIGHED) {
        if first.start >= paragraph.end {
            paragraph = self::paragraph(text, first.start);
        }
        let limit = after(text, first.start, LENGTH - BEFORE).min(paragraph.end);
        let within = hits.get(at..).unwrap_or_default().iter();
        let mut terms: Vec<usize> = Vec::new();
        let mut end = first.end;
        for (term, place) in within.take_while(|(_, place)| place.end <= limit) {
            if !terms.contains(term) {
                terms.push(*term);
                end = end.max(place.end);
            }
        }
        let found = terms.len().max(1);
        if best.as_ref().is_none_or(|(most, _)| found > *most) {
            best = Some((found, first.start..end));
        }
    }
    best
}

/// The line that a byte stands in.
fn paragraph(text: &str, at: usize) -> Range<usize> {
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |end| end + 1);
    let end = text
        .get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |end| at + end);
    start..end
}

/// The byte so many characters after another.
fn after(text: &str, at: usize, characters: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.char_indices()
        .nth(characters)
        .map_or(text.len(), |(end, _)| at + end)
}

/// What is shown around what was found, cut at blanks where there are any.
fn window(text: &str, found: &Range<usize>) -> Range<usize> {
    let paragraph = paragraph(text, found.start);
    let before = text.get(paragraph.start..found.start).unwrap_or_default();
    let start = match before.char_indices().rev().nth(BEFORE - 1) {
        Some((at, _)) if at > 0 => {
            let rest = before.get(at..).unwrap_or_default();
            let blank = rest.find(char::is_whitespace).map_or(at, |blank| at + blank);
            paragraph.start
                + before
                    .get(blank..)
                    .map_or(at, |kept| before.len() - kept.trim_start().len())
        }
        _ => paragraph.start,
    };
    let end = after(text, start, LENGTH);
    if end >= paragraph.end {
        return start..paragraph.end;
    }
    let rest = text.get(found.end..end).unwrap_or_default();
    let end = rest.rfind(char::is_whitespace).map_or(end, |blank| found.end + blank);
    start..end
}

/// A stretch of a text, in pieces that are hits or are not.
fn marked(text: &str, window: Range<usize>, hits: &[Hit]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |from: usize, to: usize, is: bool| {
        let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) else {
            return;
        };
        match pieces.last_mut().filter(|last| last.r#match == is) {
            Some(last) => last.text.push_str(text),
            None => pieces.push(Piece {
                text: text.to_owned(),
                r#match: is,
            }),
        }
    };
    let mut at = window.start;
    for (_, hit) in hits {
        let (from, to) = (hit.start.max(at), hit.end.min(window.end));
        if from < to {
            add(at, from, false);
            add(from, to, true);
            at = to;
        }
    }
    add(at, window.end, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The pieces with what is marked in brackets.
    fn shown(pieces: &[Piece]) -> String {
        let one = |piece: &Piece| {
            if piece.r#match {
                format!("[{}]", piece.text)
            } else {
                piece.text.clone()
            }
        };
        pieces.iter().map(one).collect()
    }

    fn find<'a>(query: &'a SearchQuery, locale: &str) -> Highlighter<'a> {
        let mut finder = Highlighter::new(query);
        finder.read(&Locale::parse(locale).unwrap());
        finder
    }

    fn query(typed: &str, locale: &str) -> SearchQuery {
        let language = Language::of(&Locale::parse(locale).unwrap());
        SearchQuery::parse(typed)
            .unwrap()
            .stemmed(&language.into_iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_was_found_is_marked_as_it_is_written() {
        for (typed, locale, text, expected) in [
            (
                "ferry",
                "en",
                "Ferries: the Ferry's end",
                "[Ferries]: the [Ferry]'s end",
            ),
            ("elect*", "en", "Elections, elected", "[Elections], [elected]"),
            (
                "\"first ferry\"",
                "en",
                "First of the first  ferry",
                "First of the [first  ferry]",
            ),
            ("ete", "fr", "L\u{2019}été", "L\u{2019}[été]"),
            ("五輪", "ja", "東京五輪が", "東京[五輪]が"),
            ("東京五輪", "ja", "東京五輪が", "[東京五輪]が"),
            ("輪", "ja", "東京五輪が輪", "東京五[輪]が[輪]"),
            ("선거", "ko", "부산선거가", "부산[선거]가"),
            ("storm", "en", "Calm", "Calm"),
        ] {
            let query = query(typed, locale);
            assert_eq!(shown(&find(&query, locale).whole(text)), expected, "{typed}");
        }
    }

    #[test]
    fn an_excerpt_is_where_most_of_it_stands() {
        let filler = "Nothing happened on the quay that day. ".repeat(20);
        let text = format!("The ferry.\n\n{filler}The first ferry left Port Aldous. {filler}\n\nLast.");
        let wanted = query("ferry port", "en");
        let found = find(&wanted, "en").excerpt(&text);
        let told = shown(&found);
        assert!(told.contains("The first [ferry] left [Port] Aldous."), "{told}");
        let plain: String = found.iter().map(|piece| piece.text.as_str()).collect();
        assert!(text.contains(&plain) && plain.chars().count() <= LENGTH, "{plain}");
        // However far down it stands, and however long it is.
        let far = format!("{}\n\nA vorpalish end.", filler.repeat(60));
        let wanted = query("vorpalish", "en");
        assert_eq!(shown(&find(&wanted, "en").excerpt(&far)), "A [vorpalish] end.");
        let wanted = query(&"w".repeat(40), "en");
        let long = find(&wanted, "en").excerpt(&"w".repeat(9_000));
        assert_eq!(shown(&long).len(), LENGTH + 2);
        // However often.
        let wanted = query("\u{6f22}", "ja");
        let often = find(&wanted, "ja").excerpt(&"\u{6f22}".repeat(19_000));
        assert_eq!((often.len(), often[0].text.chars().count()), (1, LENGTH));
        let nothing = query("storm", "en");
        assert_eq!(find(&nothing, "en").excerpt(&text), []);
        let short = query("last", "en");
        assert_eq!(shown(&find(&short, "en").excerpt(&text)), "[Last].");
        let over = query("\"quay storm\"", "en");
        assert_eq!(shown(&find(&over, "en").excerpt("A quay\nstorm.")), "A [quay]");
    }

    proptest! {
        #[test]
        fn the_pieces_of_any_text_are_a_piece_of_it(text in "[\\PC\n]{0,400}", typed in "\\PC{1,20}") {
            if let Ok(query) = SearchQuery::parse(&typed) {
                let mut finder = find(&query, "en");
                let join = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
                prop_assert_eq!(join(&finder.whole(&text)), text.clone());
                let excerpt = join(&finder.excerpt(&text));
                prop_assert!(text.contains(&excerpt) && excerpt.chars().count() <= LENGTH);
            }
        }
    }
}
