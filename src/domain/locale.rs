//! Languages, as BCP 47 tags.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invalid::{Flaw, Rule, read_by_parse};

/// A BCP 47 language tag in its usual case: `en`, `pt-BR`, `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 2, max_length = 35, examples("en"))]
pub struct Locale(String);

impl Locale {
    /// RFC 5646 §4.4.1 advises room for 35 characters.
    pub const MAX: usize = 35;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let malformed = || Flaw::new(Rule::Malformed, "is not a BCP 47 language tag such as `en` or `pt-BR`");
        if text.len() > Self::MAX {
            return Err(malformed());
        }
        let tag = oxilangtag::LanguageTag::parse_and_normalize(text).map_err(|_reason| malformed())?;
        // RFC 5646 §2.2.9: neither a variant nor an extension may be there twice.
        let (mut variants, mut extensions) = (HashSet::new(), HashSet::new());
        let once = tag.variant_subtags().all(|variant| variants.insert(variant))
            && tag
                .extension_subtags()
                .all(|(singleton, _)| extensions.insert(singleton));
        if !once {
            return Err(malformed());
        }
        Ok(Self(tag.into_inner()))
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(Locale);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_brought_into_its_usual_case() {
        for (given, kept) in [
            ("EN", "en"),
            ("pt-br", "pt-BR"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("SR-LATN-rs", "sr-Latn-RS"),
            ("es-419", "es-419"),
            ("haw", "haw"),
            // Grandfathered ones are tags too, and so are those for private use.
            ("I-Klingon", "i-klingon"),
            ("en-gb-OED", "en-GB-oed"),
            ("X-Private", "x-private"),
            ("en-x-Desk", "en-x-desk"),
            // A language within a language.
            ("zh-YUE-hk", "zh-yue-HK"),
            ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
            ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
        ] {
            assert_eq!(Locale::parse(given).map(|l| l.as_str().to_owned()), Ok(kept.to_owned()));
        }
        for wrong in [
            "",
            "e",
            "english language",
            "en_US",
            "-en",
            "en-",
            "en--US",
            "i-unknown",
            "x-",
            "x",
            "en-u",
            "en-US-GB",
            "abcdefghi",
            "en-abcdefghi",
            "de-1901-1901",
            "en-a-bbb-a-ccc",
            "fran\u{e7}ais",
            "en\u{0}",
            "x-abcdefgh-abcdefgh-abcdefgh-abcdefgh",
        ] {
            assert!(Locale::parse(wrong).is_err(), "{wrong}");
        }
    }
}
