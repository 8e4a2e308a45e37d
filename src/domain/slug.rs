//! Slugs: the readable part of an address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invalid::{Flaw, Rule, read_by_parse};

/// Lower-case ASCII letters and digits in groups joined by single hyphens, at most 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
    max_length = 80,
    examples("ferry-service-resumes")
)]
pub struct Slug(String);

impl Slug {
    pub const MAX: usize = 80;

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() > Self::MAX {
            return Err(Flaw::new(
                Rule::TooLong,
                format!("is longer than {} characters", Self::MAX),
            ));
        }
        if text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(
                Rule::Malformed,
                "is not lower-case letters and digits joined by single hyphens",
            ))
        }
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    /// A slug for a headline or a name, in Latin letters whatever its script, cut at a word. A text with nothing to
    /// spell (only signs) gives `fallback`.
    pub fn from_text(text: &str, fallback: &str) -> Self {
        let mut slug = String::with_capacity(Self::MAX);
        for word in latin(text).split_ascii_whitespace() {
            let room = Self::MAX.saturating_sub(slug.len() + usize::from(!slug.is_empty()));
            if word.len() > room {
                if slug.is_empty() {
                    slug.extend(word.chars().take(Self::MAX));
                }
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        if slug.is_empty() {
            Self(fallback.to_owned())
        } else {
            Self(slug)
        }
    }

    /// The same slug with `-2`, `-3`, … for when it is taken, still within the limit.
    pub fn with_suffix(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let stem: String = self.0.chars().take(Self::MAX - suffix.len()).collect();
        Self(format!("{}{suffix}", stem.trim_end_matches('-')))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text in lower-case Latin letters and digits, with blanks where words part.
fn latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for c in text.chars() {
        let spelt = spelling(c);
        // A sign that is read as a word is one: "№5" is two. What is read as one letter is a mark on the letter before.
        let letters = spelt.bytes().filter(u8::is_ascii_alphanumeric).count();
        let names_a_thing = !c.is_alphanumeric() && letters > 1;
        latin.extend(names_a_thing.then_some(' '));
        for part in spelt.chars() {
            match part {
                'a'..='z' | '0'..='9' => latin.push(part),
                'A'..='Z' => latin.push(part.to_ascii_lowercase()),
                // An apostrophe joins, "don't" is `dont`; so does what stands for a letter that Latin has no letter for.
                '\'' | '`' => {}
                _ if c.is_alphabetic() && part != ' ' => {}
                // Every other sign parts words.
                _ => latin.push(' '),
            }
        }
        latin.extend(names_a_thing.then_some(' '));
    }
    latin
}

/// How a character is spelt in ASCII.
fn spelling(c: char) -> &'static str {
    match c {
        // The table has signs for these, and their languages write many words with them.
        '\u{259}' | '\u{18f}' | '\u{1dd}' => "e",
        '\u{4d9}' | '\u{4d8}' | '\u{649}' => "a",
        '\u{629}' | '\u{6c3}' => "h",
        _ => deunicode::deunicode_char(c).unwrap_or(" "),
    }
}

read_by_parse!(Slug);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn made(text: &str) -> String {
        Slug::from_text(text, "article").as_str().to_owned()
    }

    #[test]
    fn a_slug_is_spelt_in_latin_letters() {
        for (text, slug) in [
            ("Ferry service resumes", "ferry-service-resumes"),
            ("Don't stop: café & Ångström", "dont-stop-cafe-angstrom"),
            ("İstanbul’da ışık, straße, Đà Nẵng", "istanbulda-isik-strasse-da-nang"),
            ("Новости дня", "novosti-dnia"),
            ("Съединение", "sedinenie"),
            ("Ειδήσεις", "eideseis"),
            ("Azərbaycan, Əliyev", "azerbaycan-eliyev"),
            ("Әлем жаңалықтары", "alem-zhanalyktary"),
            ("مرحبا بالعالم", "mrhb-bllm"),
            ("مدرسة إلى", "mdrsh-la"),
            ("שלום עולם", "shlvm-vlm"),
            ("מִשְׁפָּט", "mishhpat"),
            ("한국 뉴스", "hangug-nyuseu"),
            ("北京新闻", "bei-jing-xin-wen"),
            ("日本のニュース", "ri-ben-noniyusu"),
            ("สวัสดีชาวโลก", "swasdiichaawolk"),
            ("नमस्ते दुनिया", "nmste-duniyaa"),
            ("ជ័យជំនះ", "jayjmnh"),
            ("Budget 2027: 北京 и Москва", "budget-2027-bei-jing-i-moskva"),
            ("Go🚢now for 50€, №5, Brand™", "go-ship-now-for-50-eur-no-5-brand-tm"),
            ("½ cup", "1-2-cup"),
            ("🚢", "ship"),
            ("!!! ???", "article"),
            ("…—–·\u{200e}\u{feff}", "article"),
        ] {
            assert_eq!(made(text), slug, "{text}");
        }
    }

    /// They belong to words and part none.
    #[test]
    fn apostrophes_and_marks_that_nobody_sees_join() {
        for text in [
            "Сім'я",
            "Сім’я",
            "Сімʼя",
            "Сім＇я",
            "Сім`я",
            "Сім\u{ad}я",
            "Сім\u{200d}я",
            "Сім\u{200c}я",
            "Сім\u{2060}я",
            "Сім\u{feff}я",
            "Сі\u{301}м'я",
            "\u{202b}Сім'я\u{202c}",
            "Сім\u{200f}я",
            "Сі\u{fe0f}м'я",
        ] {
            assert_eq!(made(text), "simia", "{text:?}");
        }
        for (text, slug) in [
            ("L’été d’avant", "lete-davant"),
            ("Hawaiʻi, Qurʾān", "hawaii-quran"),
            ("e\u{301}te\u{301}", "ete"),
            ("и\u{306}огурт", "iogurt"),
            ("می\u{200c}خواهم", "mykhwhm"),
            ("obʺekt", "obekt"),
            ("zero\u{200b}width\u{a0}blanks", "zero-width-blanks"),
        ] {
            assert_eq!(made(text), slug, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_word_and_a_long_word_within() {
        let words = "breakwater ".repeat(20);
        assert_eq!(made(&words), "breakwater-".repeat(7).trim_end_matches('-'));
        let exact = format!("{} {}", "a".repeat(40), "b".repeat(39));
        assert_eq!(made(&exact).len(), Slug::MAX);
        assert_eq!(made(&format!("{exact}b")), "a".repeat(40));
        assert_eq!(made(&"Donau".repeat(40)), "donau".repeat(16));
        assert_eq!(made(&"ข่าว".repeat(100)).len(), Slug::MAX);
    }

    #[test]
    fn a_number_behind_a_slug_stays_within_the_limit() {
        let long = Slug::from_text(&"a".repeat(200), "article");
        let parted = Slug::from_text(&format!("{} b", "a".repeat(77)), "article");
        for (slug, number, expected) in [
            (&long, 2, format!("{}-2", "a".repeat(78))),
            (&long, 12_345, format!("{}-12345", "a".repeat(74))),
            (&parted, 2, format!("{}-2", "a".repeat(77))),
        ] {
            assert_eq!(slug.with_suffix(number).as_str(), expected);
        }
    }

    proptest! {
        #[test]
        fn every_text_gives_a_slug(text in "\\PC{0,200}|[a-zа-яא-ת\u{4e00}-\u{4fff}'’ʼ\u{ad}\u{200d} 🚢]{0,300}", number in 2usize..) {
            let slug = Slug::from_text(&text, "article");
            prop_assert!(Slug::parse(slug.as_str()).is_ok());
            prop_assert!(Slug::parse(slug.with_suffix(number).as_str()).is_ok());
            prop_assert_eq!(Slug::from_text(slug.as_str(), "article"), slug);
        }
    }
}
