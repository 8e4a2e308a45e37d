//! What an editor should look at.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::lint::{Finding, Severity};
use crate::services::articles::Validation;

/// What was found in an article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Validation)]
pub(crate) struct ValidationView {
    /// What was looked at, which is the ETag.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
    /// Whether nothing keeps it from being published.
    publishable: bool,
    findings: Vec<Finding>,
}

impl From<Validation> for ValidationView {
    fn from(found: Validation) -> Self {
        let Validation { revision, findings } = found;
        Self {
            revision,
            publishable: findings.iter().all(|one| one.severity != Severity::Error),
            findings,
        }
    }
}
