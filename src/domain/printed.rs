//! Values that are sent often, with their JSON beside them once they are.

use std::fmt;
use std::io;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use serde::de::{MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// A value, and its JSON. Cheap to clone.
pub struct Printed<T>(Arc<Sheet<T>>);

struct Sheet<T> {
    value: T,
    /// What is sent once only is not worth being printed.
    was_sent: AtomicBool,
    text: OnceLock<Box<RawValue>>,
    members: OnceLock<Members>,
    beside: OnceLock<Box<str>>,
}

impl<T> Printed<T> {
    /// What else is sent with the value: what `make` makes of it, made once. There is room for one thing, so all who ask must ask for the same.
    pub fn beside(&self, make: impl FnOnce(&T) -> String) -> &str {
        self.0.beside.get_or_init(|| make(&self.0.value).into())
    }
}

impl<T: Serialize> Printed<T> {
    /// Its JSON, where it was sent before.
    fn text(&self) -> serde_json::Result<Option<&RawValue>> {
        let sheet = &*self.0;
        if sheet.text.get().is_none() && self.was_sent() {
            let text = to_raw_value(&sheet.value)?;
            return Ok(Some(sheet.text.get_or_init(|| text)));
        }
        Ok(sheet.text.get().map(|text| &**text))
    }

    /// Whether it was sent before; from now on it was.
    fn was_sent(&self) -> bool {
        self.0.was_sent.swap(true, Ordering::Relaxed)
    }

    fn members(&self) -> serde_json::Result<&Members> {
        let sheet = &*self.0;
        if let Some(members) = sheet.members.get() {
            return Ok(members);
        }
        let members = match sheet.text.get() {
            Some(text) => serde_json::from_str(text.get())?,
            None => serde_json::from_str(&serde_json::to_string(&sheet.value)?)?,
        };
        Ok(sheet.members.get_or_init(|| members))
    }

    /// The members of the object that it is in JSON, in their order.
    ///
    /// # Errors
    /// Where it is none.
    pub fn each(&self) -> serde_json::Result<impl Iterator<Item = (&str, &RawValue)>> {
        let Members(members) = self.members()?;
        Ok(members.iter().map(|(name, json)| (name.as_str(), &**json)))
    }

    /// For `#[serde(flatten, serialize_with = "Printed::flat")]`: the members of the object that it is, within another.
    ///
    /// # Errors
    /// Those of the serializer, and where it is no object.
    pub fn flat<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.members.get().is_none() && !self.was_sent() {
            return self.0.value.serialize(serializer);
        }
        let Members(members) = self.members().map_err(S::Error::custom)?;
        let mut map = serializer.serialize_map(Some(members.len()))?;
        for (name, json) in members {
            map.serialize_entry(name, json)?;
        }
        map.end()
    }

    /// Writes its JSON: as it is serialized, but without a serializer where it was sent before.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, sheet: &mut Vec<u8>) -> serde_json::Result<()> {
        match self.text()? {
            Some(text) => sheet.extend_from_slice(text.get().as_bytes()),
            None => serde_json::to_writer(sheet, &self.0.value)?,
        }
        Ok(())
    }
}

/// An object that is written member by member: texts that are ready are copied, and one of them may be many members.
pub struct Object<'a>(&'a mut Vec<u8>);

impl<'a> Object<'a> {
    pub fn new(sheet: &'a mut Vec<u8>) -> Self {
        sheet.push(b'{');
        Self(sheet)
    }

    /// One that begins with the members of what is an object itself.
    ///
    /// # Errors
    /// Where that cannot be written, or is none.
    pub fn with<T: Serialize>(members: &Printed<T>, sheet: &'a mut Vec<u8>) -> serde_json::Result<Self> {
        members.write(sheet)?;
        match sheet.pop() {
            Some(b'}') => Ok(Self(sheet)),
            _ => Err(serde_json::Error::custom("what is to be gone on with is no object")),
        }
    }

