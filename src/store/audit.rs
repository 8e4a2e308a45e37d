//! What was done, by whom. Rows are added and read; the database itself refuses anything else.

use diesel::prelude::*;
use uuid::Uuid;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::audit;
use super::types::{from_json, to_json};
use crate::domain::audit::{AuditAction, AuditEntry, AuditFilter, AuditedKind, Deed, Origin, Via};
use crate::domain::id::{AuditId, UserId};
use crate::domain::page::ByTime;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct AuditRow {
    id: AuditId,
    done_at: Timestamp,
    actor_id: Option<UserId>,
    via: Via,
    address: Option<String>,
    jti: Option<String>,
    request: Option<String>,
    action: AuditAction,
    subject_type: AuditedKind,
    subject: String,
    subject_name: String,
    revision: Option<i32>,
    changed: String,
    merged_into: Option<String>,
}

/// Writes down what was done.
pub fn add(
    conn: &mut DbConn,
    id: AuditId,
    at: Timestamp,
    actor: Option<UserId>,
    origin: &Origin,
    deed: &Deed,
) -> Result<()> {
    let row = AuditRow {
        id,
        done_at: at,
        actor_id: actor,
        via: origin.via,
        address: origin.address.clone(),
        jti: origin.token_id.map(|id| id.to_string()),
        request: origin.request_id.clone(),
        action: deed.action,
        subject_type: deed.kind,
        subject: deed.id.to_string(),
        subject_name: deed.name.clone(),
        revision: deed.revision,
        changed: to_json(&deed.changed)?,
        merged_into: deed.into.map(|id| id.to_string()),
    };
    on_backend!(conn, |c| diesel::insert_into(audit::table).values(&row).execute(c))?;
    Ok(())
}

/// The last first.
pub fn list(conn: &mut DbConn, filter: &AuditFilter, before: Option<ByTime>, limit: usize) -> Result<Vec<AuditEntry>> {
    let found: Vec<AuditRow> = on_backend!(conn, |c| {
        let mut query = audit::table.into_boxed::<Db>();
        if !filter.actors.is_empty() {
            query = query.filter(audit::actor_id.eq_any(&filter.actors));
        }
        if !filter.actions.is_empty() {
            query = query.filter(audit::action.eq_any(&filter.actions));
        }
        if !filter.kinds.is_empty() {
            query = query.filter(audit::subject_type.eq_any(&filter.kinds));
        }
        if let Some(subject) = filter.subject {
            query = query.filter(audit::subject.eq(subject.to_string()));
        }
        if let Some(from) = filter.from {
            query = query.filter(audit::done_at.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(audit::done_at.lt(to));
        }
        if let Some(ByTime { at, id }) = before {
            let earlier = audit::done_at.lt(at).or(audit::id.lt(AuditId(id)));
            query = query.filter(audit::done_at.le(at)).filter(earlier);
        }
        query
            .order((audit::done_at.desc(), audit::id.desc()))
            .limit(rows(limit))
            .select(AuditRow::as_select())
            .load(c)
    })?;
    found.into_iter().map(AuditRow::whole).collect()
}

impl AuditRow {
    fn whole(self) -> Result<AuditEntry> {
        Ok(AuditEntry {
            id: self.id,
            at: self.done_at,
            actor: self.actor_id,
            origin: Origin {
                via: self.via,
                address: self.address,
                token_id: self.jti.as_deref().map(uuid).transpose()?,
                request_id: self.request,
            },
            action: self.action,
            kind: self.subject_type,
            subject: uuid(&self.subject)?,
            name: self.subject_name,
            revision: self.revision,
            changed: from_json(&self.changed)?,
            into: self.merged_into.as_deref().map(uuid).transpose()?,
        })
    }
}

/// Ids of things of several kinds, and of tokens, which no table has: kept as text.
fn uuid(text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(super::StoreError::broken)
}
