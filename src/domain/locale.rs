//! Languages, as BCP 47 tags.

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
        for (given, kept) in [("EN", "en"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW")] {
            assert_eq!(Locale::parse(given).map(|l| l.as_str().to_owned()), Ok(kept.to_owned()));
        }
        for wrong in ["", "e", "english language", "en_US", "-en", "en-"] {
            assert!(Locale::parse(wrong).is_err(), "{wrong}");
        }
    }
}
