//! Going live and being taken down.

use super::check;
use super::keep::save;
use super::read::{ArticleView, shown};
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::contributor::Contributor;
use crate::domain::edition::{Edition, Surroundings};
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::media::{Media, Rights};
use crate::domain::revision::RevisionReason;
use crate::domain::tag::Tag;
use crate::domain::workflow::{Move, Status};
use crate::services::{Basis, Ctx, Error, Refusal, editions, media_uses};
use crate::store::{self, DbConn, TaxonRows as _};

/// Freezes the working copy into an edition and makes it the live one. An article whose working copy is live
/// already is left as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `NotReady` with what is missing.
pub async fn publish(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let mut article = check::held(&ctx, tx, id, &basis, Action::PublishArticle, &[])?;
            let status = step(&article, Move::Publish)?;
            let media = ready(&ctx, tx, &article)?;
            if article.is_live() && !article.has_unpublished_changes() {
                return shown(&ctx, tx, article);
            }
            let before = article.clone();
            if !article.is_live() {
                article.published_at = Some(ctx.now);
            }
            article.first_published_at = article.first_published_at.or(article.published_at);
            article.status = status;
            article.touch(ctx.actor.id, ctx.now);
            article.live_revision = Some(article.revision);
            save(tx, &before, &article, RevisionReason::Publish)?;
            issue(&ctx, tx, &article, media)?;
            tracing::info!(article.id = %article.id, revision = article.revision, "Published");
            shown(&ctx, tx, article)
        })
        .await
}

/// Takes the live edition down; the working copy stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MoveNotAllowed` when it is not live.
pub async fn unpublish(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    take(ctx, id, basis, Move::Unpublish).await
}

/// Takes the article back: it should never have been published.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MoveNotAllowed` when it was never live.
pub async fn retract(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    take(ctx, id, basis, Move::Retract).await
}

async fn take(ctx: &Ctx, id: ArticleId, basis: Basis, how: Move) -> Result<ArticleView, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let mut article = check::held(&ctx, tx, id, &basis, Action::UnpublishArticle, &[])?;
            let before = article.clone();
            article.status = step(&article, how)?;
            withdraw(&ctx, tx, &mut article)?;
            article.touch(ctx.actor.id, ctx.now);
            let reason = match how {
                Move::Retract => RevisionReason::Retract,
                Move::Publish | Move::Unpublish => RevisionReason::Unpublish,
            };
            save(tx, &before, &article, reason)?;
            tracing::info!(article.id = %article.id, revision = article.revision, "Taken down by `{}`", how.as_str());
            shown(&ctx, tx, article)?.referred(&ctx, tx)
        })
        .await
}

/// Takes the article from readers, if they have it.
pub(super) fn withdraw(ctx: &Ctx, tx: &mut DbConn, article: &mut Article) -> Result<(), Error> {
    if article.live_revision.take().is_some() {
        editions::take_down(ctx, tx, article.id)?;
    }
    Ok(())
}

fn step(article: &Article, step: Move) -> Result<Status, Error> {
    if article.deleted_at.is_some() {
        return Err(Refusal::InTrash.into());
    }
    let from = article.status;
    from.step(step)
        .ok_or_else(|| Refusal::MoveNotAllowed { from, step }.into())
}

/// The media that the article shows, when nothing is missing before readers may see it.
fn ready(ctx: &Ctx, tx: &mut DbConn, article: &Article) -> Result<Vec<Media>, Error> {
    let places = article.content.media();
    let media = media_uses::shown_at(tx, &places)?;
    let config = &ctx.app.config.media;
    let rights = Rights {
        credit: config.require_credit,
        valid: config.require_rights,
    };
    let text = article.content.ready_to_publish().err().unwrap_or_default();
    let missing = text.and(rights.lacking(&places, &media, ctx.now));
    missing.into_result().map_err(Refusal::NotReady)?;
    Ok(media)
}

/// Builds the edition from what the article refers to, and has it go live.
fn issue(ctx: &Ctx, tx: &mut DbConn, article: &Article, media: Vec<Media>) -> Result<(), Error> {
    let named: Vec<_> = article
        .content
        .byline
        .contributors
        .0
        .iter()
        .map(|credit| credit.contributor_id)
        .collect();
    let around = Surroundings {
        site: &ctx.app.site,
        sections: article
            .content
            .section_id
            .map_or(Ok(Vec::new()), |id| store::section::chain(tx, id))?,
        contributors: Contributor::by_ids(tx, &named)?,
        tags: Tag::by_ids(tx, &article.content.tag_ids.0)?,
        media,
    };
    let edition = Edition::new(EditionId(ctx.app.ids.uuid()), article, &around, ctx.now)?;
    editions::go_live(ctx, tx, &edition)
}
