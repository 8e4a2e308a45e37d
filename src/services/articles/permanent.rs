//! The end of an article.

use std::sync::Arc;

use super::check;
use super::keep::deed;
use super::publish::withdraw;
use crate::domain::access::{Action, Actor};
use crate::domain::account::Role;
use crate::domain::article::Article;
use crate::domain::audit::{AuditAction, Origin, Via};
use crate::domain::id::ArticleId;
use crate::domain::time::Timestamp;
use crate::services::{App, Basis, Ctx, Error, audit};
use crate::store::{self, DbConn};

/// Articles that are deleted in one look through the trash.
const MOST: usize = 10_000;
/// Since when the trash is emptied: what was there before that is not deleted from one day to the next.
const SINCE: &str = "trash emptied since";

/// Deletes an article for good, with everything that was ever published of it. Links to it stay where they are, hidden, with
/// what it was called.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`.
pub async fn delete(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<(), Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let article = check::held(ctx, tx, id, &basis, Action::DeleteArticle, &[])?;
        end(ctx, tx, article)
    })
    .await
}

fn end(ctx: &Ctx, tx: &mut DbConn, mut article: Article) -> Result<(), Error> {
    withdraw(ctx, tx, &mut article)?;
    store::related::bury(tx, article.id, &article.content.headline, ctx.actor.id, ctx.now)?;
    store::article::delete(tx, article.id)?;
    audit::record(ctx, tx, &deed(AuditAction::Delete, &article))?;
    tracing::info!(article.id = %article.id, "Deleted for good");
    Ok(())
}

/// The articles that have been in the trash for longer than is configured, counted from when this database first heard of that at
/// the earliest. A fault is logged, and met again the next time.
pub async fn expired(app: &Arc<App>) -> Vec<ArticleId> {
    found(app).await.unwrap_or_else(|fault| {
        tracing::error!(error = ?fault, "The trash cannot be looked through");
        Vec::new()
    })
}

/// Deletes an article for good that `expired` told of, if it is still so.
pub async fn purge(app: &Arc<App>, id: ArticleId) {
    let (Some(before), own) = (before(app), Arc::clone(app)) else {
        return;
    };
    let write = move |tx: &mut DbConn| {
        store::hold::pages(tx)?;
        let article = store::article::for_update(tx, id)?;
        // Restored meanwhile, or deleted by another process.
        let Some(article) = article.filter(|one| one.deleted_at.is_some_and(|at| at < before)) else {
            return Ok(());
        };
        let actor = Actor::person(article.updated_by, Role::Admin);
        end(&Ctx::new(own, actor, Origin::of(Via::Trash)), tx, article)
    };
    let done: Result<(), Error> = app.store.write(write).await;
    if let Err(fault) = done {
        tracing::error!(article.id = %id, error = ?fault, "What expired in the trash cannot be deleted");
    }
}

/// What was put in the trash before this moment is not kept any longer; `None` where all is.
fn before(app: &App) -> Option<Timestamp> {
    let days = i64::from(app.config.trash.keep_days);
    (days > 0).then(|| app.now().plus_seconds(-days * 24 * 60 * 60))
}

async fn found(app: &Arc<App>) -> Result<Vec<ArticleId>, Error> {
    let Some(before) = before(app) else {
        return Ok(Vec::new());
    };
    let read = |conn: &mut DbConn| Ok::<_, Error>(store::setting::get(conn, SINCE)?);
    let since = app.store.read(read).await?;
    let Some(since) = since.and_then(|text| Timestamp::parse(&text).ok()) else {
        let now = app.now().to_string();
        let write = move |tx: &mut DbConn| Ok::<_, Error>(store::setting::set(tx, SINCE, &now)?);
        app.store.write(write).await?;
        return Ok(Vec::new());
    };
    if since >= before {
        return Ok(Vec::new());
    }
    let read = move |conn: &mut DbConn| Ok(store::article::trashed_before(conn, before, MOST)?);
    app.store.read(read).await
}
