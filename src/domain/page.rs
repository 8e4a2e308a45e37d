//! Pages of lists: how many, from where, in which order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::invalid::{Flaw, Rule};
use super::text::hex;
use super::time::Timestamp;

/// How many items a page holds: 1 to 100, 20 unless asked otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    pub const DEFAULT: Self = Self(20);
    pub const MAX: u8 = 100;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        whole(text, Self::MAX).map(Self)
    }

    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// How many of its latest stories come with a section, a tag or a contributor: 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest(u8);

impl Latest {
    pub const MAX: u8 = 10;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        whole(text, Self::MAX).map(Self)
    }

    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// A whole number from 1 to `most`.
fn whole(text: &str, most: u8) -> Result<u8, Flaw> {
    match text.parse::<u8>() {
        Ok(number) if (1..=most).contains(&number) && !text.starts_with('+') => Ok(number),
        _ => Err(Flaw::new(
            Rule::OutOfRange,
            format!("must be a whole number from 1 to {most}"),
        )),
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

/// By the number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByRow(pub i64);

/// By what was shown last; where that is gone, by how many came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByPlace {
    pub place: u16,
    pub id: uuid::Uuid,
}

impl CursorKey for ByRow {
    fn write(&self) -> (String, String) {
        (self.0.to_string(), String::new())
    }

    fn read(key: &str, _: &str) -> Option<Self> {
        key.parse().ok().map(Self)
    }
}

impl CursorKey for ByPlace {
    fn write(&self) -> (String, String) {
        (self.place.to_string(), self.id.to_string())
    }

    fn read(key: &str, name: &str) -> Option<Self> {
        Some(Self {
            place: key.parse().ok()?,
            id: uuid::Uuid::try_parse(name).ok()?,
        })
    }
}

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

/// Which way a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Forward,
    /// Towards its beginning.
    Back,
}

/// Where a page starts, and which way it goes from there; the item itself is on the page that it was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<K> {
    pub key: K,
    pub way: Way,
}

