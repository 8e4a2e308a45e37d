//! Copies of the database, and putting one back.

use std::path::Path;

use super::{Failure, media, say};
use crate::config::Config;
use crate::services::media::gc;
use crate::store::Store;

/// Copies the database while it is served, and lists beside it the files of media that the copy speaks of.
pub(super) fn backup(config: &Config, to: &Path) -> Result<(), Failure> {
    let copied = Store::backup(&config.database, to, gc::kept_at)?;
    say(&format!(
        "{} is whole. It speaks of {} files of media, which {} lists.",
        to.display(),
        copied.media,
        copied.manifest.display()
    ))
}

/// Puts a copy in the place of the database, where there is none, and says which files of media are not as it has them. Those may be put back
/// after it.
pub(super) fn restore(config: &Config, from: &Path, unlisted: bool, whole: bool) -> Result<(), Failure> {
    Store::restore(&config.database, from, unlisted)?;
    say(&format!("{} is in its place, and up to date.", from.display()))?;
    match media::wrong(config, whole) {
        Ok(0) => say("All files of media that it speaks of are there."),
        Ok(count) => say(&format!(
            "{}: put them back, and ask `copydesk media check`.",
            media::missing(count)
        )),
        Err(why) => Err(format!("it is in its place, but its files of media cannot be looked at: {why}").into()),
    }
}
