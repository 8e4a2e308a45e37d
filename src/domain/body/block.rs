//! The union of blocks: one enum that is the JSON, the spec (`oneOf` with a discriminator) and the validator.

use deserr::{Deserr, IntoValue, Map, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{Discriminator, OneOfBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::embed::Embed;
use super::fact_box::FactBox;
use super::list::List;
use super::media::{Audio, Gallery, Image, Shown, ShownMut, Video};
use super::prose::{CodeBlock, Divider, Heading, Paragraph, PullQuote, Quote};
use super::related::{RelatedArticle, RelatedList};
use super::span::{Span, tidy};
use super::table::Table;
use crate::domain::id::BlockId;
use crate::domain::invalid::{Flaw, Invalids, Rule, not_one_of, read_text, refuse};
use crate::domain::segment::word_indices;

/// What the body asks every block.
pub(super) trait Parts {
    /// Hands over every running text with its place, in reading order; blocks within this one are not entered.
    fn each_text<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>));

    /// The same, to be changed.
    fn each_text_mut(&mut self, change: &mut dyn FnMut(&mut Vec<Span>));

    /// Hands over every media with its place, in reading order.
    fn each_media<'a>(&'a self, _at: ValuePointerRef<'_>, _see: &mut dyn FnMut(ValuePointerRef<'_>, Shown<'a>)) {}

    /// The same, to be changed.
    fn each_media_mut(&mut self, _change: &mut dyn FnMut(ShownMut<'_>)) {}

    /// Whether its words are the story's, and not those under a picture: only those make a text and are counted.
    fn is_text(&self) -> bool {
        true
    }

    /// Words that are not running text, such as who said a quote.
    fn each_plain<'a>(&'a self, _see: &mut dyn FnMut(&'a str)) {}

    /// What a reader reads, without decoration but line breaks and what tells an item from the next.
    fn plain_text(&self) -> String;

    /// Blocks within this one.
    fn children(&self) -> &[Block] {
        &[]
    }

    fn children_mut(&mut self) -> &mut [Block] {
        &mut []
    }

    /// Levels that it takes, itself included; blocks within are not counted.
    fn levels(&self) -> usize {
        1
    }

    /// What is wrong with it as a whole, and in which of its fields.
    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        Ok(())
    }
}

/// The place of a field within a block.
pub(super) fn field<'a>(key: &'a str, prev: &'a ValuePointerRef<'a>) -> ValuePointerRef<'a> {
    ValuePointerRef::Key { key, prev }
}

/// Declares a block: the struct of its fields, with the id that every block has and the one `type` it can have.
macro_rules! block {
    ($(#[$doc:meta])* $name:ident, $tag:ident = $word:tt { $($(#[$inner:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        /// The one value that the `type` of the block can have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $tag {
            #[default]
            #[serde(rename = $word)]
            Is,
        }

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, deserr::Deserr, utoipa::ToSchema)]
        #[deserr(error = $crate::domain::invalid::Invalids, deny_unknown_fields)]
        pub struct $name {
            /// Kept when given, made when absent; the same in every later answer.
            #[deserr(default)]
            #[schema(value_type = $crate::domain::id::BlockId)]
            pub id: Option<$crate::domain::id::BlockId>,
            #[deserr(skip)]
            #[serde(rename = "type")]
            #[schema(inline)]
            pub kind: $tag,
            $($(#[$inner])* pub $field: $kind),*
        }

        impl $name {
            /// Without an id; the body gives it one.
            pub fn make($($field: $kind),*) -> Self {
                Self { id: None, kind: $tag::Is, $($field),* }
            }
        }
    };
}
pub(super) use block;

