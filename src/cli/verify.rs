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
    let bent = flaws.is_some_and(|flaws| !flaws.is_empty());
    match media::wrong(config, true) {
        Ok(0) if bent => Err("the database is damaged".into()),
        Ok(0) => say("All files of media that the database speaks of are what they were."),
        Ok(count) if bent => Err(format!("the database is damaged, and {}", media::missing(count)).into()),
        Ok(count) => Err(media::missing(count).into()),
        Err(why) => Err(format!("the files of media cannot be looked at: {why}").into()),
    }
}
