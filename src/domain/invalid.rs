//! Every refusal of a value, and how the refusals of one body are gathered.

use std::ops::ControlFlow;

use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, Value, ValueKind, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a value broke. Closed: clients may branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The field must be given.
    Required,
    /// No such field or parameter.
    Unknown,
    /// Another JSON type is expected.
    WrongType,
    /// Shorter than allowed.
    TooShort,
    /// Longer than allowed.
    TooLong,
    /// More items than allowed.
    TooMany,
    /// Not of the form that is asked for.
    Malformed,
    /// Not one of the values that are allowed.
    NotAllowed,
    /// Outside the range.
    OutOfRange,
    /// Given twice where once is allowed.
    Duplicate,
    /// Names a thing that is not there.
    UnknownReference,
    /// Holds a control character.
    ControlCharacter,
}

/// Why one value is refused, before anyone knows where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub rule: Rule,
    pub message: String,
}

impl Flaw {
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
        }
    }

    /// The same flaw, at a place: a JSON pointer (RFC 6901) for a body, a bare name for a parameter.
    pub fn at(self, pointer: impl Into<String>) -> Invalid {
        Invalid {
            pointer: pointer.into(),
            code: self.rule,
            message: self.message,
        }
    }
}

/// One refused value and where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invalid {
    /// JSON pointer into the body, or the name of the parameter or header.
    #[schema(examples("/headline"))]
    pub pointer: String,
    pub code: Rule,
    /// A sentence for a person; it may change, the code does not.
    pub message: String,
}

/// All refusals of one body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invalids(pub Vec<Invalid>);

impl Invalids {
    /// More than this many refusals help nobody; the rest is left out.
    const MOST: usize = 100;

    fn is_full(&self) -> bool {
        self.0.len() >= Self::MOST
    }

    pub fn add(&mut self, invalid: Invalid) {
        if !self.is_full() {
            self.0.push(invalid);
        }
    }

    /// These and others.
    pub fn and(mut self, others: Self) -> Self {
        others.0.into_iter().for_each(|invalid| self.add(invalid));
        self
    }

    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Invalid> for Invalids {
    fn from(invalid: Invalid) -> Self {
        Self(vec![invalid])
    }
}

impl MergeWithError<Self> for Invalids {
    fn merge(before: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = before.unwrap_or_default();
        other.0.into_iter().for_each(|invalid| all.add(invalid));
        ControlFlow::Continue(all)
    }
}

impl MergeWithError<Flaw> for Invalids {
    fn merge(before: Option<Self>, flaw: Flaw, at: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = before.unwrap_or_default();
        all.add(flaw.at(pointer(&at)));
        ControlFlow::Continue(all)
    }
}

impl DeserializeError for Invalids {
    fn error<V: IntoValue>(
        before: Option<Self>,
        error: ErrorKind<'_, V>,
        at: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut all = before.unwrap_or_default();
        if all.is_full() {
            return ControlFlow::Break(all);
        }
        let here = pointer(&at);
        all.add(match error {
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                let message = format!("expected {}, found {}", kinds(accepted), kind(actual.kind()));
                Flaw::new(Rule::WrongType, message).at(here)
            }
            ErrorKind::MissingField { field } => {
                Flaw::new(Rule::Required, format!("`{field}` is missing")).at(step(&here, field))
            }
            ErrorKind::UnknownKey { key, accepted } => {
                let key = shown(key);
                let message = format!("`{key}` is not a field here; the fields are {}", accepted.join(", "));
                Flaw::new(Rule::Unknown, message).at(step(&here, &key))
            }
            ErrorKind::UnknownValue { value, accepted } => not_one_of(value, accepted).at(here),
            ErrorKind::BadSequenceLen { expected, .. } => {
                Flaw::new(Rule::TooMany, format!("expected {expected} items")).at(here)
            }
            ErrorKind::Unexpected { msg } => Flaw::new(Rule::Malformed, msg).at(here),
        });
        ControlFlow::Continue(all)
    }
}

/// The refusal of a word that is not on a closed list.
pub fn not_one_of(value: &str, accepted: &[&str]) -> Flaw {
    let shown = shown(value);
    Flaw::new(
        Rule::NotAllowed,
        format!("`{shown}` is not one of {}", accepted.join(", ")),
    )
}

/// A client's own words, cut to a length that can be shown.
pub fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The refusals at `at`, of a value that deserr is reading.
pub fn refuse<T>(flaw: Flaw, at: ValuePointerRef<'_>) -> Result<T, Invalids> {
    Err(Invalids::from(flaw.at(pointer(&at))))
}

/// Reads a string value and hands it to `parse`; anything but a string is a wrong type.
pub fn read_text<V: IntoValue, T>(
    value: Value<V>,
    at: ValuePointerRef<'_>,
    parse: impl FnOnce(&str) -> Result<T, Flaw>,
) -> Result<T, Invalids> {
    match value {
        Value::String(text) => parse(&text).or_else(|flaw| refuse(flaw, at)),
        other => Err(deserr::take_cf_content(Invalids::error(
            None,
            ErrorKind::IncorrectValueKind {
                actual: other,
                accepted: &[ValueKind::String],
            },
            at,
        ))),
    }
}

/// Has deserr read a type through its `parse(&str) -> Result<Self, Flaw>`.
macro_rules! read_by_parse {
    ($($name:ty),+ $(,)?) => {$(
        impl deserr::Deserr<$crate::domain::invalid::Invalids> for $name {
            fn deserialize_from_value<V: deserr::IntoValue>(
                value: deserr::Value<V>,
                at: deserr::ValuePointerRef<'_>,
            ) -> Result<Self, $crate::domain::invalid::Invalids> {
                $crate::domain::invalid::read_text(value, at, <$name>::parse)
            }
        }
    )+};
}
pub(crate) use read_by_parse;

/// A closed list of words: one Rust enum that is the JSON, the column and the spec's `enum`.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$inner])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn parse(word: &str) -> Result<Self, $crate::domain::invalid::Flaw> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::domain::invalid::not_one_of(other, Self::WORDS)),
                }
            }
        }

        $crate::domain::invalid::read_by_parse!($name);
    };
}
pub(crate) use words;

/// deserr's place as a JSON pointer, with `~` and `/` escaped as RFC 6901 says.
pub fn pointer(at: &ValuePointerRef<'_>) -> String {
    match at {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => step(&pointer(prev), key),
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(prev)),
    }
}

fn step(before: &str, key: &str) -> String {
    format!("{before}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn kinds(accepted: &[ValueKind]) -> String {
    let mut names: Vec<_> = accepted.iter().map(|one| kind(*one)).collect();
    names.dedup();
    names.join(" or ")
}

fn kind(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "null",
        ValueKind::Boolean => "a boolean",
        ValueKind::Integer | ValueKind::NegativeInteger => "an integer",
        ValueKind::Float => "a number",
        ValueKind::String => "a string",
        ValueKind::Sequence => "an array",
        ValueKind::Map => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_as_rfc_6901_says() {
        let root = ValuePointerRef::Origin;
        let key = ValuePointerRef::Key {
            key: "a/b~c",
            prev: &root,
        };
        assert_eq!(pointer(&ValuePointerRef::Index { index: 3, prev: &key }), "/a~1b~0c/3");
    }
}
