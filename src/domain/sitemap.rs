//! The files of a sitemap: one for each month in which something went live, and more where a month has too much for one.

use time::{Date, Month, OffsetDateTime, Time};

use super::time::Timestamp;

/// Where a file begins, and the month that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SitemapFile {
    /// What went live then or later is in it.
    pub from: Timestamp,
    month: (i32, u8),
}

impl SitemapFile {
    /// Most addresses of one file (sitemaps.org), and most files of an index.
    pub const MOST: usize = 50_000;

    /// The first file of the month that has this moment.
    pub fn of(moment: Timestamp) -> Self {
        let date = moment.date();
        let month = (date.year(), u8::from(date.month()));
        Self {
            from: start(month).unwrap_or(moment),
            month,
        }
    }

    /// The file that goes on from this moment: one more of the same month, or the first of a later one.
    pub fn then(self, from: Timestamp) -> Self {
        if from < self.until() {
            Self { from, ..self }
        } else {
            Self::of(from)
        }
    }

    /// The first moment of the next month, which is not in it.
    pub fn until(self) -> Timestamp {
        let (year, month) = self.month;
        let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        // The calendar ends with a December.
        start(next).unwrap_or_else(|| self.from.plus_seconds(31 * 86_400))
    }

    /// `2026-02`, and where it is not the first of its month `2026-02-` and the milliseconds from 1970 on.
    pub fn name(self) -> String {
        let (year, month) = self.month;
        if start(self.month) == Some(self.from) {
            return format!("{year:04}-{month:02}");
        }
        format!("{year:04}-{month:02}-{}", self.from.micros() / 1000)
    }

    /// The file of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let (year, rest) = name.split_once('-')?;
        let (month, from) = rest.split_once('-').map_or((rest, None), |(m, from)| (m, Some(from)));
        let month = (year.parse().ok()?, month.parse().ok()?);
        let file = Self::of(start(month)?);
        let file = match from {
            Some(from) => Self {
                from: Timestamp::from_micros(from.parse::<i64>().ok()?.checked_mul(1000)?)?,
                ..file
            },
            None => file,
        };
        // One spelling, so that a file has one address.
        (file.name() == name && (start(month)?..file.until()).contains(&file.from)).then_some(file)
    }
}

fn start((year, month): (i32, u8)) -> Option<Timestamp> {
    let month = Month::try_from(month).ok()?;
    let date = Date::from_calendar_date(year, month, 1).ok().filter(|_| year >= 0)?;
    Some(Timestamp::new(OffsetDateTime::new_utc(date, Time::MIDNIGHT)))
}

/// The language of a story as the sitemap of news has it: two or three letters (ISO 639), and two sorts of Chinese.
pub fn news_language(locale: &str) -> String {
    let lower = locale.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split('-').collect();
    let primary = parts.first().copied().unwrap_or_default();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    match primary {
        "zh" if has(&["tw", "hk", "mo", "hant"]) => "zh-tw".to_owned(),
        "zh" => "zh-cn".to_owned(),
        _ if matches!(primary.len(), 2 | 3) => primary.to_owned(),
        _ => "und".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_the_one_name_that_it_has() {
        for name in ["2026-02", "2026-12", "0001-01", "9999-12", "2026-02-1771234200123"] {
            assert_eq!(
                SitemapFile::parse(name).map(SitemapFile::name).as_deref(),
                Some(name),
                "{name}"
            );
        }
        for name in [
            "",
            "2026",
            "2026-2",
            "2026-13",
            "2026-00",
            "-001-01",
            "2026-02-",
            "2026-02-x",
            "2026-02-0",
            "2026-02-9223372036854775807",
            // The first moment of the month, and one of another month.
            "2026-02-1769904000000",
            "2026-03-1771234200123",
            "+2026-02",
        ] {
            assert_eq!(SitemapFile::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let ends = |name| SitemapFile::parse(name).map(|file| file.until().to_string());
        assert_eq!(ends("2026-02").as_deref(), Some("2026-03-01T00:00:00.000Z"));
        assert_eq!(
            ends("2026-12-1798761599999").as_deref(),
            Some("2027-01-01T00:00:00.000Z")
        );
        assert!(ends("9999-12").is_some());
    }

    #[test]
    fn languages_are_those_that_news_know() {
        for (locale, told) in [
            ("en", "en"),
            ("pt-BR", "pt"),
            ("zh", "zh-cn"),
            ("zh-Hant-HK", "zh-tw"),
            ("zh-TW", "zh-tw"),
            ("haw", "haw"),
            ("i-klingon", "und"),
            ("x-private", "und"),
        ] {
            assert_eq!(news_language(locale), told, "{locale}");
        }
    }
}
