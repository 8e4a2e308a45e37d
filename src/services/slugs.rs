//! Slugs that are made get a number where they are taken.

use super::Error;
use crate::domain::slug::Slug;

/// The wanted slug, or with the first free number found behind it.
///
/// Numbers double until one is free and the gap is then halved, so that the thousandth "weather" costs twenty look-ups,
/// not a thousand.
pub(super) fn numbered(wanted: &Slug, mut taken: impl FnMut(&Slug) -> Result<bool, Error>) -> Result<Slug, Error> {
    if !taken(wanted)? {
        return Ok(wanted.clone());
    }
    let mut free: usize = 2;
    while taken(&wanted.with_suffix(free))? {
        free = free.saturating_mul(2);
    }
    let mut used = free / 2;
    while free - used > 1 {
        let middle = used.midpoint(free);
        if taken(&wanted.with_suffix(middle))? {
            used = middle;
        } else {
            free = middle;
        }
    }
    Ok(wanted.with_suffix(free))
}
