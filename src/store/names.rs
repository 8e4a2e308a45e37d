//! Names of files on the disk.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of a file.
pub(super) fn folder(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// The path of a file that belongs to another.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Has the names of a new file, and of its folder, which may be new, survive a power cut.
pub(super) fn keep(file: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder(file))?;
    File::open(&folder)?.sync_all()?;
    // One that may not be read has been there before us.
    match folder.parent().map_or(Ok(()), |above| File::open(above)?.sync_all()) {
        Err(why) if why.kind() != io::ErrorKind::PermissionDenied => Err(why),
        _ => Ok(()),
    }
}
