//! What was done, by whom.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::audit::{AuditAction, AuditEntry, AuditedKind, Origin, Via};
use crate::domain::id::{AuditId, UserId};
use crate::domain::time::Timestamp;

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct AuditEntryView {
    id: AuditId,
    at: Timestamp,
    /// Who did it, or had set the time at which it was done; null where it was nobody, as when the trash is emptied or on the command line.
    actor_id: Option<UserId>,
    via: Via,
    action: AuditAction,
    subject: AuditSubject,
    /// The revision that it has since.
    revision: Option<i32>,
    /// The fields that are others since; never what is in them.
    changed: Vec<String>,
    /// What it was merged into.
    merged_into: Option<Uuid>,
    /// Who asked from where; only for administrators, and only where somebody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AuditOrigin, required = false)]
    origin: Option<AuditOrigin>,
}

/// What it was done to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditSubject {
    #[serde(rename = "type")]
    kind: AuditedKind,
    id: Uuid,
    /// What it was called then.
    name: String,
}

/// From where somebody asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditOrigin {
    /// As the server sees it.
    #[schema(examples("192.0.2.7"))]
    address: Option<String>,
    /// The `jti` of the token, or the id of the API key, that was sent.
    token_id: Option<Uuid>,
    request_id: Option<String>,
}

impl AuditEntryView {
    /// Without where it came from.
    pub(crate) fn without_origin(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor_id: entry.actor,
            via: entry.origin.via,
            action: entry.action,
            subject: AuditSubject {
                kind: entry.kind,
                id: entry.subject,
                name: entry.name,
            },
            revision: entry.revision,
            changed: entry.changed,
            merged_into: entry.into,
            origin: None,
        }
    }
}

impl From<AuditEntry> for AuditEntryView {
    fn from(entry: AuditEntry) -> Self {
        let origin = origin(&entry.origin);
        Self {
            origin,
            ..Self::without_origin(entry)
        }
    }
}

fn origin(origin: &Origin) -> Option<AuditOrigin> {
    (origin.via == Via::Http).then(|| AuditOrigin {
        address: origin.address.clone(),
        token_id: origin.token_id,
        request_id: origin.request_id.clone(),
    })
}