    /// Writes a member; `name` needs no escapes.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn member(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        let Self(sheet) = self;
        let begins = sheet.ends_with(b"{");
        sheet.extend_from_slice(if begins { b"\"" } else { b",\"" });
        sheet.extend_from_slice(name.as_bytes());
        sheet.extend_from_slice(b"\":");
        write(sheet)
    }

    /// The same for one that is serialized.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn value<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> serde_json::Result<()> {
        self.member(name, |sheet| serde_json::to_writer(sheet, value))
    }

    /// The same, where there is one.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn optional<T: Serialize>(&mut self, name: &str, value: Option<&T>) -> serde_json::Result<()> {
        value.map_or(Ok(()), |value| self.value(name, value))
    }

    pub fn end(self) {
        self.0.push(b'}');
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
            text: OnceLock::new(),
            members: OnceLock::new(),
            beside: OnceLock::new(),
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

/// As the value's. What is flattened must be so by [`Printed::flat`]: written as one text it has no members to be put among others.
impl<T: Serialize> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text().map_err(S::Error::custom)? {
            Some(text) => text.serialize(serializer),
            None => self.0.value.serialize(serializer),
        }
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
    use std::collections::HashMap;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Inner {
        b: Option<u8>,
        a: String,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        none: Vec<u8>,
    }

    #[derive(Serialize)]
    struct Outer<T: Serialize> {
        first: u8,
        #[serde(flatten, serialize_with = "Printed::flat")]
        inner: Printed<T>,
        last: Printed<T>,
    }

    #[derive(Serialize)]
    struct Plain<T> {
        first: u8,
        #[serde(flatten)]
        inner: T,
        last: T,
    }

    fn value() -> Inner {
        Inner {
            b: None,
            a: "\"quoted\" \u{1f469} \n".to_owned(),
            none: Vec::new(),
        }
    }

    #[test]
    fn what_is_printed_is_what_the_value_would_be_wherever_it_stands() {
        let plain = Plain {
            first: 1,
            inner: value(),
            last: value(),
        };
        let plain = serde_json::to_string(&plain).unwrap();
        let printed = Printed::from(value());
        for time in 1..4 {
            let outer = Outer {
                first: 1,
                inner: printed.clone(),
                last: printed.clone(),
            };
            assert_eq!(serde_json::to_string(&outer).unwrap(), plain, "time {time}");
            let names: Vec<&str> = printed.each().unwrap().map(|(name, _)| name).collect();
            assert_eq!(names, ["b", "a"]);
        }
        let json = serde_json::to_string(&value()).unwrap();
        assert_eq!(length(&value()), json.len());
        let read: Printed<Inner> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, printed);
        assert_eq!(*read, value());
    }

    #[test]
    fn an_object_goes_on_with_what_is_printed() {
        #[derive(Serialize)]
        struct Plain {
            #[serde(flatten)]
            inner: Inner,
            more: [u8; 2],
            last: Inner,
        }
        let plain = Plain {
            inner: value(),
            more: [1, 2],
            last: value(),
        };
        let plain = serde_json::to_string(&plain).unwrap();
        let printed = Printed::from(value());
        for time in 1..4 {
            let mut sheet = Vec::new();
            let mut object = Object::with(&printed, &mut sheet).unwrap();
            object.value("more", &[1, 2]).unwrap();
            object.optional("none", None::<&u8>).unwrap();
            object.member("last", |sheet| printed.write(sheet)).unwrap();
            object.end();
            assert_eq!(String::from_utf8(sheet).unwrap(), plain, "time {time}");
        }
        let mut sheet = Vec::new();
        let mut object = Object::with(&Printed::from(HashMap::<String, u8>::new()), &mut sheet).unwrap();
        object.optional("only", Some(&1)).unwrap();
        object.end();
        assert_eq!(sheet, b"{\"only\":1}");
    }

    #[test]
    fn what_stands_beside_is_made_once() {
        let (printed, mut made) = (Printed::from(7), 0);
        for _ in 0..2 {
            let beside = printed.clone();
            let beside = beside.beside(|value| {
                made += 1;
                format!("{value} of {made}")
            });
            assert_eq!(beside, "7 of 1");
        }
    }

    #[test]
    fn what_is_no_object_stands_in_none() {
        for printed in [Printed::from("7"), Printed::from("text")] {
            let whole = serde_json::to_string(&*printed).unwrap();
            for _ in 0..2 {
                assert_eq!(serde_json::to_string(&printed).unwrap(), whole);
                assert!(Object::with(&printed, &mut Vec::new()).is_err());
            }
            assert!(printed.each().is_err());
            printed.flat(serde_json::value::Serializer).unwrap_err();
        }
    }
}
