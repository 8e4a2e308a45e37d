//! Slugs: the readable part of an address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invalid::{Flaw, Rule, read_by_parse};

/// Lower-case ASCII letters and digits in groups joined by single hyphens, at most 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
    max_length = 80,
    examples("ferry-service-resumes")
)]
pub struct Slug(String);

impl Slug {
    pub const MAX: usize = 80;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() > Self::MAX {
            return Err(Flaw::new(
                Rule::TooLong,
                format!("is longer than {} characters", Self::MAX),
            ));
        }
        if text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(
                Rule::Malformed,
                "is not lower-case letters and digits joined by single hyphens",
            ))
        }
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    /// A slug for a headline or a name, in Latin letters whatever its script, cut at a word. A text with nothing to
    /// spell (only signs) gives `fallback`.
    pub fn from_text(text: &str, fallback: &str) -> Self {
        // An apostrophe joins ("don't" is `dont`); every other sign parts words.
        let latin = deunicode::deunicode(text).to_ascii_lowercase().replace(['\'', '`'], "");
        let mut slug = String::with_capacity(Self::MAX);
        for word in latin
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            let room = Self::MAX.saturating_sub(slug.len() + usize::from(!slug.is_empty()));
            if word.len() > room {
                if slug.is_empty() {
                    slug.extend(word.chars().take(Self::MAX));
                }
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        if slug.is_empty() {
            Self(fallback.to_owned())
        } else {
            Self(slug)
        }
    }

    /// The same slug with `-2`, `-3`, … for when it is taken, still within the limit.
    pub fn with_suffix(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let stem: String = self.0.chars().take(Self::MAX - suffix.len()).collect();
        Self(format!("{}{suffix}", stem.trim_end_matches('-')))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(Slug);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slug_is_spelt_in_latin_letters() {
        for (text, slug) in [
            ("Ferry service resumes", "ferry-service-resumes"),
            ("Don't stop: café & Ångström", "dont-stop-cafe-angstrom"),
            ("Новости дня", "novosti-dnia"),
            ("Ειδήσεις", "eideseis"),
            ("한국 뉴스", "hangug-nyuseu"),
            ("北京新闻", "bei-jing-xin-wen"),
            ("!!! ???", "article"),
        ] {
            assert_eq!(Slug::from_text(text, "article").as_str(), slug, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_gives_a_slug(text in "\\PC{0,200}", number in 2usize..100_000) {
            let slug = Slug::from_text(&text, "article");
            prop_assert!(Slug::parse(slug.as_str()).is_ok());
            prop_assert!(Slug::parse(slug.with_suffix(number).as_str()).is_ok());
            prop_assert_eq!(Slug::from_text(slug.as_str(), "article"), slug);
        }
    }
}
