//! The end of an article.

use super::check;
use super::publish::withdraw;
use crate::domain::access::Action;
use crate::domain::id::ArticleId;
use crate::services::{Basis, Ctx, Error};
use crate::store;

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
            let mut article = check::held(&ctx, tx, id, &basis, Action::DeleteArticle, &[])?;
            withdraw(&ctx, tx, &mut article)?;
            store::related::bury(tx, id, &article.content.headline, ctx.actor.id, ctx.now)?;
            store::article::delete(tx, id)?;
            tracing::info!(article.id = %id, "Deleted for good");
            Ok(())
        })
        .await
}
