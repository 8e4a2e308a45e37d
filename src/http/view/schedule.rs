//! What is done at a time, and why a story is sent back.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::{ArticleId, UserId};
use crate::domain::invalid::Invalids;
use crate::domain::schedule::{DueKind, TimeZone};
use crate::domain::text::{Headline, RevisionNote};
use crate::domain::time::Timestamp;
use crate::domain::workflow::Status;
use crate::services::articles::Planned;

/// Why a story is sent back.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct RejectIn {
    pub(crate) note: RevisionNote,
}

/// Something that is done by itself at a time that was set.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduledMove)]
pub(crate) struct ScheduledMoveView {
    kind: DueKind,
    due_at: Timestamp,
    /// Where whoever set the time reads clocks.
    time_zone: Option<TimeZone>,
    article_id: ArticleId,
    headline: Headline,
    status: Status,
    /// The revision that goes live; null is whatever is there then.
    scheduled_revision: Option<i32>,
    /// Who set the time.
    scheduled_by: Option<UserId>,
}

impl From<Planned> for ScheduledMoveView {
    fn from(planned: Planned) -> Self {
        Self {
            kind: planned.kind,
            due_at: planned.due_at,
            time_zone: planned.time_zone,
            article_id: planned.article_id,
            headline: planned.headline,
            status: planned.status,
            scheduled_revision: planned.scheduled_revision,
            scheduled_by: planned.scheduled_by,
        }
    }
}
