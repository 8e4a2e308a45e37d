//! What readers type, as terms to look for.
//!
//! All terms must be there; those behind a minus must not. `"…"` is words as neighbours and as they are written, `word*` is
//! whatever begins so. There is no more: no OR, no parentheses, no field names; what looks like them is words.

use std::collections::HashSet;

use super::language::Language;
use super::words::{Word, WordKind, is_hebrew, words};
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::text::composed;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// At least one.
    pub wanted: Vec<Term>,
    pub unwanted: Vec<Term>,
}

/// One word, or several that stand next to each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// As they are compared; never empty.
    pub words: Vec<String>,
    /// Whether the last word may go on.
    pub is_prefix: bool,
    /// Its stems, where it is a word that has any and need not stand as it is written.
    pub stems: Vec<String>,
    /// The word as it was typed, where stems may be made of it.
    written: Option<String>,
}

impl SearchQuery {
    /// Most characters.
    pub const MAX: usize = 200;
    /// Most terms.
    pub const MAX_TERMS: usize = 16;
    /// Least letters before a star: what begins with fewer is most of all words.
    pub const LEAST_PREFIX: usize = 3;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let length = text.chars().count();
        if length > Self::MAX {
            let message = format!("has {length} characters; at most {} are allowed", Self::MAX);
            return Err(Flaw::new(Rule::TooLong, message));
        }
        let mut text = text.to_owned();
        composed(&mut text);
        let text = with_abbreviations(&text);
        let mut query = Self::default();
        let mut seen = HashSet::new();
        for part in parts(&text) {
            if part.is_unwanted && part.is_cut_short() {
                let least = Self::LEAST_PREFIX;
                let message = format!("has a star after fewer than {least} letters behind a minus");
                return Err(Flaw::new(Rule::TooShort, message));
            }
            let Some(term) = part.term() else { continue };
            if seen.insert((part.is_unwanted, term.clone())) {
                let side = if part.is_unwanted {
                    &mut query.unwanted
                } else {
                    &mut query.wanted
                };
                side.push(term);
            }
        }
        let terms = query.wanted.len() + query.unwanted.len();
        if terms > Self::MAX_TERMS {
            let message = format!("has {terms} terms; at most {} are allowed", Self::MAX_TERMS);
            return Err(Flaw::new(Rule::TooMany, message));
        }
        if query.wanted.is_empty() {
            return Err(Flaw::new(Rule::TooShort, "holds no word to look for"));
        }
        Ok(query)
    }

    /// The same, where a word is also found by its stems in these languages.
    pub fn stemmed(mut self, languages: &[Language]) -> Self {
        for term in self.wanted.iter_mut().chain(&mut self.unwanted) {
            let (Some(written), [word]) = (&term.written, term.words.as_slice()) else {
                continue;
            };
            for language in languages {
                term.stems.extend(language.stem(written, word));
            }
            term.stems.sort();
            term.stems.dedup();
        }
        self
    }
}

/// A part of what was typed: between blanks, or between quotation marks.
struct Part<'a> {
    text: &'a str,
    is_quoted: bool,
    is_unwanted: bool,
}

/// Quotation marks as keyboards and correction programs write them.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{ab}' | '\u{bb}' | '\u{201c}'..='\u{201f}' | '\u{ff02}')
}

/// The same, where quotation marks between letters of Hebrew are those of abbreviations, which keyboards do not have.
fn with_abbreviations(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_letter = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied().is_some_and(is_hebrew);
    let written = letters.iter().enumerate().map(|(at, c)| {
        let within = is_quote(*c) && is_letter(at.checked_sub(1)) && is_letter(Some(at + 1));
        if within { '\u{5f4}' } else { *c }
    });
    written.collect()
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let bare = rest.trim_start_matches('-');
        let is_unwanted = bare.len() < rest.len();
        let is_quoted = bare.starts_with(is_quote);
        let (part, after) = if is_quoted {
            let inner = bare.trim_start_matches(is_quote);
            // One that is never closed reaches to the end.
            inner.split_once(is_quote).unwrap_or((inner, ""))
        } else {
            let ends = |c: char| c.is_whitespace() || is_quote(c);
            bare.split_at(bare.find(ends).unwrap_or(bare.len()))
        };
        found.push(Part {
            text: part,
            is_quoted,
            is_unwanted,
        });
        rest = after.trim_start();
    }
    found
}

