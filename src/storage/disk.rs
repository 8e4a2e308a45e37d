//! Writing to the local disk so that a power cut leaves the old or the new, never a half.
//!
//! `object_store` writes files durably too, but copies what is already on the disk, and trusts that a folder which is there
//! will stay: one that another thread, or a process that was killed, has only just made is not on the disk yet.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::error::OpenStorageError;
use super::key::Key;
use super::{open, spool};

/// How often a file is put in its place, should it be removed in between with its folder: by who gives an upload up, or
/// collects what nothing refers to.
const TRIES: usize = 4;

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    root: PathBuf,
    /// Files that are not whole yet; of the same file system, so that a rename moves them.
    temporary: PathBuf,
}

impl Disk {
    /// Makes the folder where it is missing.
    pub(super) fn open(folder: &Path) -> Result<Self, OpenStorageError> {
        open::folder(folder)?;
        let failed = |source| OpenStorageError::Folder {
            path: folder.to_owned(),
            source,
        };
        let root = fs::canonicalize(folder).map_err(failed)?;
        let temporary = root.join("tmp");
        open::folder(&temporary)?;
        sync_folder(&root).map_err(failed)?;
        // Folders above may not be ours to open; those that are may be as new as this one.
        for above in root.ancestors().skip(1) {
            if sync_folder(above).is_err() {
                break;
            }
        }
        Ok(Self { root, temporary })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Whether a file can be made.
    pub(super) fn probe(&self) -> io::Result<()> {
        let path = self.temporary.join(spool::unique_name());
        spool::create_private(&path)?.write_all(b"?")?;
        fs::remove_file(&path)
    }

    /// Keeps `bytes` under `key`, in place of what was there.
    pub(super) fn put(&self, key: &Key, bytes: &Bytes) -> io::Result<()> {
        self.place(key, |path| {
            let mut file = spool::create_private(path)?;
            file.write_all(bytes)?;
            file.sync_all()
        })
    }

    /// Keeps what the file `from` holds, as [`Disk::put`] does. Where it is on the same file system, nothing is copied.
    pub(super) fn keep(&self, key: &Key, from: &Path) -> io::Result<()> {
        let target = self.path_of(key);
        if fs::metadata(&target).is_ok_and(|there| fs::metadata(from).is_ok_and(|new| new.len() == there.len())) {
            // A process that was killed may have put it there and not made sure of its folder.
            match self.sync_way_to(&target) {
                Err(why) if why.kind() == io::ErrorKind::NotFound => {}
                made_sure => return made_sure,
            }
        }
        self.place(key, |path| {
            if fs::hard_link(from, path).is_err() {
                fs::copy(from, path)?;
            }
            File::open(path)?.sync_all()
        })
    }

    fn path_of(&self, key: &Key) -> PathBuf {
        self.root.join(key.to_string())
    }

    /// Writes a file under a temporary name, has it on the disk, and only then gives it its own.
    fn place(&self, key: &Key, write: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
        let target = self.path_of(key);
        let mut tried = 0;
        loop {
            tried += 1;
            let path = self.temporary.join(spool::unique_name());
            let placed = write(&path).and_then(|()| rename(&path, &target));
            // A rename takes it away, unless both names were one file already.
            let _ = fs::remove_file(&path);
            match placed.and_then(|()| self.sync_way_to(&target)) {
                Err(why) if is_of_removal(&why) && tried < TRIES => {}
                done => return done,
            }
        }
    }

    /// Makes sure of every folder from the file's own up to the root, whoever made them.
    fn sync_way_to(&self, target: &Path) -> io::Result<()> {
        let folders = target
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(&self.root));
        folders.into_iter().try_for_each(sync_folder)
    }
}

/// Whether somebody who removes what is empty can be the reason: a folder was there when it was to be made, and not when it was looked at.
fn is_of_removal(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists)
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::rename(from, to)
}

/// Has the entries of a folder on the disk. Only where folders can be opened, which is everywhere but on Windows.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}
