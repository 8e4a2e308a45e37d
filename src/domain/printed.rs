//! Values that are sent often, with their JSON beside them once they are.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use serde::de::{MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A value, which is an object in JSON, and the members of that. Cheap to clone.
pub struct Printed<T>(Arc<Sheet<T>>);

struct Sheet<T> {
    value: T,
    /// What is sent once only is not worth being printed.
    was_sent: AtomicBool,
    members: OnceLock<Members>,
}

impl<T: Serialize> Printed<T> {
    fn members(&self) -> serde_json::Result<&Members> {
        if let Some(members) = self.0.members.get() {
            return Ok(members);
        }
        let json = serde_json::to_string(&self.0.value)?;
        let members = serde_json::from_str(&json)?;
        Ok(self.0.members.get_or_init(|| members))
    }

    /// The members of the object that it is in JSON, in their order.
    ///
    /// # Errors
    /// Where it is none.
    pub fn each(&self) -> serde_json::Result<impl Iterator<Item = (&str, &RawValue)>> {
        let Members(members) = self.members()?;
        Ok(members.iter().map(|(name, json)| (name.as_str(), &**json)))
    }
}

/// Bytes of the JSON of a value; of what cannot be written, more than there are.
pub fn length<T: Serialize>(value: &T) -> usize {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value).map_or(usize::MAX, |()| length.0)
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<T> From<T> for Printed<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(Sheet {
            value,
            was_sent: AtomicBool::new(false),
            members: OnceLock::new(),
        }))
    }
}

impl<T> Clone for Printed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Printed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Printed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Printed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.value == other.0.value
    }
}

/// As the value's, member by member, so that it can stand within another object.
impl<T: Serialize> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_printed = self.0.members.get().is_some();
        if !is_printed && !self.0.was_sent.swap(true, Ordering::Relaxed) {
            return self.0.value.serialize(serializer);
        }
        let Members(members) = self.members().map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(Some(members.len()))?;
        for (name, json) in members {
            map.serialize_entry(name, json)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Printed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Inner {
        b: Option<u8>,
        a: String,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        none: Vec<u8>,
    }

    #[derive(Serialize)]
    struct Outer<T> {
        first: u8,
        #[serde(flatten)]
        inner: T,
        last: T,
    }

    #[test]
    fn what_is_printed_is_what_the_value_would_be_wherever_it_stands() {
        let value = Inner {
            b: None,
            a: "\"quoted\" \u{1f469} \n".to_owned(),
            none: Vec::new(),
        };
        let printed = Printed::from(value.clone());
        let of = |outer| serde_json::to_string(&outer).unwrap();
        let plain = serde_json::to_string(&Outer {
            first: 1,
            inner: value.clone(),
            last: value.clone(),
        });
        let plain = plain.unwrap();
        for time in 1..4 {
            let outer = Outer {
                first: 1,
                inner: printed.clone(),
                last: printed.clone(),
            };
            assert_eq!(of(outer), plain, "time {time}");
        }
        assert_eq!(length(&value), serde_json::to_string(&value).unwrap().len());
        let names: Vec<&str> = printed.each().unwrap().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "a"]);
        let read: Printed<Inner> = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
        assert_eq!(read, printed);
        assert_eq!(*read, value);
    }

    #[test]
    fn what_is_no_object_cannot_be_printed() {
        for printed in [Printed::from("7"), Printed::from("text")] {
            serde_json::to_string(&printed).unwrap();
            serde_json::to_string(&printed).unwrap_err();
        }
    }
}
