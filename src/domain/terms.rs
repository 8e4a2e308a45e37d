//! The words that tell a story from others, by which similar stories are found.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use super::locale::Locale;
use super::segment::word_indices;

/// Most terms of a story. A handful of names and subjects tells it from others; more would be every story's words.
const MOST: usize = 24;
/// Characters of a body that are looked at: what a story is about it says early.
const BODY: usize = 6_000;
/// Most characters of a term; longer ones are addresses and the like.
const LONGEST: usize = 40;
/// How much more a word of the headline and of the deck says than one of the body.
const HEADLINE: f64 = 4.0;
const DECK: f64 = 2.0;

/// A word, and how much of the story it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub word: String,
    /// From 0 to 1; the squares of a story's weights make 1.
    pub weight: f64,
}

/// A story as far as its terms are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub locale: &'a Locale,
    pub headline: &'a str,
    pub deck: &'a str,
    pub body: &'a str,
}

/// The terms of a story, the weightiest first. The same text has the same terms whatever database it comes from: words are
/// taken as they stand, in lower case, and in languages without blanks between them as pairs of letters.
pub fn terms(of: Words<'_>) -> Vec<Term> {
    let common = common(of.locale);
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    let body: String = of.body.chars().take(BODY).collect();
    for (text, worth) in [(of.headline, HEADLINE), (of.deck, DECK), (body.as_str(), 1.0)] {
        for word in words(text) {
            if !common.contains(word.as_str()) {
                *counts.entry(word).or_default() += worth;
            }
        }
    }
    let mut found: Vec<Term> = counts
        .into_iter()
        .map(|(word, count)| Term {
            word,
            // The tenth mention says less than the second.
            weight: count.ln_1p(),
        })
        .collect();
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.word.cmp(&b.word)));
    found.truncate(MOST);
    let length = found.iter().map(|term| term.weight * term.weight).sum::<f64>().sqrt();
    for term in &mut found {
        term.weight /= length;
    }
    found
}

/// Words that say nothing of what a story is about. What the list of its language lacks is common enough to be of no weight
/// where stories are compared.
fn common(locale: &Locale) -> &'static HashSet<&'static str> {
    static OF_ENGLISH: OnceLock<HashSet<&str>> = OnceLock::new();
    static OF_EACH: [OnceLock<HashSet<&str>>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    let language = locale.as_str().split('-').next().unwrap_or_default();
    let known = LANGUAGES.iter().zip(&OF_EACH).find(|(code, _)| **code == language);
    let (code, words) = known.unwrap_or((&"en", &OF_ENGLISH));
    words.get_or_init(|| stop_words::get(code).iter().copied().collect())
}

/// The languages that there is a list for, as far as newsrooms write them.
const LANGUAGES: &[&str] = &[
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "gl", "he", "hi", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "ur",
    "vi", "zh",
];

fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // The letter before, where it is one that stands for a word, and where it ended.
    let mut before: Option<(char, usize)> = None;
    for (at, word) in word_indices(text) {
        let mut letters = word.chars();
        let alone = letters
            .next()
            .filter(|first| letters.next().is_none() && is_syllable(*first));
        if let Some(letter) = alone {
            if let Some((last, end)) = before {
                if end == at {
                    found.push([last, letter].iter().collect());
                }
            }
            before = Some((letter, at + letter.len_utf8()));
            continue;
        }
        before = None;
        let length = word.chars().count();
        let is_number = word.chars().all(|c| c.is_numeric() || c == '.' || c == ',');
        if (3..=LONGEST).contains(&length) && !is_number {
            found.push(word.to_lowercase());
        }
    }
    found
}

/// Letters of scripts that put no blanks between words, which Unicode's segmentation gives one by one.
fn is_syllable(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{0e00}'..='\u{0e7f}' | '\u{20000}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(locale: &str, headline: &str, body: &str) -> Vec<Term> {
        let locale = Locale::parse(locale).unwrap();
        terms(Words {
            locale: &locale,
            headline,
            deck: "",
            body,
        })
    }

    fn names(terms: &[Term]) -> Vec<&str> {
        terms.iter().map(|term| term.word.as_str()).collect()
    }

    #[test]
    fn a_story_is_told_by_its_names_and_subjects() {
        let body = "The ferry left the harbour on Monday with 120 passengers. The Kestrel is the only ferry.";
        let found = of("en", "Ferry service resumes", body);
        assert_eq!(names(&found).first(), Some(&"ferry"));
        for wanted in ["service", "resumes", "harbour", "kestrel", "passengers"] {
            assert!(names(&found).contains(&wanted), "{wanted}: {found:?}");
        }
        for common in ["the", "with", "only", "120", "on"] {
            assert!(!names(&found).contains(&common), "{common}: {found:?}");
        }
    }

    #[test]
    fn each_language_has_common_words_of_its_own() {
        let found = of(
            "de-AT",
            "Die Fähre fährt wieder",
            "Nach neun Tagen ist die Fähre wieder da.",
        );
        assert_eq!(names(&found).first(), Some(&"fähre"));
        assert!(
            !names(&found).contains(&"die") && !names(&found).contains(&"wieder"),
            "{found:?}"
        );
        let found = of("zh", "渡轮恢复航行", "");
        assert!(names(&found).contains(&"渡轮"), "{found:?}");
        for language in LANGUAGES {
            assert!(!stop_words::get(*language).is_empty(), "{language}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_few_terms_of_length_one_together(headline in "\\PC{0,80}", body in "\\PC{0,400}") {
            let found = of("en", &headline, &body);
            prop_assert!(found.len() <= MOST);
            let sum: f64 = found.iter().map(|term| term.weight * term.weight).sum();
            prop_assert!(found.is_empty() || (sum - 1.0).abs() < 1e-9);
        }
    }
}