impl<K> Place<K> {
    pub fn after(key: K) -> Self {
        Self { key, way: Way::Forward }
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

/// Opaque to clients; bound to `list`, a text that names the list with its filters and order. The mark at its end tells one
/// that was changed by accident, and has no secret in it: whoever reads this file can make one, which only starts a page
/// elsewhere in the same list.
pub fn write_cursor(list: &str, key: &impl CursorKey) -> String {
    let (key, name) = key.write();
    let mark = fingerprint(&[list, &key, &name]);
    URL_SAFE_NO_PAD.encode(serde_json::json!([fingerprint(&[list]), key, name, mark]).to_string())
}

pub fn read_cursor<K: CursorKey>(list: &str, cursor: &str) -> Result<K, BadCursor> {
    if cursor.len() > 1024 {
        return Err(BadCursor::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_reason| BadCursor::Malformed)?;
    let (of, key, name, _mark): (String, String, String, String) =
        serde_json::from_slice(&bytes).map_err(|_reason| BadCursor::Malformed)?;
    if of != fingerprint(&[list]) {
        return Err(BadCursor::Mismatch);
    }
    let key = K::read(&key, &name).ok_or(BadCursor::Malformed)?;
    // It is one of ours when we would write it so, letter by letter.
    if write_cursor(list, &key) == cursor {
        Ok(key)
    } else {
        Err(BadCursor::Malformed)
    }
}

/// A cursor of a list that is walked both ways.
pub fn read_place<K: CursorKey>(list: &str, cursor: &str) -> Result<Place<K>, BadCursor> {
    let way = |list: &str, way| read_cursor(list, cursor).map(|key| Place { key, way });
    match way(list, Way::Forward) {
        Err(BadCursor::Mismatch) => way(&backwards(list), Way::Back),
        read => read,
    }
}

/// What cursors that lead back are bound to.
fn backwards(list: &str) -> String {
    format!("{list} back")
}

fn fingerprint(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    hex(digest.get(..6).unwrap_or(&digest))
}

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
    /// Only in lists that are walked both ways.
    pub previous_cursor: Option<String>,
    pub total: Option<i64>,
}

impl<T> Page<T> {
    pub fn empty() -> Self {
        Self {
            items: Vec::new(),
            next_cursor: None,
            previous_cursor: None,
            total: None,
        }
    }

    /// From one row more than the page holds, which tells whether there is a next page.
    pub fn cut<K: CursorKey>(mut rows: Vec<T>, limit: Limit, list: &str, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next_cursor = rows.last().filter(|_| more).map(|last| write_cursor(list, &key(last)));
        Self {
            items: rows,
            next_cursor,
            previous_cursor: None,
            total: None,
        }
    }

    /// The same for a list that is walked both ways: from rows in the order in which they were met, and where they began.
    pub fn cut_both<K: CursorKey>(
        mut rows: Vec<T>,
        limit: Limit,
        list: &str,
        came: Option<Way>,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let (before, after) = match came {
            None => (false, more),
            // Where it came from, there is something.
            Some(Way::Forward) => (true, more),
            Some(Way::Back) => {
                rows.reverse();
                (more, true)
            }
        };
        let previous = rows.first().filter(|_| before);
        let next = rows.last().filter(|_| after);
        Self {
            next_cursor: next.map(|last| write_cursor(list, &key(last))),
            previous_cursor: previous.map(|first| write_cursor(&backwards(list), &key(first))),
            items: rows,
            total: None,
        }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            previous_cursor: self.previous_cursor,
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
    fn a_cursor_with_any_letter_changed_is_refused() {
        let at = Timestamp::from_micros(1_771_200_000_000_000).unwrap();
        let id = uuid::Uuid::from_u128(0x0197_1d3c_8e2a_7b4f_9c1d_2e3f_4a5b_6c7d);
        let cursor = write_cursor("tags?", &ByTime { at, id });
        assert_eq!(read_cursor("tags?", &cursor), Ok(ByTime { at, id }));
        for place in 0..cursor.len() {
            for letter in ["A", "Q", "g", "x", "0", "9", "_"] {
                let mut changed = cursor.clone();
                changed.replace_range(place..=place, letter);
                assert!(
                    changed == cursor || read_cursor::<ByTime>("tags?", &changed).is_err(),
                    "{changed}"
                );
            }
        }
    }

    /// A page of the numbers below a hundred, as a store would answer.
    fn numbers(cursor: Option<&str>, limit: &str) -> Page<i32> {
        let place = cursor.map(|cursor| read_place("numbers", cursor).unwrap());
        let limit = Limit::parse(limit).unwrap();
        let rows: Vec<i32> = match &place {
            None => (0..100).take(limit.get() + 1).collect(),
            Some(Place {
                key: ByNumber(at),
                way: Way::Forward,
            }) => (at + 1..100).take(limit.get() + 1).collect(),
            Some(Place {
                key: ByNumber(at),
                way: Way::Back,
            }) => (0..*at).rev().take(limit.get() + 1).collect(),
        };
        Page::cut_both(rows, limit, "numbers", place.map(|place| place.way), |row| {
            ByNumber(*row)
        })
    }

    #[test]
    fn a_list_is_walked_to_its_end_and_back_over_the_same_pages() {
        let (mut pages, mut cursor) = (Vec::new(), None);
        loop {
            let page = numbers(cursor.as_deref(), "30");
            assert_eq!(page.previous_cursor.is_none(), pages.is_empty());
            cursor.clone_from(&page.next_cursor);
            pages.push(page);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(
            pages.iter().flat_map(|page| page.items.clone()).collect::<Vec<_>>(),
            (0..100).collect::<Vec<_>>()
        );
        let mut back = pages.pop().unwrap().previous_cursor;
        while let Some(cursor) = back {
            let (page, before) = (numbers(Some(&cursor), "30"), pages.pop().unwrap());
            assert_eq!((&page.items, &page.next_cursor), (&before.items, &before.next_cursor));
            assert_eq!(page.previous_cursor.is_none(), pages.is_empty());
            back = page.previous_cursor;
        }
        assert!(pages.is_empty());
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
