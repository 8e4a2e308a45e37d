//! Public notes on an article: what is live shows them at once.

use super::check;
use super::keep::save;
use super::read::seen;
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::body::Body;
use crate::domain::change::Change;
use crate::domain::correction::{Correction, CorrectionIn, CorrectionPatch, written};
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, BlockId, CorrectionId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::revision::{ArticleField, RevisionReason};
use crate::domain::workflow::Status;
use crate::services::{Basis, Ctx, Error, Refusal, editions};
use crate::store::{self, DbConn};

/// The notes of an article at a revision.
#[derive(Debug, Clone)]
pub struct ArticleCorrections {
    pub items: Vec<Correction>,
    pub revision: i32,
}

/// The notes of an article, the oldest first.
///
/// # Errors
/// `NotFound`.
pub async fn corrections(ctx: &Ctx, id: ArticleId) -> Result<ArticleCorrections, Error> {
    ctx.read(move |ctx, conn| {
        let article = seen(ctx, conn, id)?;
        Ok(told(article))
    })
    .await
}

/// Adds a note, and tells its id.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `Invalid`.
pub async fn correct(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    new: CorrectionIn,
) -> Result<(ArticleCorrections, CorrectionId), Error> {
    written(Change::Set(new.kind), None)?;
    let own = CorrectionId(ctx.app.ids.uuid());
    let change = move |ctx: &Ctx, article: &mut Article, live: &[Body]| {
        about(article, live, new.block_id.as_ref())?;
        Ok(article.corrections.add(own, new, ctx.actor.id, ctx.now)?)
    };
    Ok((changed(ctx, id, basis, change).await?, own))
}

/// Changes a note.
///
/// # Errors
/// As [`correct`]; `NotFound` where there is no such note.
pub async fn change_correction(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    correction: CorrectionId,
    patch: CorrectionPatch,
) -> Result<ArticleCorrections, Error> {
    let change = move |ctx: &Ctx, article: &mut Article, live: &[Body]| {
        let was = article.corrections.get(correction).cloned().ok_or(Refusal::NotFound)?;
        written(patch.kind, Some(was.kind))?;
        if let Change::Set(block) = &patch.block_id {
            if *block != was.block_id {
                about(article, live, block.as_ref())?;
            }
        }
        article.corrections.change(correction, patch, ctx.actor.id, ctx.now);
        Ok(())
    };
    changed(ctx, id, basis, change).await
}

/// That a note is about a block that is there, in the working copy or where readers see it.
fn about(article: &Article, live: &[Body], block: Option<&BlockId>) -> Result<(), Invalids> {
    let bodies = live.iter().chain([&article.content.body]);
    let is_there = |block: &BlockId| bodies.clone().any(|body| body.has_block(block));
    if block.is_none_or(is_there) {
        return Ok(());
    }
    let flaw = Flaw::new(Rule::UnknownReference, "no block of the article has this id");
    Err(flaw.at("/block_id").into())
}

/// Removes a note.
///
/// # Errors
/// As [`change_correction`].
pub async fn remove_correction(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    correction: CorrectionId,
) -> Result<ArticleCorrections, Error> {
    let change = move |_: &Ctx, article: &mut Article, _: &[Body]| {
        let found = article.corrections.remove(correction);
        found.then_some(()).ok_or_else(|| Refusal::NotFound.into())
    };
    changed(ctx, id, basis, change).await
}

fn told(article: Article) -> ArticleCorrections {
    ArticleCorrections {
        items: article.corrections.0,
        revision: article.revision,
    }
}

async fn changed(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    change: impl FnOnce(&Ctx, &mut Article, &[Body]) -> Result<(), Error> + Send + 'static,
) -> Result<ArticleCorrections, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let yours = [ArticleField::Corrections];
        let before = check::held(ctx, tx, id, &basis, Action::CorrectArticle, &yours)?;
        if before.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let live = store::edition::live_of(tx, id)?;
        let bodies = live.iter().map(|edition| serde_json::from_str(edition.body.get()));
        let bodies: Vec<Body> = bodies.collect::<serde_json::Result<_>>()?;
        let mut article = before.clone();
        change(ctx, &mut article, &bodies)?;
        if article == before {
            return Ok(told(article));
        }
        article.touch_beside(&before, ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, RevisionReason::Correct)?;
        for (edition, body) in live.into_iter().zip(&bodies) {
            show(ctx, tx, edition, body, &article)?;
        }
        if article.status == Status::Retracted {
            store::retraction::set_notice(tx, id, article.corrections.notice())?;
        }
        Ok(told(article))
    })
    .await
}

/// Has the live page show the notes, and nothing else that is new.
fn show(ctx: &Ctx, tx: &mut DbConn, mut edition: Edition, body: &Body, article: &Article) -> Result<(), Error> {
    edition.summary.corrections = article.corrections.public(|block| body.has_block(block));
    edition.summary.updated_at = ctx.now;
    edition.revision = article.live_revision.unwrap_or(edition.revision);
    editions::reissue(ctx, tx, edition)
}
