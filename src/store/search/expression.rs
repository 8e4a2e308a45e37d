//! What is indexed and what is looked for, in the spelling of each database. Words hold letters, digits, full stops and commas
//! only; they are quoted all the same, so that nothing that was typed is ever more than a word.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::search::{IndexEntry, SearchQuery, Term};

/// What stands before a word or a stem of the headline, so that these have lists of their own. A column or a weight would say the
/// same, but all stories of a word would be gone through to see which have it there.
const HEADLINE: &str = "^";
/// What stands before a stem in a `tsvector`; FTS5 has a column for them.
const STEM: &str = "~";
/// A place of FTS5 without a word.
const GAP: &str = "=";

/// Where terms are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Within {
    Everything,
    Headline,
}

/// Words and gaps in their order, those of the headline first.
fn slots(entry: &IndexEntry) -> impl Iterator<Item = Option<&str>> {
    let headline = entry.headline.iter().map(Option::as_deref);
    headline.chain([None]).chain(entry.text.iter().map(Option::as_deref))
}

/// What tells that the headline has a word.
fn of_headline(entry: &IndexEntry) -> impl Iterator<Item = String> {
    let words = entry.headline.iter().flatten().chain(&entry.headline_stems);
    words.map(|word| format!("{HEADLINE}{word}"))
}

