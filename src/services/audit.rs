//! What was done, by whom: written down in the transaction that did it, and read.

use crate::domain::access::Action;
use crate::domain::audit::{AuditEntry, AuditFilter, Deed, Origin, Via};
use crate::domain::id::{ArticleId, AuditId, UserId};
use crate::domain::page::{ByTime, Limit, Page};
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, articles};
use crate::store::{self, DbConn, StoreError};

/// Writes down what was done by a request, or by what it had set going.
pub(super) fn record(ctx: &Ctx, tx: &mut DbConn, deed: &Deed) -> Result<(), StoreError> {
    let id = AuditId(ctx.app.ids.uuid());
    // Nobody asked for the trash to be emptied just then.
    let actor = (ctx.origin.via != Via::Trash).then_some(ctx.actor.id);
    store::audit::add(tx, id, ctx.now, actor, &ctx.origin, deed)
}

/// Writes down what was done by the command line, which knows nobody.
pub(super) fn record_command(app: &App, tx: &mut DbConn, deed: &Deed) -> Result<(), StoreError> {
    let id = AuditId(app.ids.uuid());
    store::audit::add(tx, id, app.now(), None, &Origin::of(Via::Command), deed)
}

/// Writes down what was done by a request of somebody who did not send an access token.
pub(super) fn record_of(
    app: &App,
    tx: &mut DbConn,
    actor: Option<UserId>,
    origin: &Origin,
    deed: &Deed,
) -> Result<(), StoreError> {
    let id = AuditId(app.ids.uuid());
    store::audit::add(tx, id, app.now(), actor, origin, deed)
}

/// A page of what was done, the last first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub async fn entries(
    ctx: &Ctx,
    filter: AuditFilter,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<AuditEntry>, Error> {
    ctx.may(Action::ReadAudit, None)?;
    let of = format!("audit {filter:?}");
    let before: Option<ByTime> = cursor(&of, after.as_deref())?;
    ctx.read(move |_, conn| page(conn, &filter, &of, limit, before)).await
}

/// A page of what was done to an article, the last first; not from where.
///
/// # Errors
/// `NotFound`, `Forbidden`, `BadCursor`.
pub async fn of_article(
    ctx: &Ctx,
    id: ArticleId,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<AuditEntry>, Error> {
    let of = format!("audit of {id}");
    let before: Option<ByTime> = cursor(&of, after.as_deref())?;
    let filter = AuditFilter {
        subject: Some(id.0),
        ..AuditFilter::default()
    };
    ctx.read(move |ctx, conn| {
        articles::seen(ctx, conn, id)?;
        ctx.may(Action::ReadArticleAudit, None)?;
        page(conn, &filter, &of, limit, before)
    })
    .await
}

fn page(
    conn: &mut DbConn,
    filter: &AuditFilter,
    of: &str,
    limit: Option<Limit>,
    before: Option<ByTime>,
) -> Result<Page<AuditEntry>, Error> {
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let rows = store::audit::list(conn, filter, before, limit.get() + 1)?;
    Ok(Page::cut(rows, limit, of, |entry| ByTime {
        at: entry.at,
        id: entry.id.0,
    }))
}