/// Declares the union: for each block its `type`, and the struct of its fields.
macro_rules! blocks {
    ($($variant:ident = $word:tt),+ $(,)?) => {
        /// One block of a body; `type` says which.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(untagged)]
        pub enum Block { $($variant($variant)),+ }

        $(impl From<$variant> for Block {
            fn from(block: $variant) -> Self {
                Self::$variant(block)
            }
        })+

        impl Block {
            pub const TYPES: &'static [&'static str] = &[$($word),+];

            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $word),+ }
            }

            pub fn id(&self) -> Option<&BlockId> {
                match self { $(Self::$variant(block) => block.id.as_ref()),+ }
            }

            pub fn set_id(&mut self, id: Option<BlockId>) {
                match self { $(Self::$variant(block) => block.id = id),+ }
            }

            pub(super) fn parts(&self) -> &dyn Parts {
                match self { $(Self::$variant(block) => block),+ }
            }

            pub(super) fn parts_mut(&mut self) -> &mut dyn Parts {
                match self { $(Self::$variant(block) => block),+ }
            }

            /// Reads a block as it is kept: only the one that its `type` names is tried.
            pub(super) fn from_json(json: &str) -> serde_json::Result<Self> {
                #[derive(Deserialize)]
                struct Typed<'a> {
                    #[serde(rename = "type", borrow)]
                    kind: &'a str,
                }
                match serde_json::from_str::<Typed<'_>>(json)?.kind {
                    $($word => serde_json::from_str(json).map(Self::$variant),)+
                    _ => serde_json::from_str(json),
                }
            }

            fn read<V: IntoValue>(kind: &str, value: Value<V>, at: ValuePointerRef<'_>) -> Option<Result<Self, Invalids>> {
                Some(match kind {
                    $($word => $variant::deserialize_from_value(value, at).map(Self::$variant),)+
                    _ => return None,
                })
            }
        }

        impl PartialSchema for Block {
            fn schema() -> RefOr<Schema> {
                let named = |name: &str| Ref::from_schema_name(name);
                OneOfBuilder::new()
                    $(.item(named(&$variant::name())))+
                    .discriminator(Some(Discriminator::with_mapping("type", [
                        $(($word, named(&$variant::name()).ref_location)),+
                    ])))
                    .description(Some("One block of a body; `type` says which."))
                    .into()
            }
        }

        impl ToSchema for Block {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $(
                    schemas.push(($variant::name().into_owned(), $variant::schema()));
                    $variant::schemas(schemas);
                )+
            }
        }
    };
}

blocks! {
    Paragraph = "paragraph",
    Heading = "heading",
    Quote = "quote",
    PullQuote = "pull_quote",
    List = "list",
    Embed = "embed",
    Table = "table",
    FactBox = "fact_box",
    CodeBlock = "code",
    Divider = "divider",
    Image = "image",
    Gallery = "gallery",
    Video = "video",
    Audio = "audio",
    RelatedArticle = "related_article",
    RelatedList = "related_list",
}

impl Block {
    pub fn paragraph(text: Vec<Span>) -> Self {
        Paragraph::make(text).into()
    }

    /// What a reader reads of it, blocks within included.
    pub fn plain_text(&self) -> String {
        let own = self.parts().plain_text();
        let within = self.children().iter().map(Self::plain_text);
        let all: Vec<String> = std::iter::once(own)
            .chain(within)
            .filter(|text| !text.is_empty())
            .collect();
        all.join("\n\n")
    }

    /// Words of the story in it, as Unicode counts them (UAX #29), blocks within included.
    pub(super) fn word_count(&self) -> usize {
        let own = if self.parts().is_text() {
            word_indices(&self.parts().plain_text()).count()
        } else {
            0
        };
        own + self.children().iter().map(Self::word_count).sum::<usize>()
    }

    /// Whether there is any text of the story in it.
    pub(super) fn has_text(&self) -> bool {
        let own = self.parts().is_text() && !self.parts().plain_text().trim().is_empty();
        own || self.children().iter().any(Self::has_text)
    }

    /// Blocks within this one.
    pub fn children(&self) -> &[Self] {
        self.parts().children()
    }

    pub fn children_mut(&mut self) -> &mut [Self] {
        self.parts_mut().children_mut()
    }

    /// Joins neighbouring spans that look alike and drops empty ones, so one text has one form.
    pub fn tidy(&mut self) {
        self.parts_mut()
            .each_text_mut(&mut |spans| *spans = tidy(std::mem::take(spans)));
        self.children_mut().iter_mut().for_each(Self::tidy);
    }
}

impl Deserr<Invalids> for Block {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let Value::Map(mut fields) = value else {
            let error = deserr::ErrorKind::IncorrectValueKind {
                actual: value,
                accepted: &[ValueKind::Map],
            };
            return Err(deserr::take_cf_content(<Invalids as deserr::DeserializeError>::error(
                None, error, at,
            )));
        };
        let here = ValuePointerRef::Key { key: "type", prev: &at };
        let Some(kind) = fields.remove("type") else {
            return refuse(Flaw::new(Rule::Required, "`type` is missing"), here);
        };
        let kind = read_text(kind.into_value(), here, |kind| Ok(kind.to_owned()))?;
        Self::read::<V>(&kind, Value::Map(fields), at).unwrap_or_else(|| refuse(not_one_of(&kind, Self::TYPES), here))
    }
}
