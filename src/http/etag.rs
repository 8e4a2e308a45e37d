//! Entity tags (RFC 9110 §8.8.3) as clients send them in `If-Match` and `If-None-Match`.

use actix_web::http::header::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use twox_hash::XxHash3_128;

/// The tags of one header, however many lines it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tags {
    /// `*`
    Any,
    List(Vec<Tag>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) weak: bool,
    /// With its quotes.
    pub(super) quoted: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl Tags {
    /// `None` where the header is absent.
    pub(super) fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, Malformed> {
        let mut lines = Vec::new();
        for line in headers.get_all(name) {
            lines.push(line.to_str().ok().ok_or(Malformed)?);
        }
        if lines.is_empty() {
            Ok(None)
        } else {
            Self::parse(&lines.join(",")).map(Some)
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_start_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (weak, opened) = match rest.strip_prefix("W/") {
                Some(after) => (true, after),
                None => (false, rest),
            };
            let (value, after) = opened
                .strip_prefix('"')
                .and_then(|o| o.split_once('"'))
                .ok_or(Malformed)?;
            if !value.bytes().all(|byte| byte == 0x21 || (0x23..=0x7e).contains(&byte)) {
                return Err(Malformed);
            }
            tags.push(Tag {
                weak,
                quoted: format!("\"{value}\""),
            });
            let after = after.trim_start_matches([' ', '\t']);
            if !after.is_empty() && !after.starts_with(',') {
                return Err(Malformed);
            }
            rest = after.trim_start_matches([' ', '\t', ',']);
        }
        if tags.is_empty() {
            Err(Malformed)
        } else {
            Ok(Self::List(tags))
        }
    }

    /// The comparison that caches use: weak tags count too.
    pub(super) fn cover(&self, etag: &str) -> bool {
        let bare = etag.strip_prefix("W/").unwrap_or(etag);
        match self {
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|tag| tag.quoted == bare),
        }
    }
}

/// The tag of a state that is told by its bytes: XXH3 of them, 128 bits. Nothing rests on its strength: who writes two states that have
/// one tag has their own readers see the older.
pub(crate) fn strong_etag(bytes: &[u8]) -> String {
    let digest = XxHash3_128::oneshot(bytes).to_be_bytes();
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest))
}

/// The tag of a state that is told by its revision.
pub(crate) fn revision_etag(revision: i32) -> String {
    format!("\"{revision}\"")
}

/// The revision whose tag this is; `None` where it is no revision's.
pub(super) fn revision_of(tag: &Tag) -> Option<i32> {
    let number = tag.quoted.trim_matches('"').parse().ok()?;
    (!tag.weak && revision_etag(number) == tag.quoted).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(tags: &[(bool, &str)]) -> Tags {
        Tags::List(
            tags.iter()
                .map(|(weak, tag)| Tag {
                    weak: *weak,
                    quoted: format!("\"{tag}\""),
                })
                .collect(),
        )
    }

    #[test]
    fn tags_are_read_as_rfc_9110_says() {
        assert_eq!(Tags::parse("*"), Ok(Tags::Any));
        assert_eq!(Tags::parse("\"7\""), Ok(list(&[(false, "7")])));
        assert_eq!(
            Tags::parse(", \"a,b\" ,W/\"8\",,\"\""),
            Ok(list(&[(false, "a,b"), (true, "8"), (false, "")]))
        );
        for wrong in [
            "",
            " ",
            ",",
            "7",
            "\"7",
            "w/\"7\"",
            "\"7\"\"8\"",
            "\"7\" x",
            "\"a b\"",
            "*,\"7\"",
            "W/7",
        ] {
            assert_eq!(Tags::parse(wrong), Err(Malformed), "{wrong}");
        }
    }

    #[test]
    fn an_etag_is_short_and_told_by_the_bytes() {
        let tag = strong_etag(b"x");
        assert_eq!((tag.len(), tag == strong_etag(b"y")), (24, false));
    }
}
