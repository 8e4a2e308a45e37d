//! Moments: UTC, to the millisecond, written as RFC 3339 with `Z`.
//!
//! Milliseconds, because that is what a JavaScript `Date` holds: a moment read, kept in a client and sent back in a
//! filter is the same moment. The text has a fixed width, so it sorts as it reads.

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};
use utoipa::{PartialSchema, ToSchema};

use super::invalid::{Flaw, Rule, read_by_parse};

/// A moment in UTC, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// Before everything that is kept.
    pub const FIRST: Self = Self(time::macros::datetime!(0000-01-01 00:00 UTC));
    /// After everything that is kept.
    pub const LAST: Self = Self(time::macros::datetime!(9999-12-31 23:59:59.999 UTC));

    /// A moment outside the calendar in UTC is the start of 1970; [`Timestamp::parse`] lets none through.
    pub fn new(moment: OffsetDateTime) -> Self {
        let moment = moment
            .checked_to_offset(UtcOffset::UTC)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self(moment.replace_millisecond(moment.millisecond()).unwrap_or(moment))
    }

    /// From microseconds since 1970-01-01T00:00:00Z; `None` outside the years 0 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()?;
        (0..=9999).contains(&moment.year()).then(|| Self::new(moment))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        i64::try_from(self.0.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// The millisecond after it.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(time::Duration::milliseconds(1)))
    }

    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(time::Duration::seconds(seconds)))
    }

    pub fn date(self) -> time::Date {
        self.0.date()
    }

    /// RFC 3339; any offset is taken and turned into UTC.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
        // At the ends of the calendar an offset can lead out of it.
        let moment = moment.and_then(|moment| moment.checked_to_offset(UtcOffset::UTC));
        moment
            .filter(|moment| (0..=9999).contains(&moment.year()))
            .map(Self::new)
            .ok_or_else(|| {
                Flaw::new(
                    Rule::Malformed,
                    "is not a time of the form 2026-02-16T09:30:00Z, or with an offset such as +09:00 in place of `Z` (RFC 3339)",
                )
            })
    }

    /// The form that HTTP headers take (RFC 9110 §5.6.7), to the second.
    pub fn http_date(self) -> String {
        let form =
            format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
        self.0.format(form).unwrap_or_default()
    }

    /// RFC 3339. Each summary has several, so it is put together by hand.
    fn text(self) -> String {
        let (date, time) = (self.0.date(), self.0.time());
        let mut text = String::with_capacity(24);
        let parts = [
            (u32::try_from(date.year()).unwrap_or_default(), 4, '-'),
            (u32::from(u8::from(date.month())), 2, '-'),
            (u32::from(date.day()), 2, 'T'),
            (u32::from(time.hour()), 2, ':'),
            (u32::from(time.minute()), 2, ':'),
            (u32::from(time.second()), 2, '.'),
            (u32::from(time.millisecond()), 3, 'Z'),
        ];
        for (number, digits, behind) in parts {
            let places = (0..digits).rev().map(|place| number / 10_u32.pow(place) % 10);
            text.extend(places.filter_map(|digit| char::from_digit(digit, 10)));
            text.push(behind);
        }
        text
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

/// Reads a moment where it stands.
struct Text;

impl Visitor<'_> for Text {
    type Value = Timestamp;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a time")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse(text).map_err(|flaw| E::custom(flaw.message))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment in UTC, to the millisecond (RFC 3339)."))
            .examples(["2026-02-16T09:30:00.000Z"])
            .into()
    }
}

impl ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}

/// Which state of what is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    #[default]
    Now,
    /// As it was then.
    At(Timestamp),
}

impl Moment {
    /// Whether what happened then had happened by this moment.
    pub fn knows(self, then: Timestamp) -> bool {
        match self {
            Self::Now => true,
            Self::At(at) => then <= at,
        }
    }
}

/// A calendar date, `2026-02-16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, examples("2026-02-16"))]
pub struct Day(time::Date);

impl Day {
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let form = format_description!("[year]-[month]-[day]");
        time::Date::parse(text, form)
            .ok()
            .filter(|day| (0..=9999).contains(&day.year()))
            .map(Self)
            .ok_or_else(|| Flaw::new(Rule::Malformed, "is not a date of the form 2026-02-16"))
    }

    pub fn date(self) -> time::Date {
        self.0
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|flaw| flaw.message)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        format!("{:04}-{:02}-{:02}", day.0.year(), u8::from(day.0.month()), day.0.day())
    }
}

read_by_parse!(Timestamp, Day);

/// What time it is; a test hands in a clock that it can set.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_javascript_writes_it() {
        for (given, written) in [
            ("2026-02-16T09:30:00Z", "2026-02-16T09:30:00.000Z"),
            ("2026-02-16T10:30:00.123456+01:00", "2026-02-16T09:30:00.123Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp::parse(given).map(|t| t.to_string()), Ok(written.to_owned()));
        }
        assert!(Timestamp::parse("2026-02-16").is_err());
    }

    #[test]
    fn an_offset_does_not_lead_out_of_the_calendar() {
        for text in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn microseconds_survive_the_store() {
        let moment = Timestamp::parse("2026-02-16T09:30:00.123Z").ok();
        assert_eq!(moment.and_then(|m| Timestamp::from_micros(m.micros())), moment);
    }

    #[test]
    fn a_header_date_has_the_form_of_rfc_9110() {
        let moment = Timestamp::parse("1994-11-06T08:49:37Z").map(Timestamp::http_date);
        assert_eq!(moment, Ok("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()));
    }
}
