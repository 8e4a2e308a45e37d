//! What holds for any bytes, asked by fuzzers (`tests/fuzz/run`) and, for those that are kept in `corpus`, by each run of the tests.

use copydesk::domain::article::{ArticlePatch, Content};
use copydesk::domain::id::IdSource;
use copydesk::domain::invalid::Invalids;
use copydesk::domain::locale::Locale;
use copydesk::domain::page::{ByNumber, ByTime, ByWord, CursorKey, read_cursor, read_place, write_cursor};
use copydesk::domain::search::{Language, SearchQuery};
use copydesk::domain::slug::Slug;
use copydesk::domain::text::Headline;
use copydesk::exchange::{html as as_html, markdown as as_markdown};
use copydesk::imaging::{Limits, cost, examine_image, facts, sniff};
use serde_json::Value;
use uuid::Uuid;

const SITE: &str = "https://news.example";
/// More than that only takes longer.
const MOST: usize = 64 * 1024;

/// Panics where something does not hold.
type Check = fn(&[u8]);

/// The checks, by the names of their folders.
pub(crate) const ALL: &[(&str, Check)] = &[
    ("cursor", cursor),
    ("html", html),
    ("markdown", markdown),
    ("media", media),
    ("patch", patch),
    ("query", query),
    ("slug", slug),
];

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data.get(..MOST).unwrap_or(data)).ok()
}

/// A cursor is refused, or says what a cursor of ours says.
pub(crate) fn cursor(data: &[u8]) {
    fn one<K: CursorKey>(text: &str) {
        const LIST: &str = "articles?section=transport";
        drop(read_place::<K>(LIST, text));
        if let Ok(key) = read_cursor::<K>(LIST, text) {
            let ours = write_cursor(LIST, &key);
            let again = read_cursor::<K>(LIST, &ours).expect("ours is taken");
            assert_eq!(write_cursor(LIST, &again), ours);
            assert!(read_cursor::<K>("articles?section=sport", &ours).is_err());
        }
    }
    let Some(text) = text(data) else { return };
    one::<ByNumber>(text);
    one::<ByTime>(text);
    one::<ByWord>(text);
}

/// HTML is refused, or becomes blocks that come back from what is written of them.
pub(crate) fn html(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Ok(read) = as_html::read(text, SITE) {
        let written = as_html::write(&read.body, SITE);
        assert!(!written.contains("<script"), "{written}");
        let again = as_html::read(&written, SITE).expect("ours is taken");
        assert_eq!(json(&again.body), json(&read.body), "{written}");
        drop(as_markdown::write(&read.body));
    }
}

/// The same of Markdown, in its own form as well.
pub(crate) fn markdown(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Ok(read) = as_markdown::read(text, SITE) {
        let written = as_html::write(&read.body, SITE);
        let again = as_html::read(&written, SITE).expect("ours is taken");
        assert_eq!(json(&again.body), json(&read.body), "{written}");
        let written = as_markdown::write(&read.body);
        as_markdown::read(&written, SITE).expect("ours is taken");
    }
}

/// A file is refused, or looked at within its bounds.
pub(crate) fn media(data: &[u8]) {
    let limits = Limits {
        pixels: 1_000_000,
        frames: 20,
        memory: 64 * 1024 * 1024,
        narrowest: 320,
        widest: 2560,
        ratios: Vec::new(),
    };
    let Some(kind) = sniff(data.get(..8192).unwrap_or(data)) else {
        return;
    };
    drop(facts(kind, data, &limits));
    if cost(kind, data, &limits).is_ok_and(|bytes| bytes <= limits.memory) {
        if let Ok(examined) = examine_image(kind, data, &limits) {
            let pixels = u64::from(examined.width.unwrap_or(1)) * u64::from(examined.height.unwrap_or(1));
            assert!(pixels <= limits.pixels, "{pixels} pixels");
        }
    }
}

/// A merge patch is refused at places that are there, or done; done twice it says what it says once (RFC 7396).
pub(crate) fn patch(data: &[u8]) {
    struct Same;
    impl IdSource for Same {
        fn uuid(&self) -> Uuid {
            Uuid::from_u128(7)
        }
        fn random(&self) -> [u8; 16] {
            [7; 16]
        }
    }
    let Some(value) = text(data).and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        return;
    };
    match deserr::deserialize::<ArticlePatch, _, Invalids>(value.clone()) {
        Ok(patch) => {
            let headline = Headline::parse("Ferries").expect("a headline");
            let mut once = Content::new(headline, Locale::parse("en").expect("a locale"));
            if once.apply(patch.clone(), &Same).is_ok() {
                let mut twice = once.clone();
                twice.apply(patch, &Same).expect("taken again");
                assert_eq!(twice, once);
            }
        }
        Err(flaws) => {
            assert!(!flaws.0.is_empty());
            for flaw in flaws.0 {
                // What is missing has no place, but stands in one; a long name is told cut.
                let (within, _) = flaw.pointer.rsplit_once('/').unwrap_or(("", ""));
                let is_there = value.pointer(within).is_some() || flaw.pointer.contains('…');
                assert!(is_there, "{} of {value}", flaw.pointer);
            }
        }
    }
}

/// A search is refused, or stays within its bounds.
pub(crate) fn query(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Ok(query) = SearchQuery::parse(text) {
        let languages: Vec<Language> = ["en", "de", "ru"]
            .iter()
            .filter_map(|tag| Language::of(&Locale::parse(tag).ok()?))
            .collect();
        drop(query.stemmed(&languages));
    }
}

/// A slug is refused or is what was sent; one is made of any text.
pub(crate) fn slug(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Ok(slug) = Slug::parse(text) {
        assert_eq!(slug.as_str(), text);
    }
    let made = Slug::from_text(text, "story");
    for slug in [made.with_suffix(2), made.with_suffix(usize::MAX), made] {
        assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
    }
}

fn json(body: &impl serde::Serialize) -> Value {
    serde_json::to_value(body).expect("JSON")
}
