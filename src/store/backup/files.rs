//! Files that have their names only when they are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with, statvfs};
use rustix::io::Errno;
use uuid::Uuid;

use super::list::{Sum, Summing};
use super::{BESIDE, BackupError, taken, unusable};
use crate::store::names::{beside, folder};

/// A file that is being made under a name that nobody else uses. Unless it is kept, it goes when this is dropped, with what SQLite
/// and we put beside it.
pub(super) struct Partial {
    made_as: PathBuf,
    path: PathBuf,
    file: File,
    is_kept: bool,
}

impl Partial {
    /// A new, empty file beside the name that it is to have. Only its owner can read it, as it is with a database.
    pub(super) fn beside(name: &Path) -> Result<Self, BackupError> {
        let path = beside(name, &format!(".{}.partial", Uuid::now_v7().simple()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let file = options.open(&path).map_err(|why| unusable(&path, why))?;
        Ok(Self {
            made_as: path.clone(),
            path,
            file,
            is_kept: false,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes all of another file in, and tells what that was.
    pub(super) fn fill(&mut self, copy: &mut File, from: &Path) -> Result<Sum, BackupError> {
        let mut summing = Summing::default();
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = copy.read(&mut piece).map_err(|why| unusable(from, why))?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
                return Ok(summing.sum());
            };
            summing.take(piece);
            self.file.write_all(piece).map_err(|why| unusable(&self.path, why))?;
        }
    }

    /// Writes it by many small pieces.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), BackupError> {
        let mut buffer = BufWriter::new(&self.file);
        write(&mut buffer)
            .and_then(|()| buffer.flush())
            .map_err(|why| unusable(&self.path, why))
    }

    pub(super) fn sync(&self) -> Result<(), BackupError> {
        self.file.sync_all().map_err(|why| unusable(&self.path, why))
    }

    /// Takes its name, which nothing has.
    pub(super) fn take(&mut self, name: &Path) -> Result<(), BackupError> {
        match renamed(&self.path, name) {
            Ok(()) => name.clone_into(&mut self.path),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => return Err(taken(name)),
            Err(why) => return Err(unusable(name, why)),
        }
        Ok(())
    }

    pub(super) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // What cannot be removed is told by its name to whoever finds it; the first failure is the one to tell.
        for ending in BESIDE.into_iter().chain([".lock"]) {
            let _ = fs::remove_file(beside(&self.made_as, ending));
        }
        if !self.is_kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Never in the place of another. Some file systems have no links and others no such renaming.
fn renamed(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        done => Ok(done?),
    }
}

/// How much room is where a file is to be.
pub(super) struct Room {
    path: PathBuf,
    free: u64,
}

impl Room {
    pub(super) fn of(file: &Path) -> Result<Self, BackupError> {
        let path = folder(file).to_owned();
        let found = statvfs(&path).map_err(|why| unusable(&path, why.into()))?;
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        Ok(Self { path, free })
    }

    pub(super) fn holds(self, needed: u64) -> Result<(), BackupError> {
        let Self { path, free } = self;
        if needed <= free {
            Ok(())
        } else {
            Err(BackupError::NoRoom { path, needed, free })
        }
    }
}

/// Whether anything has the name: a link that leads nowhere does, too.
pub(super) fn there(path: &Path) -> Result<bool, BackupError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(why) => Err(unusable(path, why)),
    }
}

/// What of a file is read piece by piece.
pub(super) fn reader(path: &Path) -> Result<BufReader<File>, BackupError> {
    File::open(path).map(BufReader::new).map_err(|why| unusable(path, why))
}
