//! Media, for whoever runs the server.

use std::sync::Arc;

use super::{Failure, block_on, say, told};
use crate::config::Config;
use crate::services::App;
use crate::services::media::{check, gc};
use crate::store::Store;

/// Names that are printed; the rest is counted.
const NAMED: usize = 100;

/// Finds the bytes that nothing speaks of, and removes them when `remove`.
pub(super) async fn clean(app: Arc<App>, remove: bool) -> Result<(), Failure> {
    let cleaned = gc::clean(&app, remove).await.map_err(told)?;
    for name in cleaned.orphans.iter().take(NAMED) {
        say(name)?;
    }
    if cleaned.orphans.len() > NAMED {
        say(&format!("and {} more", cleaned.orphans.len() - NAMED))?;
    }
    let (count, bytes, seen) = (cleaned.orphans.len(), cleaned.bytes, cleaned.seen);
    let done = if remove {
        "were removed"
    } else {
        "would be removed with --remove"
    };
    say(&format!("{count} of {seen} objects, {bytes} bytes, {done}."))
}

/// Looks whether all files are there that the database speaks of; fails where one is not.
pub(super) fn check(config: &Config, whole: bool) -> Result<(), Failure> {
    // Asking makes no database.
    if Store::is_new(&config.database)? {
        return Err("there is no database".into());
    }
    match wrong(config, whole)? {
        0 => say("All files of media that the database speaks of are there."),
        count => Err(missing(count).into()),
    }
}

pub(super) fn missing(count: usize) -> String {
    format!("{count} files of media are missing or changed")
}

/// Names what is missing or changed, and counts it.
pub(super) fn wrong(config: &Config, whole: bool) -> Result<usize, Failure> {
    let wrong = block_on(check::check(config, whole)).map_err(told)?;
    for (key, fault) in wrong.iter().take(NAMED) {
        say(&format!("{fault}: {key}"))?;
    }
    if wrong.len() > NAMED {
        say(&format!("and {} more", wrong.len() - NAMED))?;
    }
    Ok(wrong.len())
}
