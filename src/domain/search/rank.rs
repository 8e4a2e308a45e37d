//! Which of what was found comes first.
//!
//! Each term is worth as much as the best place that it stands at, and what is older is worth less. Age is counted from the
//! newest of what was found and not from now, so that an answer changes only when something is published.

use super::query::{SearchQuery, Term};
use crate::domain::id::ArticleId;
use crate::domain::time::Timestamp;

/// What a term is worth by where it stands: headline, deck, byline, tags, and else in the body.
const PLACES: [f64; 4] = [1.0, 0.4, 0.45, 0.5];
const BODY: f64 = 0.15;
/// What is left of it where only the stem is there.
const BY_STEM: f64 = 0.9;
/// What is added where the headline has all terms side by side.
const TOGETHER: f64 = 0.2;
/// What age leaves in the end, so that an old headline is worth more than a new mention.
const LEFT: f64 = 0.4;
/// In days: after each, half of what age takes is gone.
const HALF: f64 = 60.0;

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The row of the index.
    pub row: i64,
    pub article_id: ArticleId,
    pub published_at: Timestamp,
    /// The words above the body: a line for each of headline, deck, byline and tags.
    pub top: String,
}

/// The best first; of equals the one that was published last.
pub fn ranked(query: &SearchQuery, found: Vec<Candidate>) -> Vec<Candidate> {
    let Some(newest) = found.iter().map(|one| one.published_at).max() else {
        return found;
    };
    let scored = found.into_iter().map(|one| (score(query, &one, newest), one));
    let mut scored: Vec<(f64, Candidate)> = scored.collect();
    scored.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a)
            .then_with(|| other.published_at.cmp(&one.published_at))
            .then_with(|| other.article_id.cmp(&one.article_id))
    });
    scored.into_iter().map(|(_, one)| one).collect()
}

fn score(query: &SearchQuery, one: &Candidate, newest: Timestamp) -> f64 {
    let worth: f64 = query.wanted.iter().map(|term| worth(term, &one.top)).sum();
    let headline = one.top.lines().next().unwrap_or_default();
    let together = if stands_together(&query.wanted, headline) {
        TOGETHER
    } else {
        0.0
    };
    let relevance = worth / count(query.wanted.len()) + together;
    let days = count_seconds(newest.seconds() - one.published_at.seconds()) / 86_400.0;
    relevance * (LEFT + (1.0 - LEFT) * 0.5_f64.powf(days / HALF))
}

fn worth(term: &Term, top: &str) -> f64 {
    if !may_stand(term, top) {
        return BODY;
    }
    let lines = top.lines().zip(PLACES).filter(|(line, _)| may_stand(term, line));
    let found = lines.filter_map(|(line, worth)| {
        let line: Vec<&str> = line.split(' ').collect();
        let places = 0..line.len();
        let best = places.filter_map(|at| at_place(term, &line, at));
        best.reduce(f64::max).map(|how| worth * how)
    });
    found.fold(BODY, f64::max)
}

/// Whether a term can stand anywhere in some lines, told without looking at its words one by one: most of what is found says it in the body alone.
fn may_stand(term: &Term, lines: &str) -> bool {
    let first = term.words.first();
    first
        .into_iter()
        .chain(&term.stems)
        .any(|form| lines.contains(form.as_str()))
}

/// How a term stands at a place of a line: 1 as it is written, less by its stem, `None` not at all.
fn at_place(term: &Term, line: &[&str], at: usize) -> Option<f64> {
    let here = line.get(at..at + term.words.len())?;
    let last = term.words.len() - 1;
    let as_written = here.iter().zip(&term.words).enumerate().all(|(place, (here, word))| {
        let (written, _) = parted(here);
        if term.is_prefix && place == last {
            written.starts_with(word.as_str())
        } else {
            written == word
        }
    });
    if as_written {
        return Some(1.0);
    }
    let (written, stem) = parted(here.first()?);
    let alike =
        |form: &str| term.words.first().is_some_and(|word| word == form) || term.stems.iter().any(|one| one == form);
    (term.has_stems() && (alike(stem) || alike(written))).then_some(BY_STEM)
}

