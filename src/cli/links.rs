//! Related links, for whoever runs the server.

use std::sync::Arc;

use super::{Failure, say, told};
use crate::services::App;
use crate::services::related;

/// Asks pages elsewhere that links lead to, `most` of them, and names those that failed.
pub(super) async fn check(app: Arc<App>, most: usize) -> Result<(), Failure> {
    let checked = related::check_pages(&app, most).await.map_err(told)?;
    for (url, answer) in &checked.failed {
        say(&format!("{answer} {}", url.as_str()))?;
    }
    say(&format!(
        "{} of {} pages are not to be had; editors see them at reports/broken-links.",
        checked.failed.len(),
        checked.asked
    ))
}
