//! Stems: what the forms of a word have in common, by the rules of its language.

use frostem::{Algorithm, Stemmer};

use super::fold::{folded, lowered};
use crate::domain::locale::Locale;

/// Words shorter than this have no ending to lose.
const SHORTEST: usize = 3;

/// Languages in which a stem begins as its word does: their rules take endings alone. Some others take prefixes, too, as those of Arabic and Dutch do.
const KEEP_BEGINNINGS: [&str; 11] = ["da", "de", "en", "es", "fi", "fr", "it", "no", "pt", "ru", "sv"];

/// A language with stems.
#[derive(Clone, Copy)]
pub struct Language {
    stemmer: Stemmer,
    /// Whether a stem begins as its word does.
    keeps_beginnings: bool,
}

impl Language {
    /// `None` where nobody wrote rules for it, or it has no endings.
    pub fn of(locale: &Locale) -> Option<Self> {
        let code = locale.as_str().split('-').next().unwrap_or_default();
        let code = match code {
            "nb" | "nn" => "no",
            "bs" | "hr" | "cnr" => "sr",
            code => code,
        };
        // The library also goes by names of its own, such as `porter`.
        let is_code = matches!(code.len(), 2 | 3);
        let algorithm = Algorithm::from_name(code).ok().filter(|_| is_code)?;
        Some(Self {
            stemmer: Stemmer::new(algorithm),
            keeps_beginnings: KEEP_BEGINNINGS.contains(&code),
        })
    }

    /// Whether this can be the stem of a word, both as they are compared, told without looking for the stem.
    pub(super) fn may_be_stem(self, stem: &str, word: &str) -> bool {
        !self.keeps_beginnings || stem.chars().next() == word.chars().next()
    }

    /// The stem of a word as it is compared; `None` where it is the word itself.
    pub fn stem(self, written: &str, word: &str) -> Option<String> {
        if word.chars().nth(SHORTEST - 1).is_none() || word.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let lowered = lowered(written);
        let stem = folded(&self.stemmer.stem(&lowered));
        (!stem.is_empty() && stem != word).then_some(stem)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stem(locale: &str, word: &str) -> String {
        let language = Language::of(&Locale::parse(locale).unwrap()).unwrap();
        let word_folded = folded(word);
        language.stem(word, &word_folded).unwrap_or(word_folded)
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (locale, forms) in [
            ("en", ["Elections", "election"]),
            ("en-GB", ["ferries", "ferry"]),
            ("fr", ["Élections", "élection"]),
            ("fr-CA", ["régionales", "régional"]),
            ("de", ["Häuser", "Hauses"]),
            ("es", ["elecciones", "elección"]),
            ("ru", ["выборы", "выборов"]),
            ("nb", ["fergene", "ferger"]),
            ("ar", ["الكتاب", "كتاب"]),
        ] {
            let [one, other] = forms.map(|form| stem(locale, form));
            assert_eq!(one, other, "{forms:?}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_may_be_that_of_its_word(
            // Without apostrophes, before which some take what stands: words are parted there.
            english in "[a-zA-Z]{0,3}([a-zA-Zéï]{0,9}(s|ed|ing|ly|ies|ying|ness)?)",
            accented in "[a-zA-ZÀ-ÖØ-öø-ÿœß]{1,4}[a-zà-öø-ÿœß]{0,6}(s|ions|ément|eux|ungen|isch|ción|amente|ígo|issimo|ação|ningar|erne|ssa)?",
            russian in "[А-Яа-яёЁ]{1,9}(ость|ейше|ами|ился|ого)?",
        ) {
            for code in KEEP_BEGINNINGS {
                let language = Language::of(&Locale::parse(code).unwrap()).unwrap();
                for word in [&english, &accented, &russian] {
                    let compared = folded(word);
                    if let Some(stem) = language.stem(word, &compared) {
                        prop_assert!(language.may_be_stem(&stem, &compared), "{code}: {stem} of {word}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_language_without_rules_has_no_stems() {
        for locale in ["ko", "zh", "ja", "vi", "porter", "x-private"] {
            assert!(Language::of(&Locale::parse(locale).unwrap()).is_none(), "{locale}");
        }
    }
}
