//! Bytes on their way: a file of this machine for each, hashed while it is written, gone with whoever held it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::error::{Result, StorageError};
use crate::domain::text::hex;
use crate::domain::time::Timestamp;

/// A file that is being written, or was.
pub struct Spool {
    path: PathBuf,
    /// Taken while a thread writes.
    open: Option<(File, Sha256)>,
    length: u64,
}

impl Spool {
    pub(super) async fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(unique_name());
        let made = path.clone();
        let file = blocking(move || create_private(&made));
        Ok(Self {
            open: Some((file.await?, Sha256::new())),
            path,
            length: 0,
        })
    }

    /// Writes what comes next.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        let (mut file, mut hash) = self.open.take().ok_or_else(ended)?;
        let length = bytes.len() as u64;
        let written = blocking(move || {
            file.write_all(&bytes)?;
            hash.update(&bytes);
            Ok((file, hash))
        });
        self.open = Some(written.await?);
        self.length += length;
        Ok(())
    }

    /// Ends the file: its length, and the SHA-256 of its bytes in hexadecimal digits.
    pub async fn finish(&mut self) -> Result<(u64, String)> {
        let (file, hash) = self.open.take().ok_or_else(ended)?;
        // Closing a file can wait for the disk.
        let digest = blocking(move || {
            drop(file);
            Ok(hash.finalize())
        });
        let digest = hex(&digest.await?);
        Ok((self.length, digest))
    }

    /// The file from its beginning, to be read.
    pub async fn reopen(&self) -> Result<File> {
        let path = self.path.clone();
        Ok(blocking(move || File::open(path)).await?)
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // One that stays behind is swept later.
        let _ = fs::remove_file(&self.path);
    }
}

fn ended() -> StorageError {
    StorageError::broken("the file is written already, or could not be")
}

/// A name that nothing else has.
pub(super) fn unique_name() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A new file for the owner's eyes.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    options.open(path)
}

/// Work with files, on a thread that may wait for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Removes files of a folder that were last written before a moment; how many.
pub(super) fn sweep(folder: &Path, before: Timestamp) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // What vanishes meanwhile was somebody's who is done with it.
        let Ok(found) = fs::symlink_metadata(&path) else {
            continue;
        };
        if found.is_file() && found.modified().is_ok_and(|written| micros(written) < before.micros()) {
            fs::remove_file(&path)?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn micros(moment: SystemTime) -> i64 {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
