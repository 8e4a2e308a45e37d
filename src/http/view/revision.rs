//! Revisions, and what is other in one than in another.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::diff::{BlockChange, FieldChange};
use crate::domain::id::UserId;
use crate::domain::invalid::Invalids;
use crate::domain::revision::{ArticleField, Revision, RevisionReason, Snapshot};
use crate::domain::text::RevisionNote;
use crate::domain::time::Timestamp;
use crate::domain::workflow::Status;
use crate::services::articles::{RevisionDiff, WholeRevision};

/// One write of an article.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevisionSummary {
    #[schema(minimum = 1)]
    revision: i32,
    /// The first of the autosaves that became this revision; its own number where none did.
    #[schema(minimum = 1)]
    first_revision: i32,
    reason: RevisionReason,
    /// Where the article stood with it.
    status: Status,
    /// The fields that are others than in the revision before; none for the first.
    changed: Vec<ArticleField>,
    /// What was said about a move.
    note: Option<RevisionNote>,
    /// The revision that was put back.
    source_revision: Option<i32>,
    created_at: Timestamp,
    created_by: UserId,
}

/// A revision, with all that the article was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
pub(crate) struct RevisionView {
    #[serde(flatten)]
    summary: RevisionSummary,
    /// The article as it was written, by the names that a patch has.
    article: Snapshot,
}

/// What is other in one revision of an article than in another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RevisionDiff)]
pub(crate) struct RevisionDiffView {
    from: i32,
    to: i32,
    /// The fields that are others, but the body.
    fields: Vec<FieldChange>,
    /// The blocks of the body that are others, in the order of the newer body.
    blocks: Vec<BlockChange>,
}

/// What to put back.
#[derive(Debug, Clone, Copy, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct RevertIn {
    /// A revision of the article.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
}

impl From<Revision> for RevisionSummary {
    fn from(revision: Revision) -> Self {
        Self {
            revision: revision.number,
            first_revision: revision.first,
            reason: revision.reason,
            status: revision.status,
            changed: revision.changed,
            note: revision.note,
            source_revision: revision.source,
            created_at: revision.created_at,
            created_by: revision.created_by,
        }
    }
}

impl From<WholeRevision> for RevisionView {
    fn from(whole: WholeRevision) -> Self {
        Self {
            summary: whole.revision.into(),
            article: whole.snapshot,
        }
    }
}

impl From<RevisionDiff> for RevisionDiffView {
    fn from(found: RevisionDiff) -> Self {
        Self {
            from: found.from,
            to: found.to,
            fields: found.diff.fields,
            blocks: found.diff.blocks,
        }
    }
}
