//! The end of an article.

use std::sync::Arc;

use super::check;
use super::publish::withdraw;
use crate::domain::access::{Action, Actor};
use crate::domain::account::Role;
use crate::domain::article::Article;
use crate::domain::id::ArticleId;
use crate::domain::time::Timestamp;
use crate::services::{App, Basis, Ctx, Error};
use crate::store::{self, DbConn};

/// Articles that are found in the trash at once.
const BATCH: usize = 100;

/// Deletes an article for good, with everything that was ever published of it. Links to it stay where they are, hidden, with
/// what it was called.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`.
pub async fn delete(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<(), Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let article = check::held(&ctx, tx, id, &basis, Action::DeleteArticle, &[])?;
            end(&ctx, tx, article)
        })
        .await
}

fn end(ctx: &Ctx, tx: &mut DbConn, mut article: Article) -> Result<(), Error> {
    withdraw(ctx, tx, &mut article)?;
    store::related::bury(tx, article.id, &article.content.headline, ctx.actor.id, ctx.now)?;
    store::article::delete(tx, article.id)?;
    tracing::info!(article.id = %article.id, "Deleted for good");
    Ok(())
}

/// Deletes for good what has been in the trash for longer than is configured. A fault is logged, and met again the next time.
pub async fn empty_trash(app: &Arc<App>) {
    let days = app.config.trash.keep_days;
    if days == 0 {
        return;
    }
    let before = app.now().plus_seconds(-i64::from(days) * 24 * 60 * 60);
    if let Err(fault) = emptied(app, before).await {
        tracing::error!(error = ?fault, "The trash cannot be emptied");
    }
}

async fn emptied(app: &Arc<App>, before: Timestamp) -> Result<(), Error> {
    loop {
        let read = move |conn: &mut DbConn| Ok::<_, Error>(store::article::trashed_before(conn, before, BATCH)?);
        let found = app.store.read(read).await?;
        for id in &found {
            let (id, own) = (*id, Arc::clone(app));
            let write = move |tx: &mut DbConn| {
                store::hold::pages(tx)?;
                let article = store::article::for_update(tx, id)?;
                // Restored meanwhile, or deleted by another process.
                let Some(article) = article.filter(|one| one.deleted_at.is_some_and(|at| at < before)) else {
                    return Ok(());
                };
                let actor = Actor {
                    id: article.updated_by,
                    role: Role::Admin,
                };
                end(&Ctx::new(own, actor), tx, article)
            };
            app.store.write(write).await.map_err(|error: Error| error)?;
        }
        if found.len() < BATCH {
            return Ok(());
        }
    }
}
