//! Whether all that is kept is what it was.

use super::{Failure, media, say};
use crate::config::Config;
use crate::store::Store;

/// Looks through the database and reads every file of media that it speaks of; fails where one of them is not as it should be.
pub(super) fn verify(config: &Config) -> Result<(), Failure> {
    // Asking makes no database.
    if Store::is_new(&config.database)? {
        return Err("there is no database".into());
    }
    let flaws = Store::verify(&config.database)?;
    match &flaws {
        None => say("PostgreSQL has tools of its own for its files (pg_amcheck, data checksums).")?,
        Some(flaws) if flaws.is_empty() => say("SQLite finds nothing wrong with the database.")?,
        Some(flaws) => flaws.iter().try_for_each(|flaw| say(&format!("database: {flaw}")))?,
    }
    if flaws.is_some_and(|flaws| !flaws.is_empty()) {
        // Looking media up would open it as a server does, and what a crash left in its log would be written into it.
        return Err("the database is damaged; its files of media were not looked at".into());
    }
    match media::wrong(config, true)? {
        0 => say("All files of media that the database speaks of are what they were."),
        count => Err(media::missing(count).into()),
    }
}
