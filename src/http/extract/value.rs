//! JSON text to a value, by a reader of our own.
//!
//! `serde_json::Value` reads an object whose first key is one of the library's private names as something else: a text
//! that is parsed again, past every check made here. So those names are refused, and levels and values are counted while
//! they are read, not after they were made.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Levels of arrays and objects within each other.
pub(super) const MAX_DEPTH: usize = 32;
/// Values in one body: each takes some thirty times the memory of its text.
pub(super) const MAX_VALUES: usize = 200_000;
/// Names that the JSON library keeps for itself.
const PRIVATE: &str = "$serde_json::private::";

/// Reads one JSON text.
pub(super) fn parse(text: &str) -> serde_json::Result<Value> {
    let values = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Reader {
        depth: 0,
        values: &values,
    }
    .deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    depth: usize,
    values: &'a Cell<usize>,
}

impl Reader<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("more than {MAX_DEPTH} levels deep")));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.values.set(self.values.get() + 1);
        if self.values.get() > MAX_VALUES {
            return Err(D::Error::custom(format_args!("more than {MAX_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if key.starts_with(PRIVATE) {
                return Err(A::Error::custom("a name that no object may have"));
            }
            map.insert(key, fields.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_as_the_library_reads_it() {
        let text = r#" {"a": [null, true, -1, 18446744073709551615, 1.5e3, "x\u00e9", {}], "b": {"a": 1, "a": 2}} "#;
        assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        assert!(parse("1 2").is_err());
    }

    #[test]
    fn names_of_the_library_are_no_way_past_the_checks() {
        for key in ["$serde_json::private::RawValue", "\\u0024serde_json::private::Number"] {
            for text in [
                format!(r#"{{"{key}": "[1]"}}"#),
                format!(r#"{{"a": 1, "o": [{{"b": 1, "{key}": "x"}}]}}"#),
            ] {
                assert!(parse(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn levels_and_values_are_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
        assert!(parse(&format!("[{}1]", "1,".repeat(MAX_VALUES))).is_err());
    }
}
