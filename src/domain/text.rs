//! Words people write: trimmed, in Unicode normal form C, bounded, free of control characters.

use std::borrow::Cow;
use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};

use super::invalid::{Flaw, Rule};

static NFC: LazyLock<ComposingNormalizerBorrowed<'static>> = LazyLock::new(ComposingNormalizer::new_nfc);

/// Whether a text may hold line breaks and tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line: a headline, a name.
    Line,
    /// Several lines: a note, a biography.
    Prose,
}

/// Normal form C, with nothing trimmed. Control characters are refused: PostgreSQL cannot hold NUL, and no
/// reader can show the others. (Newline and tab pass in `Prose`.)
pub fn clean(text: &str, shape: Shape) -> Result<String, Flaw> {
    let allowed = |c: char| shape == Shape::Prose && (c == '\n' || c == '\t');
    let text = if shape == Shape::Prose {
        text.replace("\r\n", "\n")
    } else {
        text.to_owned()
    };
    if let Some(found) = text.chars().find(|c| c.is_control() && !allowed(*c)) {
        let message = format!("holds the control character U+{:04X}", u32::from(found));
        return Err(Flaw::new(Rule::ControlCharacter, message));
    }
    Ok(NFC.normalize(&text).into_owned())
}

/// Brings a text into normal form C.
pub fn composed(text: &mut String) {
    if let Cow::Owned(changed) = NFC.normalize(text) {
        *text = changed;
    }
}

/// A cleaned and trimmed text of `min` to `max` characters (Unicode scalar values, as JSON Schema counts).
pub fn bounded(text: &str, shape: Shape, min: usize, max: usize) -> Result<String, Flaw> {
    let text = clean(text, shape)?.trim().to_owned();
    let length = text.chars().count();
    if length < min {
        let message = if length == 0 {
            "must not be empty".to_owned()
        } else {
            format!("needs at least {min} characters")
        };
        return Err(Flaw::new(Rule::TooShort, message));
    }
    if length > max {
        return Err(Flaw::new(
            Rule::TooLong,
            format!("has {length} characters; at most {max} are allowed"),
        ));
    }
    Ok(text)
}

/// Declares text types: a name, its shape, its bounds in characters, what it is.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $shape:ident $min:tt..=$max:tt, $example:tt;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(min_length = $min, max_length = $max, examples($example))]
        pub struct $name(String);

        impl $name {
            pub const MAX: usize = $max;

            pub fn parse(text: &str) -> Result<Self, Flaw> {
                bounded(text, Shape::$shape, $min, $max).map(Self)
            }

            /// From the store, where it was checked when it was written.
            pub fn trusted(text: String) -> Self {
                Self(text)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        super::invalid::read_by_parse!($name);
    )+};
}

texts! {
    /// The title of an article.
    Headline: Line 1..=300, "Ferry service resumes across the strait";
    /// The headline where there is little room.
    ShortHeadline: Line 1..=120, "Ferry resumes";
    /// The title that search engines and browser tabs show.
    SeoTitle: Line 1..=120, "Strait ferry resumes after storm";
    /// The summary that search engines show.
    SeoDescription: Line 1..=320, "The first ferry in nine days left Port Aldous on Monday.";
    /// The standfirst under the headline.
    Deck: Prose 1..=1000, "Storm damage had closed the crossing for nine days.";
    /// The label over the headline.
    Kicker: Line 1..=80, "Transport";
    /// A note among editors; readers never see it.
    InternalNote: Prose 1..=10_000, "Second source called back at noon.";
    /// What is said about a move, such as why a story is sent back.
    RevisionNote: Prose 1..=2000, "Needs a second source for the number of passengers.";
    /// A public note on an article.
    CorrectionText: Prose 1..=5000, "An earlier version gave the wrong day of the first crossing.";
    /// Replaces the text of the byline.
    BylineOverride: Line 1..=300, "From our correspondents";
    /// The name of a person, an organisation or a section.
    Name: Line 1..=200, "Meridian Wire";
    /// What readers are told about a contributor.
    Bio: Prose 1..=5000, "An invented news agency.";
    /// What readers are told about a section.
    Description: Prose 1..=1000, "Roads, rails and ferries.";
    /// The city of a dateline.
    City: Line 1..=100, "Port Aldous";
    /// The text of a dateline where it is not the usual one.
    DatelineText: Line 1..=200, "ABOARD THE MV KESTREL";
    /// The name of who supplied a story.
    DistributorName: Line 1..=200, "Meridian Wire";
    /// Who said a quote.
    Attribution: Line 1..=300, "Mirel Dahn, a passenger";
    /// What a table shows.
    TableCaption: Line 1..=500, "Crossings a day, by season";
    /// The title of a box of facts.
    BoxTitle: Line 1..=200, "The strait in figures";
    /// What an embed shows.
    EmbedTitle: Line 1..=300, "The first ferry leaves the harbour";
    /// What somebody who does not see a picture is told.
    AltText: Prose 1..=1000, "A ferry leaves a harbour under grey clouds.";
    /// The words under a picture.
    Caption: Prose 1..=5000, "The Kestrel leaves Port Aldous on Monday.";
    /// Who is named beside a picture, or made it, or owns it.
    CreditLine: Line 1..=500, "Northlight Pictures";
    /// The name of a file.
    Filename: Line 1..=255, "kestrel-leaves.jpg";
    /// The title of a gallery.
    GalleryTitle: Line 1..=200, "The first crossing, in pictures";
    /// What a page elsewhere is called.
    LinkTitle: Line 1..=300, "Harbour authority: crossing reopens";
    /// Who published a page elsewhere.
    LinkSource: Line 1..=200, "Port Aldous Harbour Authority";
    /// What stands in place of a headline in a link.
    LinkLabel: Line 1..=300, "How the crossing was reopened";
    /// The title of a list of links.
    LinksTitle: Line 1..=200, "More on the strait";
    /// The supplier's own identifier of the story.
    ItemId: Line 1..=200, "mw-2026-02-16-0042";
    /// What the supplier allows; readers never see it.
    UsageTerms: Prose 1..=2000, "Online use for 30 days.";
}

/// With its first letter as a sentence begins.
pub fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// Bytes as hexadecimal digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.extend(halves.filter_map(|half| char::from_digit(half.into(), 16)));
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_composed() {
        assert_eq!(
            Headline::parse("  Cafe\u{301} ").map(|h| h.as_str().to_owned()),
            Ok("Café".to_owned())
        );
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        for (what, text, rule) in [
            ("empty", "  ", Rule::TooShort),
            ("NUL", "a\0b", Rule::ControlCharacter),
            ("a line break in one line", "a\nb", Rule::ControlCharacter),
            ("too long", &"x".repeat(301), Rule::TooLong),
        ] {
            assert_eq!(Headline::parse(text).map_err(|flaw| flaw.rule), Err(rule), "{what}");
        }
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(["élan", "", "ßa", "A"].map(capitalized), ["Élan", "", "SSa", "A"]);
    }

    #[test]
    fn prose_keeps_its_lines() {
        assert_eq!(
            Deck::parse("one\r\ntwo").map(|d| d.as_str().to_owned()),
            Ok("one\ntwo".to_owned())
        );
    }
}
