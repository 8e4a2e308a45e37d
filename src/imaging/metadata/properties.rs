//! Properties by name, each with the values that were read, in their order.

use serde_json::{Map, Value};

use super::text::{cleaned, cut};

/// Most properties that a reader keeps.
const MOST: usize = 400;
/// Most values of one of them.
const MOST_VALUES: usize = 200;
/// Most bytes of a name.
const NAME: usize = 200;
/// Most bytes of a value that is kept.
const KEPT: usize = 64 * 1024;
/// Most properties that are shown.
const SHOWN: usize = 200;
/// Most bytes of a value that is shown.
const LONGEST: usize = 4096;
/// Most bytes that are shown in all.
pub(super) const ROOM: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Properties(Vec<(String, Vec<String>)>);

impl Properties {
    /// Adds a value, cleaned; a blank one is none.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.put(name, value, false);
    }

    /// Adds a value before those that are there.
    pub(super) fn add_first(&mut self, name: &str, value: &str) {
        self.put(name, value, true);
    }

    fn put(&mut self, name: &str, value: &str, first: bool) {
        let value = cut(&cleaned(value), KEPT).to_owned();
        if value.is_empty() || name.len() > NAME {
            return;
        }
        let has_room = self.0.len() < MOST;
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) if values.len() < MOST_VALUES => {
                let at = if first { 0 } else { values.len() };
                values.insert(at, value);
            }
            None if has_room => self.0.push((cleaned(name), vec![value])),
            _ => {}
        }
    }

    pub(super) fn all(&self, name: &str) -> &[String] {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }

    /// Puts what the rule likes before the rest.
    pub(super) fn rank(&mut self, likes: impl Fn(&str) -> bool) {
        self.0.sort_by_key(|(name, _)| !likes(name));
    }

    /// An object of strings and arrays of strings, as far as there is room.
    pub(super) fn to_json(&self, room: &mut usize) -> Value {
        let mut object = Map::new();
        for (name, values) in self.0.iter().take(SHOWN) {
            let name = cut(name, 200);
            let mut shown = Vec::new();
            for value in values {
                let value = cut(value, LONGEST);
                let Some(left) = room.checked_sub(name.len() + value.len()) else {
                    break;
                };
                *room = left;
                shown.push(Value::from(value));
            }
            match <[Value; 1]>::try_from(shown) {
                Ok([only]) => drop(object.insert(name.to_owned(), only)),
                Err(none) if none.is_empty() => {}
                Err(several) => drop(object.insert(name.to_owned(), Value::Array(several))),
            }
        }
        Value::Object(object)
    }
}
