//! The trash: out of sight, but not lost.

use super::check;
use super::keep::save;
use super::publish::withdraw;
use super::read::{ArticleView, shown};
use crate::domain::access::Action;
use crate::domain::id::ArticleId;
use crate::domain::revision::RevisionReason;
use crate::domain::workflow::{Move, Status};
use crate::services::{Basis, Ctx, Error};
use crate::store;

/// Puts an article in the trash; what is live is taken down in the same moment.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`.
pub async fn trash(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let mut article = check::held(ctx, tx, id, &basis, Action::TrashArticle, &[])?;
        if article.deleted_at.is_some() {
            return shown(ctx, tx, article)?.referred(ctx, tx);
        }
        if article.is_live() || article.schedule.is_some() {
            ctx.may_use(Action::MoveArticle(Move::Unpublish))?;
        }
        let before = article.clone();
        if article.status != Status::Retracted {
            article.status = Status::at_rest(article.was_live());
        }
        withdraw(ctx, tx, &mut article)?;
        article.deleted_at = Some(ctx.now);
        article.touch(ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, RevisionReason::Trash)?;
        tracing::info!(article.id = %article.id, "Put in the trash");
        shown(ctx, tx, article)?.referred(ctx, tx)
    })
    .await
}

/// Takes an article out of the trash, as a draft or as unpublished; it does not go live by itself.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`.
pub async fn restore(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let mut article = check::held(ctx, tx, id, &basis, Action::RestoreArticle, &[])?;
        let before = article.clone();
        if article.deleted_at.take().is_none() {
            return shown(ctx, tx, article);
        }
        article.touch(ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, RevisionReason::Restore)?;
        shown(ctx, tx, article)
    })
    .await
}
