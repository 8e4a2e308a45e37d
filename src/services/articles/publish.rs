//! Going live and being taken down.

use super::keep::save;
use super::read::{ArticleView, shown};
use super::validate::ready;
use super::{check, standing};
use crate::domain::article::Article;
use crate::domain::contributor::Contributor;
use crate::domain::correction::Retraction;
use crate::domain::edition::{Edition, Surroundings};
use crate::domain::id::{ArticleId, CorrectionId, EditionId};
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::media::Media;
use crate::domain::revision::RevisionReason;
use crate::domain::schedule::{DueKind, Schedule};
use crate::domain::tag::Tag;
use crate::domain::text::CorrectionText;
use crate::domain::time::Timestamp;
use crate::domain::workflow::{Move, Status};
use crate::services::{Basis, Ctx, Error, Refusal, editions};
use crate::store::{self, DbConn, TaxonRows as _};

/// Freezes the working copy into an edition and makes it the live one. An article whose working copy is live
/// already is left as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `NotReady` with what is missing.
pub async fn publish(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let (before, status) = check::moving(ctx, tx, id, &basis, Move::Publish)?;
        if before.is_live() && !before.has_unpublished_changes() {
            return shown(ctx, tx, before);
        }
        let media = ready(ctx, tx, &before, ctx.now)?;
        let mut article = before.clone();
        went_live(&mut article, status, ctx.now);
        article.touch(ctx.actor.id, ctx.now);
        article.live_revision = Some(article.revision);
        save(ctx, tx, &before, &article, RevisionReason::Publish)?;
        issue(ctx, tx, &article, media)?;
        tracing::info!(article.id = %article.id, revision = article.revision, "Published");
        shown(ctx, tx, article)
    })
    .await
}

/// What is another about an article that goes live now.
pub(super) fn went_live(article: &mut Article, status: Status, now: Timestamp) {
    if !article.is_live() {
        article.published_at = Some(now);
    }
    article.first_published_at = article.first_published_at.or(article.published_at);
    article.status = status;
    article.schedule = article
        .schedule
        .take()
        .and_then(|times| times.without(DueKind::Publish));
    article.schedule_failure = None;
}

/// Takes the live edition down; the working copy stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MoveNotAllowed` when it is not live.
pub async fn unpublish(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    take(ctx, id, basis, Move::Unpublish, RevisionReason::Unpublish, None).await
}

/// Takes the article back: it should never have been published. Readers are told so, with the notice.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MoveNotAllowed` when it was never live.
pub async fn retract(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    notice: Option<CorrectionText>,
) -> Result<ArticleView, Error> {
    take(ctx, id, basis, Move::Retract, RevisionReason::Retract, notice).await
}

/// `notice` is what readers are told of an article that is taken back.
async fn take(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    how: Move,
    reason: RevisionReason,
    notice: Option<CorrectionText>,
) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let (before, status) = check::moving(ctx, tx, id, &basis, how)?;
        let mut article = before.clone();
        article.status = status;
        withdraw(ctx, tx, &mut article)?;
        if how == Move::Retract {
            if let Some(notice) = notice {
                let own = CorrectionId(ctx.app.ids.uuid());
                article.corrections.retract(own, notice, ctx.actor.id, ctx.now);
            }
            let retraction = Retraction {
                notice: article.corrections.notice().cloned(),
                retracted_at: ctx.now,
            };
            store::retraction::put(tx, id, &retraction)?;
        }
        article.touch(ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, reason)?;
        tracing::info!(article.id = %article.id, revision = article.revision, "Taken down by `{}`", how.as_str());
        shown(ctx, tx, article)?.referred(ctx, tx)
    })
    .await
}

/// Takes the article from readers, if they have it; it waits for no time any more.
pub(super) fn withdraw(ctx: &Ctx, tx: &mut DbConn, article: &mut Article) -> Result<(), Error> {
    article.schedule = None;
    if article.live_revision.take().is_some() {
        editions::take_down(ctx, tx, article.id)?;
    }
    Ok(())
}

/// The article as it goes live at its time: at the revision that was chosen, or as it is. An embargo is today's, whatever the
/// revision says, and links to what was deleted for good are as they would be today.
///
/// # Errors
/// `NotReady` where the revision is not there, or names what is not there any more.
pub(super) fn version(ctx: &Ctx, tx: &mut DbConn, article: &Article, times: &Schedule) -> Result<Article, Error> {
    let Some(number) = times.revision else {
        return Ok(article.clone());
    };
    let missing = || Flaw::new(Rule::UnknownReference, "is no revision of this article").at("/revision");
    let mut chosen = older(tx, article, number)?.ok_or_else(|| Refusal::NotReady(missing().into()))?;
    let left_out = standing::named(ctx, tx, article.id, &mut chosen.content)?;
    left_out.into_result().map_err(Refusal::NotReady)?;
    chosen.word_count = chosen.content.body.word_count();
    Ok(chosen)
}

/// The article as it was at a revision, if there is such; links to what was deleted for good are as they would be today.
pub(super) fn older(conn: &mut DbConn, article: &Article, number: i32) -> Result<Option<Article>, Error> {
    let Some(kept) = super::revisions::kept(conn, article.id, number)? else {
        return Ok(None);
    };
    let mut older = Article {
        revision: number,
        slug: kept.snapshot.slug,
        translation_group: kept.snapshot.translation_group,
        content: kept.snapshot.content,
        ..article.clone()
    };
    older.content.embargo_until = article.content.embargo_until;
    standing::links(conn, &mut older.content)?;
    older.word_count = older.content.body.word_count();
    Ok(Some(older))
}

/// Builds the edition from what the article refers to, and has it go live.
pub(super) fn issue(ctx: &Ctx, tx: &mut DbConn, article: &Article, media: Vec<Media>) -> Result<(), Error> {
    let edition = frozen(ctx, tx, article, media, ctx.now)?;
    editions::go_live(ctx, tx, edition)
}

/// The article as readers see it who are shown it at that moment.
pub(super) fn frozen(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &Article,
    media: Vec<Media>,
    at: Timestamp,
) -> Result<Edition, Error> {
    let mut article = article.clone();
    // A link in the text to what was deleted for good is words by now.
    standing::links(tx, &mut article.content)?;
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
    Ok(Edition::new(EditionId(ctx.app.ids.uuid()), &article, &around, at)?)
}
