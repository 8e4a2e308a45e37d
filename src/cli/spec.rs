//! What is generated from the code: the OpenAPI document and pages of the documentation.

use std::path::Path;

use super::args::DocsPage;
use super::{Failure, say};
use crate::http;

/// Writes the OpenAPI document to a file, or to standard output for `-`.
pub(super) fn openapi(output: &Path) -> Result<(), Failure> {
    let text = http::pretty();
    if output == Path::new("-") {
        return say(text.trim_end());
    }
    std::fs::write(output, text).map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    say(&format!("Wrote {}.", output.display()))
}

/// Prints a generated page.
pub(super) fn docs(page: DocsPage) -> Result<(), Failure> {
    let text = match page {
        DocsPage::Config => crate::config::reference(),
        DocsPage::Errors => http::reference(),
    };
    say(text.trim_end())
}