impl Part<'_> {
    /// Whether its star is not heeded, since too much begins so. Of what is wanted that finds less, which can be seen; what was not to be
    /// there would be there.
    fn is_cut_short(&self) -> bool {
        let letters = || self.text.chars().filter(|c| c.is_alphanumeric()).count();
        !self.is_quoted && self.text.ends_with('*') && (1..SearchQuery::LEAST_PREFIX).contains(&letters())
    }

    /// `None` where there is no word in it.
    fn term(&self) -> Option<Term> {
        let mut found = words(self.text);
        let has_star = !self.is_quoted && self.text.ends_with('*');
        let mut is_prefix = false;
        match found.last().map(|last| (last.kind, last.text.chars().count())) {
            // One letter begins a word whatever stands behind it.
            Some((WordKind::Last { alone: true }, _)) => is_prefix = true,
            // The pair before holds it already.
            Some((WordKind::Last { alone: false }, _)) => drop(found.pop()),
            Some((WordKind::Whole, letters)) => is_prefix = has_star && letters >= SearchQuery::LEAST_PREFIX,
            Some((WordKind::Pair { .. }, _)) | None => {}
        }
        let written = match found.as_slice() {
            [
                Word {
                    at,
                    kind: WordKind::Whole,
                    ..
                },
            ] if !self.is_quoted && !is_prefix => self.text.get(at.clone()),
            _ => None,
        };
        let written = written.filter(|word| !word.contains('.')).map(str::to_owned);
        let words: Vec<String> = found.into_iter().map(|word| word.text).collect();
        (!words.is_empty()).then_some(Term {
            words,
            is_prefix,
            stems: Vec::new(),
            written,
        })
    }
}

impl Term {
    /// Whether it is found by one word as it is written or by a stem.
    pub fn has_stems(&self) -> bool {
        self.written.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::locale::Locale;
    use proptest::prelude::*;

    /// The terms in a spelling for tests: `word`, `a+b`, `word*`, with a minus before what is unwanted.
    fn read(text: &str) -> Result<Vec<String>, Rule> {
        let query = SearchQuery::parse(text).map_err(|flaw| flaw.rule)?;
        let spell = |term: &Term| format!("{}{}", term.words.join("+"), if term.is_prefix { "*" } else { "" });
        let unwanted = query.unwanted.iter().map(|term| format!("-{}", spell(term)));
        Ok(query.wanted.iter().map(spell).chain(unwanted).collect())
    }

    #[test]
    fn what_is_typed_becomes_terms() {
        for (typed, terms) in [
            ("Ferry  strait", vec!["ferry", "strait"]),
            ("ferry ferry", vec!["ferry"]),
            ("\"first ferry\" strait", vec!["first+ferry", "strait"]),
            ("\u{201c}first ferry\u{201d}", vec!["first+ferry"]),
            ("\"first ferry", vec!["first+ferry"]),
            (
                "elect* el* -storm* -\"nine days\"",
                vec!["elect*", "el", "-storm*", "-nine+days"],
            ),
            ("covid-19 --x", vec!["covid+19", "-x"]),
            ("ferry\"nine days\"", vec!["ferry", "nine+days"]),
            (
                "a AND (b OR c) NEAR/2 headline:d",
                vec!["a", "and", "b", "or", "c", "near+2", "headline"],
            ),
            ("東京五輪 水", vec!["東京+京五+五輪", "水*"]),
            ("東京* kbs뉴", vec!["東京", "kbs+뉴*"]),
            ("' or 1=1; \\", vec!["or", "1+1"]),
            ("X's AT&T", vec!["x+s", "at+t"]),
            ("ferry\tstrait\r\n", vec!["ferry", "strait"]),
            (
                "\u{5e6}\u{5d4}\"\u{5dc} \"\u{5e6}\u{5d4} \u{5dc}\"",
                vec!["\u{5e6}\u{5d4}\u{5dc}", "\u{5e6}\u{5d4}+\u{5dc}"],
            ),
        ] {
            assert_eq!(
                read(typed),
                Ok(terms.into_iter().map(str::to_owned).collect()),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_query_without_a_word_or_with_too_much_is_refused() {
        for nothing in [
            "",
            " ",
            "-",
            "-ferry",
            "\"\"",
            "*",
            "!?\u{1f6a2}",
            "-\"nine days\" -storm",
            "ferry -st*",
        ] {
            assert_eq!(read(nothing), Err(Rule::TooShort), "{nothing}");
        }
        assert_eq!(read(&"é".repeat(201)), Err(Rule::TooLong));
        let many: Vec<String> = (0..17).map(|number| format!("w{number}")).collect();
        assert_eq!(read(&many.join(" ")), Err(Rule::TooMany));
        assert!(read(many[..16].join(" ").as_str()).is_ok());
    }

    #[test]
    fn a_word_has_stems_and_what_is_quoted_or_goes_on_has_none() {
        let english = Language::of(&Locale::parse("en").unwrap()).unwrap();
        let query = SearchQuery::parse("ferries \"ferries\" ferries* strait")
            .unwrap()
            .stemmed(&[english]);
        let stems: Vec<&[String]> = query.wanted.iter().map(|term| term.stems.as_slice()).collect();
        assert_eq!(stems, [&["ferri".to_owned()][..], &[], &[], &[]]);
    }

    proptest! {
        #[test]
        fn any_text_is_terms_or_a_refusal(text in "\\PC{0,220}") {
            if let Ok(query) = SearchQuery::parse(&text) {
                let all = query.wanted.len() + query.unwanted.len();
                prop_assert!(all <= SearchQuery::MAX_TERMS && !query.wanted.is_empty());
                prop_assert!(query.wanted.iter().chain(&query.unwanted).all(|term| !term.words.is_empty()));
            }
        }
    }
}
