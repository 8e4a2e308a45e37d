//! The list beside a copy: what bytes the copy has, and which files of media it speaks of.

use std::io::{self, BufRead as _, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::files::{Partial, reader, there};
use super::{BackupError, unusable};
use crate::domain::text::hex;
use crate::store::names::beside;

/// What the first line begins with.
const MARK: &str = "copydesk";
/// More is no first line of ours.
const LONGEST: u64 = 200;

/// What bytes a file has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sum {
    sha256: String,
    bytes: u64,
}

impl Sum {
    pub(super) fn of(path: &Path) -> Result<Self, BackupError> {
        let (mut file, mut summing) = (reader(path)?, Summing::default());
        loop {
            let piece = file.fill_buf().map_err(|why| unusable(path, why))?;
            let length = piece.len();
            if length == 0 {
                return Ok(summing.sum());
            }
            summing.take(piece);
            file.consume(length);
        }
    }

    fn line(&self) -> String {
        format!("{MARK}\t{}\t{}\n", self.sha256, self.bytes)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_suffix('\n')?.split('\t');
        let (mark, sha256, bytes) = (words.next()?, words.next()?, words.next()?);
        let is_whole = mark == MARK && sha256.len() == 64 && words.next().is_none();
        let (sha256, bytes) = (sha256.to_owned(), bytes.parse().ok()?);
        is_whole.then_some(Self { sha256, bytes })
    }
}

/// A sum in the making.
#[derive(Default)]
pub(super) struct Summing {
    sha256: Sha256,
    bytes: u64,
}

impl Summing {
    pub(super) fn take(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
    }

    pub(super) fn sum(self) -> Sum {
        Sum {
            sha256: hex(&self.sha256.finalize()),
            bytes: self.bytes,
        }
    }
}

/// Where the list of a copy is.
pub(super) fn of(copy: &Path) -> PathBuf {
    beside(copy, ".media")
}

/// A line for the copy, and one for each file of media: its SHA-256, where it is kept, and its length where the database knows it.
pub(super) fn write(
    list: &mut Partial,
    copy: &Sum,
    files: &[(String, Option<i64>)],
    kept_at: fn(&str) -> String,
) -> Result<(), BackupError> {
    list.write(|to| {
        to.write_all(copy.line().as_bytes())?;
        for (sha256, bytes) in files {
            let bytes = bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            writeln!(to, "{sha256}\t{}\t{bytes}", kept_at(sha256))?;
        }
        Ok(())
    })
}

/// What the list beside a copy says that it must be; `None` where there is no list.
pub(super) fn read(copy: &Path) -> Result<Option<Sum>, BackupError> {
    let path = of(copy);
    if !there(&path)? {
        return Ok(None);
    }
    let mut line = String::new();
    match reader(&path)?.take(LONGEST).read_line(&mut line) {
        Ok(_) => {}
        // It is no text, so no list.
        Err(why) if why.kind() == io::ErrorKind::InvalidData => line.clear(),
        Err(why) => return Err(unusable(&path, why)),
    }
    let sum = Sum::parse(&line).ok_or(BackupError::NoSum { path })?;
    Ok(Some(sum))
}
