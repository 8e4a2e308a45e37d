//! Parts of stored bytes, as `Range` and `If-Range` ask for them (RFC 9110 §14 and §13.1.5).

use std::ops::Range;

use actix_web::http::header::{HeaderMap, IF_RANGE, RANGE};

use super::etag::Tags;
use crate::domain::time::Timestamp;

/// More parts than this, or parts that overlap, are a client that wants the whole (§14.2 lets a server ignore them).
const MOST: usize = 16;

/// What of the bytes is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    One(Range<u64>),
    /// In the order in which they were asked for; at least two.
    Several(Vec<Range<u64>>),
    /// None of what was asked for is there.
    Nothing,
}

impl Wanted {
    /// What a request asks of `length` bytes with this tag and date.
    pub(super) fn of(headers: &HeaderMap, length: u64, etag: &str, modified: Option<Timestamp>) -> Self {
        let mut lines = headers.get_all(RANGE);
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Self::Whole;
        };
        let asked = line.to_str().ok().and_then(parse);
        match asked {
            Some(asked) if is_still_of(headers, etag, modified) => satisfied(&asked, length),
            // A unit or a form that nobody knows is ignored.
            _ => Self::Whole,
        }
    }
}

/// One part, as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spec {
    From { first: u64, last: Option<u64> },
    Suffix(u64),
}

/// Reads `bytes=0-99, 200-, -50`; `None` for anything of another form.
fn parse(text: &str) -> Option<Vec<Spec>> {
    let (unit, set) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut specs = Vec::new();
    for one in set
        .split(',')
        .map(|one| one.trim_matches([' ', '\t']))
        .filter(|one| !one.is_empty())
    {
        let (first, last) = one.split_once('-')?;
        specs.push(match (first, last) {
            ("", last) => Spec::Suffix(number(last)?),
            (first, "") => Spec::From {
                first: number(first)?,
                last: None,
            },
            (first, last) => Spec::From {
                first: number(first)?,
                last: Some(number(last)?)
                    .filter(|last| *last >= number(first).unwrap_or(u64::MAX))
                    .map(Some)?,
            },
        });
    }
    (!specs.is_empty()).then_some(specs)
}

/// Digits only. A number that is larger than any file is as good as the largest there is.
fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(u64::MAX))
}

fn satisfied(specs: &[Spec], length: u64) -> Wanted {
    let within: Vec<Range<u64>> = specs.iter().filter_map(|spec| spec.within(length)).collect();
    match within.as_slice() {
        [] => Wanted::Nothing,
        [one] => Wanted::One(one.clone()),
        many if many.len() > MOST || overlap(many) => Wanted::Whole,
        _ => Wanted::Several(within),
    }
}

impl Spec {
    /// The bytes that there are of it, if any.
    fn within(self, length: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::From { first, last } => first..last.map_or(length, |last| last.saturating_add(1).min(length)),
            Self::Suffix(count) => length.saturating_sub(count)..length,
        };
        (range.start < range.end).then_some(range)
    }
}

fn overlap(ranges: &[Range<u64>]) -> bool {
    let mut sorted: Vec<&Range<u64>> = ranges.iter().collect();
    sorted.sort_by_key(|range| range.start);
    sorted.windows(2).any(|pair| matches!(pair, [a, b] if b.start < a.end))
}

/// Whether the parts that the client has are of these very bytes; without `If-Range` it says so by asking. A weak tag never
/// is, and a date only where it is the one that we gave.
fn is_still_of(headers: &HeaderMap, etag: &str, modified: Option<Timestamp>) -> bool {
    let Some(condition) = headers.get(IF_RANGE) else {
        return true;
    };
    let Ok(condition) = condition.to_str() else {
        return false;
    };
    match Tags::parse(condition) {
        Ok(Tags::List(tags)) => matches!(tags.as_slice(), [tag] if !tag.weak && tag.quoted == etag),
        Ok(Tags::Any) => false,
        Err(_) => modified.is_some_and(|moment| moment.http_date() == condition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    fn asked(range: &str, if_range: Option<&'static str>, length: u64) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.append(RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(condition) = if_range {
            headers.append(IF_RANGE, HeaderValue::from_static(condition));
        }
        let modified = Timestamp::parse("2026-02-16T09:30:00Z").ok();
        Wanted::of(&headers, length, "\"tag\"", modified)
    }

    #[test]
    fn parts_are_told_as_rfc_9110_has_them() {
        for (range, expected) in [
            ("bytes=0-99", Wanted::One(0..100)),
            ("BYTES=0-99", Wanted::One(0..100)),
            ("bytes=900-", Wanted::One(900..1000)),
            ("bytes=-1", Wanted::One(999..1000)),
            ("bytes=-5000", Wanted::One(0..1000)),
            ("bytes=990-5000", Wanted::One(990..1000)),
            ("bytes=0-0", Wanted::One(0..1)),
            ("bytes=0-99999999999999999999999", Wanted::One(0..1000)),
            ("bytes=0-1, 5-6", Wanted::Several(vec![0..2, 5..7])),
            ("bytes=5-6,,0-1", Wanted::Several(vec![5..7, 0..2])),
            ("bytes=0-1,2000-", Wanted::One(0..2)),
            ("bytes=1000-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=0-5,3-9", Wanted::Whole),
            ("bytes=9-5", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=1", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
            ("bytes 0-1", Wanted::Whole),
        ] {
            assert_eq!(asked(range, None, 1000), expected, "{range}");
        }
        let many: Vec<String> = (0..20).map(|n| format!("{}-{}", n * 10, n * 10 + 1)).collect();
        assert_eq!(asked(&format!("bytes={}", many.join(",")), None, 1000), Wanted::Whole);
        assert_eq!(asked("bytes=0-", None, 0), Wanted::Nothing);
    }

    #[test]
    fn parts_of_other_bytes_are_not_sent() {
        for (condition, same) in [
            ("\"tag\"", true),
            ("W/\"tag\"", false),
            ("\"other\"", false),
            ("\"tag\", \"other\"", false),
            ("*", false),
            ("Mon, 16 Feb 2026 09:30:00 GMT", true),
            ("Mon, 16 Feb 2026 09:30:01 GMT", false),
            ("nonsense", false),
        ] {
            let expected = if same { Wanted::One(0..2) } else { Wanted::Whole };
            assert_eq!(asked("bytes=0-1", Some(condition), 10), expected, "{condition}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sent_is_always_within_the_bytes(range in "bytes=[0-9, -]{0,40}", length in 0_u64..5000) {
            match asked(&range, None, length) {
                Wanted::One(one) => prop_assert!(one.start < one.end && one.end <= length),
                Wanted::Several(parts) => {
                    prop_assert!(parts.len() >= 2 && parts.len() <= MOST && !overlap(&parts));
                    prop_assert!(parts.iter().all(|one| one.start < one.end && one.end <= length));
                }
                Wanted::Whole | Wanted::Nothing => {}
            }
        }
    }
}