/// Words and gaps for FTS5.
pub(super) fn in_order(entry: &IndexEntry) -> String {
    slots(entry)
        .map(|slot| slot.unwrap_or(GAP))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What FTS5 has beside the words: stems, words of the headline, marks.
pub(super) fn beside(entry: &IndexEntry) -> String {
    let stems = entry.text_stems.union(&entry.headline_stems).cloned();
    let all: BTreeSet<String> = stems
        .chain(of_headline(entry))
        .chain(entry.marks.iter().cloned())
        .collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// All of it as a `tsvector`: words by their places, and without places stems, words of the headline and marks.
pub(super) fn tsvector(entry: &IndexEntry) -> String {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (at, slot) in slots(entry).enumerate() {
        if let Some(word) = slot {
            places.entry(word.to_owned()).or_default().push((at + 1).to_string());
        }
    }
    let stems = entry.text_stems.union(&entry.headline_stems);
    let stems = stems.map(|stem| format!("{STEM}{stem}"));
    for bare in of_headline(entry).chain(stems).chain(entry.marks.iter().cloned()) {
        places.entry(bare).or_default();
    }
    let spell = |(word, places): (&String, &Vec<String>)| match places.as_slice() {
        [] => lexeme(word),
        some => format!("{}:{}", lexeme(word), some.join(",")),
    };
    places.iter().map(spell).collect::<Vec<_>>().join(" ")
}

fn lexeme(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}

/// For FTS5: what is wanted, one mark of each group, and nothing that is unwanted. Terms may be looked for in the headline
/// alone; what is unwanted is so everywhere.
pub(in crate::store) fn fts5(query: &SearchQuery, marks: &[Vec<String>], within: Within) -> String {
    let wanted = query.wanted.iter().map(|term| fts5_term(term, within));
    let marks = marks.iter().map(|group| {
        let any: Vec<String> = group.iter().map(|mark| quoted(mark)).collect();
        format!("{{stems}} : ({})", any.join(" OR "))
    });
    let all = wanted.chain(marks).collect::<Vec<_>>().join(" AND ");
    if query.unwanted.is_empty() {
        return all;
    }
    let unwanted = query.unwanted.iter().map(|term| fts5_term(term, Within::Everything));
    format!("({all}) NOT ({})", unwanted.collect::<Vec<_>>().join(" OR "))
}

fn fts5_term(term: &Term, within: Within) -> String {
    let last = term.words.len() - 1;
    let star = |at: usize| if term.is_prefix && at == last { " *" } else { "" };
    let headline = |word: &String| quoted(&format!("{HEADLINE}{word}"));
    if term.has_stems() {
        let forms = term.words.iter().chain(&term.stems);
        return match within {
            Within::Everything => format!("({})", forms.map(|form| quoted(form)).collect::<Vec<_>>().join(" OR ")),
            Within::Headline => format!("({})", forms.map(headline).collect::<Vec<_>>().join(" OR ")),
        };
    }
    let anywhere = format!("{{text}} : {}{}", quoted(&term.words.join(" ")), star(last));
    match within {
        Within::Everything => anywhere,
        // The words of a phrase, in whichever order: ranking sees the rest.
        Within::Headline => {
            let words = term.words.iter().enumerate();
            let each = words.map(|(at, word)| format!("{}{}", headline(word), star(at)));
            format!("({anywhere} AND {})", each.collect::<Vec<_>>().join(" AND "))
        }
    }
}

fn quoted(words: &str) -> String {
    format!("\"{}\"", words.replace('"', "\"\""))
}

/// The same for PostgreSQL.
pub(in crate::store) fn tsquery(query: &SearchQuery, marks: &[Vec<String>], within: Within) -> String {
    let wanted = query.wanted.iter().map(|term| tsquery_term(term, within));
    let marks = marks.iter().map(|group| {
        let any: Vec<String> = group.iter().map(|mark| lexeme(mark)).collect();
        format!("({})", any.join(" | "))
    });
    let unwanted = query.unwanted.iter();
    let unwanted = unwanted.map(|term| format!("!{}", tsquery_term(term, Within::Everything)));
    wanted.chain(marks).chain(unwanted).collect::<Vec<_>>().join(" & ")
}

fn tsquery_term(term: &Term, within: Within) -> String {
    let last = term.words.len() - 1;
    let star = |at: usize| if term.is_prefix && at == last { ":*" } else { "" };
    if term.has_stems() {
        let forms = term.words.iter().chain(&term.stems);
        let any: Vec<String> = match within {
            Within::Headline => forms.map(|form| lexeme(&format!("{HEADLINE}{form}"))).collect(),
            Within::Everything => forms
                .flat_map(|form| [lexeme(form), lexeme(&format!("{STEM}{form}"))])
                .collect(),
        };
        return format!("({})", any.join(" | "));
    }
    let words = term.words.iter().enumerate();
    let side_by_side = words.map(|(at, word)| format!("{}{}", lexeme(word), star(at)));
    let anywhere = format!("({})", side_by_side.collect::<Vec<_>>().join(" <-> "));
    match within {
        Within::Everything => anywhere,
        Within::Headline => {
            let words = term.words.iter().enumerate();
            let each = words.map(|(at, word)| format!("{}{}", lexeme(&format!("{HEADLINE}{word}")), star(at)));
            format!("({anywhere} & {})", each.collect::<Vec<_>>().join(" & "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_spelt_for_each_database() {
        let query = SearchQuery::parse("ferry \"nine days\" elect* -storm").unwrap();
        let marks = vec![vec!["=knews".to_owned(), "=klive".to_owned()]];
        assert_eq!(
            fts5(&query, &marks, Within::Everything),
            "((\"ferry\") AND {text} : \"nine days\" AND {text} : \"elect\" * \
             AND {stems} : (\"=knews\" OR \"=klive\")) NOT ((\"storm\"))"
        );
        assert_eq!(
            fts5(&query, &[], Within::Headline),
            "((\"^ferry\") AND ({text} : \"nine days\" AND \"^nine\" AND \"^days\") \
             AND ({text} : \"elect\" * AND \"^elect\" *)) NOT ((\"storm\"))"
        );
        assert_eq!(
            tsquery(&query, &marks, Within::Headline),
            "('^ferry') & (('nine' <-> 'days') & '^nine' & '^days') & (('elect':*) & '^elect':*) \
             & ('=knews' | '=klive') & !('storm' | '~storm')"
        );
    }
}
