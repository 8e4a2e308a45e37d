//! Pages of lists: how many, from where, in which order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::invalid::{Flaw, Rule};
use super::time::Timestamp;

/// How many items a page holds: 1 to 100, 20 unless asked otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    pub const DEFAULT: Self = Self(20);
    pub const MAX: u8 = 100;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        match text.parse::<u8>() {
            Ok(limit @ 1..=Self::MAX) if !text.starts_with('+') => Ok(Self(limit)),
            _ => Err(Flaw::new(
                Rule::OutOfRange,
                format!("must be a whole number from 1 to {}", Self::MAX),
            )),
        }
    }

    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// What a cursor remembers of the last item of a page: the key that the list is sorted by, and the item's name.
pub trait CursorKey: Sized {
    fn write(&self) -> (String, String);
    fn read(key: &str, name: &str) -> Option<Self>;
}

/// Newest first; the id breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByTime {
    pub at: Timestamp,
    pub id: uuid::Uuid,
}

/// By a unique word, such as a slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByWord(pub String);

/// By a unique number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByNumber(pub i32);

impl CursorKey for ByNumber {
    fn write(&self) -> (String, String) {
        (self.0.to_string(), String::new())
    }

    fn read(key: &str, _: &str) -> Option<Self> {
        key.parse().ok().map(Self)
    }
}

impl CursorKey for ByTime {
    fn write(&self) -> (String, String) {
        (self.at.micros().to_string(), self.id.to_string())
    }

    fn read(key: &str, name: &str) -> Option<Self> {
        Some(Self {
            at: Timestamp::from_micros(key.parse().ok()?)?,
            id: uuid::Uuid::try_parse(name).ok()?,
        })
    }
}

impl CursorKey for ByWord {
    fn write(&self) -> (String, String) {
        (self.0.clone(), String::new())
    }

    fn read(key: &str, _: &str) -> Option<Self> {
        (key.len() <= 200 && !key.contains('\0')).then(|| Self(key.to_owned()))
    }
}

/// Why a cursor is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCursor {
    /// Not one of ours.
    Malformed,
    /// Ours, but of a list with other filters or another order.
    Mismatch,
}

/// Opaque to clients; bound to `list`, a text that names the list with its filters and order. It is not a secret: a
/// forged one only starts a page elsewhere.
pub fn write_cursor(list: &str, key: &impl CursorKey) -> String {
    let (key, name) = key.write();
    URL_SAFE_NO_PAD.encode(serde_json::json!([fingerprint(list), key, name]).to_string())
}

pub fn read_cursor<K: CursorKey>(list: &str, cursor: &str) -> Result<K, BadCursor> {
    if cursor.len() > 1024 {
        return Err(BadCursor::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_reason| BadCursor::Malformed)?;
    let (of, key, name): (String, String, String) =
        serde_json::from_slice(&bytes).map_err(|_reason| BadCursor::Malformed)?;
    if of != fingerprint(list) {
        return Err(BadCursor::Mismatch);
    }
    K::read(&key, &name).ok_or(BadCursor::Malformed)
}

fn fingerprint(list: &str) -> String {
    let digest = Sha256::digest(list.as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// From one row more than the page holds, which tells whether there is a next page.
    pub fn cut<K: CursorKey>(mut rows: Vec<T>, limit: Limit, list: &str, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next_cursor = rows.last().filter(|_| more).map(|last| write_cursor(list, &key(last)));
        Self {
            items: rows,
            next_cursor,
            total: None,
        }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_serves_its_own_list_only() {
        let cursor = write_cursor("sections?", &ByWord("world".into()));
        assert_eq!(read_cursor("sections?", &cursor), Ok(ByWord("world".into())));
        assert_eq!(read_cursor::<ByWord>("tags?", &cursor), Err(BadCursor::Mismatch));
    }

    #[test]
    fn a_limit_is_a_whole_number_from_1_to_100() {
        for wrong in [
            "-1",
            "0",
            "101",
            "2147483648",
            "9223372036854775808",
            "1e3",
            "",
            "+5",
            " 5",
        ] {
            assert!(Limit::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Limit::parse("100").map(Limit::get), Ok(100));
    }

    proptest! {
        #[test]
        fn no_text_read_as_a_cursor_panics(text in "\\PC{0,80}") {
            let _ = read_cursor::<ByTime>("x", &text);
        }
    }
}
