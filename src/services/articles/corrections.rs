//! Public notes on an article: what is live shows them at once.

use super::check;
use super::keep::save;
use super::read::seen;
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::change::Change;
use crate::domain::correction::{Correction, CorrectionIn, CorrectionPatch, Corrections, written};
use crate::domain::id::{ArticleId, CorrectionId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::revision::{ArticleField, RevisionReason};
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
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .read(move |conn| {
            let article = seen(&ctx, conn, id)?;
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
    written(Change::Set(new.kind))?;
    let own = CorrectionId(ctx.app.ids.uuid());
    let change = move |ctx: &Ctx, article: &mut Article| {
        let known = |block| article.content.body.has_block(block);
        if new.block_id.as_ref().is_some_and(|block| !known(block)) {
            return Err(unknown_block().into());
        }
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
    written(patch.kind)?;
    let change = move |ctx: &Ctx, article: &mut Article| {
        let known = |block| article.content.body.has_block(block);
        if matches!(&patch.block_id, Change::Set(Some(block)) if !known(block)) {
            return Err(unknown_block().into());
        }
        let found = article.corrections.change(correction, patch, ctx.actor.id, ctx.now);
        found.then_some(()).ok_or_else(|| Refusal::NotFound.into())
    };
    changed(ctx, id, basis, change).await
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
    let change = move |_: &Ctx, article: &mut Article| {
        let found = article.corrections.remove(correction);
        found.then_some(()).ok_or_else(|| Refusal::NotFound.into())
    };
    changed(ctx, id, basis, change).await
}

fn unknown_block() -> Invalids {
    let flaw = Flaw::new(Rule::UnknownReference, "no block of the article has this id");
    flaw.at("/block_id").into()
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
    change: impl FnOnce(&Ctx, &mut Article) -> Result<(), Error> + Send + 'static,
) -> Result<ArticleCorrections, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let yours = [ArticleField::Corrections];
            let before = check::held(&ctx, tx, id, &basis, Action::CorrectArticle, &yours)?;
            if before.deleted_at.is_some() {
                return Err(Refusal::InTrash.into());
            }
            let mut article = before.clone();
            change(&ctx, &mut article)?;
            if article == before {
                return Ok(told(article));
            }
            let live_as_it_is = !before.has_unpublished_changes();
            article.touch(ctx.actor.id, ctx.now);
            if live_as_it_is {
                article.live_revision = Some(article.revision);
            }
            save(tx, &before, &article, RevisionReason::Correct)?;
            show(&ctx, tx, article.id, article.live_revision, &article.corrections)?;
            Ok(told(article))
        })
        .await
}

/// Has the live page show the notes, and nothing else that is new.
fn show(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: ArticleId,
    revision: Option<i32>,
    corrections: &Corrections,
) -> Result<(), Error> {
    for mut edition in store::edition::live_of(tx, article)? {
        edition.summary.corrections = corrections.public();
        edition.summary.updated_at = ctx.now;
        edition.revision = revision.unwrap_or(edition.revision);
        editions::reissue(ctx, tx, edition)?;
    }
    Ok(())
}
