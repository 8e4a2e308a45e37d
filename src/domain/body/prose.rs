//! Blocks of running text: paragraphs, headings, quotes; and code and dividers, which have none.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::block::{Parts, block, field};
use super::span::{Span, SpanText, plain};
use crate::domain::invalid::{Flaw, Invalids, Rule, read_by_parse, refuse};
use crate::domain::text::Attribution;
use crate::domain::web::WebUrl;

block! {
    /// Running text.
    Paragraph, ParagraphType = "paragraph" {
        text: Vec<Span>,
    }
}

block! {
    /// A heading within the story; level 1 is the headline itself.
    Heading, HeadingType = "heading" {
        #[schema(value_type = u8, minimum = 2, maximum = 4)]
        level: Level,
        text: Vec<Span>,
    }
}

block! {
    /// Words of somebody else, set apart. An empty line within parts paragraphs.
    Quote, QuoteType = "quote" {
        text: Vec<Span>,
        /// Who said it, and where. Absent when nobody is named.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Attribution, required = false)]
        attribution: Option<Attribution>,
        /// Where it stands. Absent when there is none.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = WebUrl, required = false)]
        url: Option<WebUrl>,
    }
}

block! {
    /// Words of the story itself, shown large to draw readers in. An empty line within parts paragraphs.
    PullQuote, PullQuoteType = "pull_quote" {
        text: Vec<Span>,
        /// Who said it. Absent when nobody is named.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Attribution, required = false)]
        attribution: Option<Attribution>,
    }
}

block! {
    /// Program text, or anything whose blanks and line breaks count.
    CodeBlock, CodeBlockType = "code" {
        /// Absent when it is not said.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = CodeLanguage, required = false)]
        language: Option<CodeLanguage>,
        #[deserr(from(SpanText) = SpanText::into_string)]
        #[schema(max_length = 20_000, examples("select 1;"))]
        text: String,
    }
}

block! {
    /// A break between two parts of a story.
    Divider, DividerType = "divider" {}
}

/// The depth of a heading: 2, 3 or 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Level(u8);

impl Level {
    /// The nearest level that a story can have: 1 is the headline's, and below 4 nobody sees a difference.
    pub fn nearest(level: u8) -> Self {
        Self(level.clamp(2, 4))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

impl Deserr<Invalids> for Level {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let level = <u64 as Deserr<Invalids>>::deserialize_from_value(value, at)?;
        match u8::try_from(level) {
            Ok(level @ 2..=4) => Ok(Self(level)),
            _ => refuse(Flaw::new(Rule::OutOfRange, "must be 2, 3 or 4"), at),
        }
    }
}

/// The language of program text, as highlighters name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[A-Za-z0-9+#._-]{1,40}$", examples("sql"))]
pub struct CodeLanguage(String);

impl CodeLanguage {
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"+#._-".contains(&b);
        if (1..=40).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(
                Rule::Malformed,
                "is not 1 to 40 letters, digits and signs of `+#._-`",
            ))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(CodeLanguage);

/// Blocks with one running text, and perhaps somebody who said it.
macro_rules! one_text {
    ($($name:ident $(with $said:ident)?),+) => {$(
        impl Parts for $name {
            fn each_text<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {
                see(field("text", &at), &self.text);
            }

            fn each_text_mut(&mut self, change: &mut dyn FnMut(&mut Vec<Span>)) {
                change(&mut self.text);
            }

            $(fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
                self.$said.iter().for_each(|said| see(said.as_str()));
            })?

            fn plain_text(&self) -> String {
                let text = plain(&self.text);
                $(if let Some(said) = &self.$said {
                    return format!("{text}\n— {}", said.as_str());
                })?
                text
            }
        }
    )+};
}

one_text!(Paragraph, Heading, Quote with attribution, PullQuote with attribution);

impl Parts for CodeBlock {
    fn each_text<'a>(&'a self, _: ValuePointerRef<'_>, _: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {}

    fn each_text_mut(&mut self, _: &mut dyn FnMut(&mut Vec<Span>)) {}

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        see(&self.text);
    }

    fn plain_text(&self) -> String {
        self.text.clone()
    }
}

impl Parts for Divider {
    fn each_text<'a>(&'a self, _: ValuePointerRef<'_>, _: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {}

    fn each_text_mut(&mut self, _: &mut dyn FnMut(&mut Vec<Span>)) {}

    fn plain_text(&self) -> String {
        String::new()
    }
}
