//! Copies of the database, and putting one back.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{Failure, block_on, open, say, told};
use crate::config::{Config, Loaded};
use crate::services::media::gc;
use crate::store::Store;

/// Copies the database while it is served, and lists beside it the files of media that the copy speaks of.
pub(super) fn backup(config: &Config, to: &Path) -> Result<(), Failure> {
    let media = Store::backup(&config.database, to)?;
    let manifest = manifest_of(to);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&manifest)?;
    for sha256 in &media {
        writeln!(file, "{sha256}\t{}", gc::kept_at(sha256))?;
    }
    file.sync_all()?;
    say(&format!(
        "{} is whole. It speaks of {} files of media, which {} lists.",
        to.display(),
        media.len(),
        manifest.display()
    ))
}

fn manifest_of(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(".media");
    name.into()
}

/// Puts a copy in the place of the database, where there is none, and says which files of media are missing.
pub(super) fn restore(loaded: Loaded, from: &Path) -> Result<(), Failure> {
    Store::restore(&loaded.config.database, from)?;
    say(&format!("{} is in its place, and up to date.", from.display()))?;
    let app = open(loaded)?;
    let missing = block_on(gc::missing(&app)).map_err(told)?;
    app.close();
    for key in missing.iter().take(100) {
        say(&format!("missing: {key}"))?;
    }
    if missing.is_empty() {
        say("All files of media that it speaks of are there.")
    } else {
        Err(format!(
            "{} files of media are missing; put them back and start the server",
            missing.len()
        )
        .into())
    }
}