/// A word of a line and its stem, which is the word itself where no other is told.
fn parted<'a>(told: &'a &str) -> (&'a str, &'a str) {
    told.split_once('=').unwrap_or((told, told))
}

/// Whether all terms, of which there are several, stand side by side in their order.
fn stands_together(terms: &[Term], line: &str) -> bool {
    if terms.len() < 2 || !terms.iter().all(|term| may_stand(term, line)) {
        return false;
    }
    let line: Vec<&str> = line.split(' ').collect();
    (0..line.len()).any(|start| {
        let mut at = start;
        terms.iter().all(|term| {
            let stands = at_place(term, &line, at).is_some();
            at += term.words.len();
            stands
        })
    })
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn count_seconds(number: i64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::search::Language;

    fn candidate(number: u8, day: u32, top: &str) -> Candidate {
        Candidate {
            row: i64::from(number),
            article_id: ArticleId(uuid::Uuid::from_bytes([number; 16])),
            published_at: Timestamp::from_micros(i64::from(day) * 86_400_000_000).unwrap(),
            top: top.to_owned(),
        }
    }

    fn order(typed: &str, found: &[Candidate]) -> Vec<i64> {
        let english = Language::of(&crate::domain::locale::Locale::parse("en").unwrap()).unwrap();
        let query = SearchQuery::parse(typed).unwrap().stemmed(&[english]);
        let ranked = ranked(&query, found.to_vec());
        ranked.into_iter().map(|one| one.row).collect()
    }

    #[test]
    fn the_headline_counts_before_the_body_and_the_new_before_the_old() {
        let found = [
            candidate(1, 1000, "storm\n\n\n"),
            candidate(2, 10, "ferry=ferri sails\n\n\n"),
            candidate(3, 990, "storm\nthe ferry=ferri waits\n\n"),
            candidate(4, 999, "ferries=ferri sail\n\n\n"),
            candidate(5, 999, "ferry=ferri sails\n\n\n"),
            candidate(6, 998, "ferry=ferri sails\n\n\n"),
        ];
        assert_eq!(order("ferry", &found), [5, 6, 4, 2, 3, 1]);
        assert_eq!(order("ferr*", &found), [5, 4, 6, 2, 3, 1]);
    }

    #[test]
    fn words_side_by_side_count_before_words_apart() {
        let found = [
            candidate(1, 100, "first of all a ferry=ferri\n\n\n"),
            candidate(2, 99, "the first ferry=ferri\n\n\n"),
        ];
        assert_eq!(order("first ferry", &found), [2, 1]);
        assert_eq!(order("\"first ferry\"", &found), [2, 1]);
        assert_eq!(order("first", &found), [1, 2]);
    }

    proptest! {
        #[test]
        fn what_stands_somewhere_may_stand_there(
            line in "(a|ab|abc|ferry=ferri|ferries=ferri|b=a|die)( (a|ab|abc|ferry=ferri|ferries=ferri|b=a|die)){0,5}",
            typed in "(a|ab|abc\\*|ferr\\*|ferries|\"a ab\"|\"ferry die\"|dying)",
        ) {
            let english = Language::of(&crate::domain::locale::Locale::parse("en").unwrap()).unwrap();
            let query = SearchQuery::parse(&typed).unwrap().stemmed(&[english]);
            let words: Vec<&str> = line.split(' ').collect();
            for term in &query.wanted {
                let stands = (0..words.len()).any(|at| at_place(term, &words, at).is_some());
                prop_assert!(!stands || may_stand(term, &line), "{typed} in {line}");
            }
        }
    }

    #[test]
    fn of_equals_the_last_published_comes_first_then_the_higher_id() {
        let found = [
            candidate(1, 5, "a\n\n\n"),
            candidate(3, 5, "a\n\n\n"),
            candidate(2, 5, "a\n\n\n"),
        ];
        assert_eq!(order("a", &found), [3, 2, 1]);
        assert_eq!(order("a", &[]), Vec::<i64>::new());
    }
}
