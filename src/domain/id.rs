//! Identifiers: a type for each, over UUID version 7 (RFC 9562), and the short id that ends a public URL.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::invalid::{Flaw, Rule, read_by_parse};

/// Where new identifiers come from; a test hands in a source of its own.
pub trait IdSource: Send + Sync {
    /// A new UUID version 7.
    fn uuid(&self) -> Uuid;
    /// Random bytes for short ids and block ids.
    fn random(&self) -> [u8; 16];
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid, examples("019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"))]
        pub struct $name(pub Uuid);

        impl $name {
            /// Takes the one spelling that we write: lower case, with hyphens. Another would be a second name
            /// for one thing, to every cache on the way.
            pub fn parse(text: &str) -> Result<Self, Flaw> {
                match Uuid::try_parse(text) {
                    Ok(id) if id.as_hyphenated().to_string() == text => Ok(Self(id)),
                    _ => Err(Flaw::new(Rule::Malformed, "is not a UUID of the form 019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f")),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        read_by_parse!($name);
    )+};
}

ids! {
    /// An article, whatever becomes of its headline and address.
    ArticleId;
    /// One published state of an article.
    EditionId;
    /// What a program asks with in the place of a login.
    ApiKeyId;
    /// A second factor.
    TotpId;
    /// What lets somebody see a story before it is published.
    PreviewTokenId;
    /// A section of the site.
    SectionId;
    /// A person or an organisation that bylines name.
    ContributorId;
    /// A label of articles.
    TagId;
    /// A picture, video, sound or document.
    MediaId;
    /// A link from an article to another, or to a page elsewhere.
    RelatedLinkId;
    /// A public note on an article.
    CorrectionId;
    /// Something that was done.
    AuditId;
    /// A file that comes in parts.
    UploadId;
    /// Somebody with a login.
    UserId;
    /// What begins with a login.
    SessionId;
    /// A list of live articles.
    ShelfId;
    /// Articles that say the same in different languages; one without a translation is alone in its own.
    TranslationGroup;
}

/// Crockford's base32, lower case: no i, l, o or u, so it can be read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(random: [u8; 16], length: usize) -> String {
    random
        .iter()
        .take(length)
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
        .map(|c| char::from(*c))
        .collect()
}

fn is_base32(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Eight random characters that end an article's public URL, so that the URL resolves whatever became of its slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[0-9a-hjkmnp-tv-z]{8}$", examples("7gk2m9qx"))]
pub struct ShortId(String);

impl ShortId {
    pub const LENGTH: usize = 8;

    pub fn new(random: [u8; 16]) -> Self {
        Self(base32(random, Self::LENGTH))
    }

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        if text.len() == Self::LENGTH && is_base32(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(Rule::Malformed, "is not a short id"))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a block within its body: the writer's own, or ten random characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[A-Za-z0-9_-]{1,64}$", examples("b7gk2m9qx1"))]
pub struct BlockId(String);

impl BlockId {
    pub fn new(random: [u8; 16]) -> Self {
        Self(base32(random, 10))
    }

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let fits = (1..=64).contains(&text.len());
        if fits
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(
                Rule::Malformed,
                "is not 1 to 64 letters, digits, hyphens and underscores",
            ))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(ShortId, BlockId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
        assert!(ArticleId::parse(id).is_ok());
        for other in [
            id.to_uppercase(),
            id.replace('-', ""),
            format!("{{{id}}}"),
            format!("urn:uuid:{id}"),
        ] {
            assert!(ArticleId::parse(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn short_ids_use_crockfords_letters() {
        let short = ShortId::new([255; 16]);
        assert_eq!(short.as_str(), "zzzzzzzz");
        assert!(ShortId::parse("7gk2m9qi").is_err());
    }
}
