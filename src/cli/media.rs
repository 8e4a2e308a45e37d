//! Media, for whoever runs the server.

use std::sync::Arc;

use super::{Failure, say, told};
use crate::services::App;
use crate::services::media::gc;

/// Names of orphans that are printed; the rest is counted.
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
