//! Whether the bytes are there that the database speaks of, and are what they were.

use std::fmt;

use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::domain::text::hex;
use crate::services::{Error, StartError};
use crate::storage::{Blobs, Key};
use crate::store::{self, DbConn, Store};

/// How many are looked up at once.
const BATCH: i64 = 1000;

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    Missing,
    /// It has another length, or other bytes.
    Changed,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
        })
    }
}

/// The files that are not as the database has them, and where they should be. Lengths are compared where the database knows them, and the
/// bytes themselves when `whole`. Neither makes nor needs the keys of a server.
///
/// # Errors
/// `Broken` where the database or the store of media does not answer.
pub async fn check(config: &Config, whole: bool) -> Result<Vec<(Key, Fault)>, Error> {
    let broken = |why: StartError| Error::Broken(Box::new(why));
    let store = Store::open(&config.database).map_err(|why| broken(why.into()))?;
    let blobs = Blobs::open(config).map_err(|why| broken(why.into()))?;
    let (mut wrong, mut after) = (Vec::new(), String::new());
    loop {
        let last = after.clone();
        let read = move |conn: &mut DbConn| Ok::<_, Error>(store::media::files(conn, &last, BATCH)?);
        let files = store.read(read).await?;
        for (sha256, bytes) in &files {
            let key = Key::original(sha256);
            if let Some(fault) = fault(&blobs, &key, sha256, *bytes, whole).await? {
                wrong.push((key, fault));
            }
        }
        match files.into_iter().next_back() {
            Some((sha256, _)) => after = sha256,
            None => break,
        }
    }
    store.close();
    Ok(wrong)
}

async fn fault(
    blobs: &Blobs,
    key: &Key,
    sha256: &str,
    bytes: Option<i64>,
    whole: bool,
) -> Result<Option<Fault>, Error> {
    let Some(size) = blobs.size(key).await? else {
        return Ok(Some(Fault::Missing));
    };
    let is_as_long = bytes.is_none_or(|bytes| u64::try_from(bytes).is_ok_and(|bytes| bytes == size));
    let is_same = if is_as_long && whole {
        digest(blobs, key, size).await? == sha256
    } else {
        is_as_long
    };
    Ok((!is_same).then_some(Fault::Changed))
}

async fn digest(blobs: &Blobs, key: &Key, size: u64) -> Result<String, Error> {
    let mut sha256 = Sha256::new();
    if size > 0 {
        let mut pieces = blobs.read(key, 0..size).await?;
        while let Some(piece) = pieces.try_next().await? {
            sha256.update(&piece);
        }
    }
    Ok(hex(&sha256.finalize()))
}
