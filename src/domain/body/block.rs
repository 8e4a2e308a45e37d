//! The blocks: one enum that is the JSON, the spec (`oneOf` with a discriminator) and the validator.

use deserr::{Deserr, IntoValue, Map, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{Discriminator, OneOfBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::span::{Span, tidy};
use crate::domain::id::BlockId;
use crate::domain::invalid::{Flaw, Invalids, Rule, not_one_of, read_text, refuse};

/// Declares the union: for each block its `type`, and the struct of its fields.
macro_rules! blocks {
    ($($variant:ident = $word:tt),+ $(,)?) => {
        /// One block of a body; `type` says which.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(untagged)]
        pub enum Block { $($variant($variant)),+ }

        impl Block {
            const TYPES: &'static [&'static str] = &[$($word),+];

            pub fn id(&self) -> Option<&BlockId> {
                match self { $(Self::$variant(block) => block.id.as_ref()),+ }
            }

            pub(super) fn set_id(&mut self, id: BlockId) {
                match self { $(Self::$variant(block) => block.id = Some(id)),+ }
            }

            /// The running text.
            pub fn spans(&self) -> &[Span] {
                match self { $(Self::$variant(block) => &block.text),+ }
            }

            pub(super) fn spans_mut(&mut self) -> &mut Vec<Span> {
                match self { $(Self::$variant(block) => &mut block.text),+ }
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
}

/// Declares the one value that the `type` of a block can have.
macro_rules! tag {
    ($name:ident = $word:tt) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum $name {
            #[serde(rename = $word)]
            Is,
        }
    };
}

tag!(ParagraphType = "paragraph");
tag!(HeadingType = "heading");

impl Default for ParagraphType {
    fn default() -> Self {
        Self::Is
    }
}

impl Default for HeadingType {
    fn default() -> Self {
        Self::Is
    }
}

/// Running text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Paragraph {
    /// Kept when given, made when absent; the same in every later answer.
    #[deserr(default)]
    #[schema(value_type = BlockId)]
    pub id: Option<BlockId>,
    #[deserr(skip)]
    #[serde(rename = "type")]
    #[schema(inline)]
    pub kind: ParagraphType,
    pub text: Vec<Span>,
}

/// A heading within the story; level 1 is the headline itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Heading {
    /// Kept when given, made when absent; the same in every later answer.
    #[deserr(default)]
    #[schema(value_type = BlockId)]
    pub id: Option<BlockId>,
    #[deserr(skip)]
    #[serde(rename = "type")]
    #[schema(inline)]
    pub kind: HeadingType,
    #[schema(value_type = u8, minimum = 2, maximum = 4)]
    pub level: Level,
    pub text: Vec<Span>,
}

/// The depth of a heading: 2, 3 or 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Level(u8);

impl Deserr<Invalids> for Level {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let level = <u64 as Deserr<Invalids>>::deserialize_from_value(value, at)?;
        match u8::try_from(level) {
            Ok(level @ 2..=4) => Ok(Self(level)),
            _ => refuse(Flaw::new(Rule::OutOfRange, "must be 2, 3 or 4"), at),
        }
    }
}

impl Block {
    pub fn paragraph(text: Vec<Span>) -> Self {
        Self::Paragraph(Paragraph {
            id: None,
            kind: ParagraphType::Is,
            text,
        })
    }

    /// The text without marks and links.
    pub fn plain_text(&self) -> String {
        self.spans().iter().map(|span| span.text.as_str()).collect()
    }

    /// Joins neighbouring spans that look alike and drops empty ones, so one text has one form.
    pub(super) fn tidy(&mut self) {
        let spans = self.spans_mut();
        *spans = tidy(std::mem::take(spans));
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
