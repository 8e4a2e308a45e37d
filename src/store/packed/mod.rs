//! Long documents, packed where the database does not pack them itself: PostgreSQL does, SQLite keeps what it is given.
//!
//! On SQLite a packed value is a blob: a byte that says how it was packed, and a frame of Zstandard, or the text
//! itself where that is no longer. What was written before there was this is text. So the type of a value tells what it is, and nobody
//! else asks.

use std::cell::RefCell;
use std::io;
use std::ops::Deref;
use std::sync::LazyLock;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{SqlType, Text};
use diesel::sqlite::{Sqlite, SqliteType, SqliteValue};
use serde::Serialize;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{CParameter, get_frame_content_size};

use super::error::Result;
use super::types::to_json;

/// The first byte of what was packed with the dictionary below. It never goes, and never changes: another dictionary is another number.
const FIRST: u8 = 1;
/// The first byte of what is no shorter for being packed.
const PLAIN: u8 = 0;
/// Keys of our documents and common words, those last that are met most.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");
/// Packs a story in a quarter of a millisecond; higher levels save one byte in a hundred and take many times that.
const LEVEL: i32 = 9;
/// No document is longer, for a body has a mebibyte at most; a value that says it is longer is damaged.
const LONGEST: usize = 16 * 1024 * 1024;

/// A document: text on PostgreSQL, text or a packed blob on SQLite. SQL sees nothing of it.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 25, array_oid = 1009))]
pub struct Packed;

/// The text of a document.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Packed)]
pub struct Document(pub String);

impl Document {
    pub(super) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        to_json(value).map(Self)
    }
}

impl Deref for Document {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl ToSql<Packed, Sqlite> for Document {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let packed = pack(&self.0)?;
        out.set_value(if packed.len() <= self.0.len() {
            packed
        } else {
            [&[PLAIN], self.0.as_bytes()].concat()
        });
        Ok(serialize::IsNull::No)
    }
}

impl ToSql<Packed, Pg> for Document {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<Text, Pg>>::to_sql(&self.0, out)
    }
}

impl FromSql<Packed, Sqlite> for Document {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        match value.value_type() {
            Some(SqliteType::Binary) => Ok(Self(unpack(value.read_blob())?)),
            _ => Ok(Self(value.read_text().to_owned())),
        }
    }
}

impl FromSql<Packed, Pg> for Document {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(value).map(Self)
    }
}

static FOR_PACKING: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static FOR_UNPACKING: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    // Making one of these takes longer than using it.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// With a checksum: what was damaged is refused, and not shown.
fn new_packer() -> io::Result<Compressor<'static>> {
    let mut packer = Compressor::with_prepared_dictionary(&FOR_PACKING)?;
    packer.set_parameter(CParameter::ChecksumFlag(true))?;
    Ok(packer)
}

fn pack(text: &str) -> io::Result<Vec<u8>> {
    if text.len() > LONGEST {
        return Err(broken("a document is longer than any that is read again"));
    }
    PACKER.with_borrow_mut(|packer| {
        let packer = match packer {
            Some(ready) => ready,
            none => none.insert(new_packer()?),
        };
        let mut bytes = vec![FIRST];
        bytes.extend(packer.compress(text.as_bytes())?);
        Ok(bytes)
    })
}

fn unpack(packed: &[u8]) -> io::Result<String> {
    let frame = match packed.split_first() {
        Some((&FIRST, frame)) => frame,
        Some((&PLAIN, text)) => return String::from_utf8(text.to_vec()).map_err(io::Error::other),
        _ => return Err(broken("a document is packed in a way that this version does not know")),
    };
    let long = get_frame_content_size(frame).ok().flatten();
    let long = long.and_then(|long| usize::try_from(long).ok());
    let long = long.filter(|long| *long <= LONGEST);
    let long = long.ok_or_else(|| broken("a packed document does not say how long it is"))?;
    let text = UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(ready) => ready,
            none => none.insert(Decompressor::with_prepared_dictionary(&FOR_UNPACKING)?),
        };
        unpacker.decompress(frame, long)
    })?;
    String::from_utf8(text).map_err(io::Error::other)
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_as_it_was() {
        let block = r#"{"id":"3ygc5jpmq1","type":"paragraph","text":[{"text":"The ferry sails åt nine"}]}"#;
        for text in ["", "[]", block, &block.repeat(1_000)] {
            assert_eq!(unpack(&pack(text).unwrap()).unwrap(), text);
        }
        assert!(
            pack(block).unwrap().len() * 5 < block.len() * 4,
            "keys are in the dictionary: {} of {}",
            pack(block).unwrap().len(),
            block.len()
        );
    }

    /// Values of every database there is were written with this dictionary.
    #[test]
    fn what_was_packed_once_is_read_for_ever() {
        let packed = [
            1, 40, 181, 47, 253, 32, 71, 21, 1, 0, 200, 51, 121, 103, 99, 53, 106, 112, 109, 113, 49, 84, 104, 101, 32,
            102, 101, 114, 114, 121, 46, 34, 125, 93, 125, 93, 2, 0, 183, 122, 104, 26, 145, 129,
        ];
        let text = r#"[{"id":"3ygc5jpmq1","type":"paragraph","text":[{"text":"The ferry."}]}]"#;
        assert_eq!(unpack(&packed).unwrap(), text);
        assert_eq!(
            sum_of(DICTIONARY),
            (3278, 2_940_299_326_244_588_086),
            "the dictionary is never changed"
        );
    }

    /// How long it is, and a sum over its bytes.
    fn sum_of(bytes: &[u8]) -> (usize, u64) {
        let sum = |sum: u64, byte: &u8| sum.wrapping_mul(31).wrapping_add(u64::from(*byte));
        (bytes.len(), bytes.iter().fold(0, sum))
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let whole = pack(&"a story ".repeat(100)).unwrap();
        let (most, _) = whole.split_at(whole.len() - 1);
        for damaged in [&[][..], &[PLAIN, 255][..], &[FIRST][..], &[9, 1, 2][..], b"[]", most] {
            unpack(damaged).unwrap_err();
        }
        // One bit, wherever it is but in the first byte, of which there are several kinds.
        for at in 1..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            assert!(
                unpack(&damaged).map_or(true, |text| text == "a story ".repeat(100)),
                "byte {at}"
            );
        }
    }

    #[test]
    fn what_would_not_be_read_again_is_not_written() {
        let most = "a".repeat(LONGEST);
        assert_eq!(unpack(&pack(&most).unwrap()).unwrap(), most);
        pack(&(most + "a")).unwrap_err();
    }
}
