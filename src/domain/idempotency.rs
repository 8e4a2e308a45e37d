//! What a client says to have one thing done once, however often it has to ask.

use super::invalid::{Flaw, Rule};

/// A client's name for one request (draft-ietf-httpapi-idempotency-key-header), its own among those of one user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Most characters of one.
    pub const MAX: usize = 255;
    /// How long the answer to one is kept, in seconds.
    pub const KEPT: i64 = 24 * 60 * 60;

    /// Takes visible ASCII, in the quotes of a structured field or without them.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = bare.unwrap_or(text);
        let fits = (1..=Self::MAX).contains(&key.len());
        if fits && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"') {
            Ok(Self(key.to_owned()))
        } else {
            let message = "is not 1 to 255 characters of visible ASCII, quotes aside";
            Err(Flaw::new(Rule::Malformed, message))
        }
    }

    /// The key of one operation among several that were sent together. No client can send it.
    #[must_use]
    pub fn of_operation(&self, place: usize) -> Self {
        Self(format!("{} {place}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer as it is kept, to be given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    /// Name and value of those that belong to it, rather than to the request.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii() {
        let read = |text: &str| IdempotencyKey::parse(text).map(|key| key.0).ok();
        assert_eq!(read("8e03978e-40d5"), Some("8e03978e-40d5".to_owned()));
        assert_eq!(read("\"8e03978e-40d5\""), Some("8e03978e-40d5".to_owned()));
        let longest = "k".repeat(255);
        assert_eq!(read(&longest), Some(longest.clone()));
        for bad in ["", "\"\"", "\"a", "a b", "ä", "a\"b", &format!("{longest}k")] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
        let own = IdempotencyKey::parse("a").unwrap().of_operation(3);
        assert_eq!(read(own.as_str()), None, "no client can name it");
    }
}
