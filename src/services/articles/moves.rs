//! Moves that take nothing to readers by themselves: handing in, sending back, setting a time.

use super::check;
use super::keep::save;
use super::publish::version;
use super::read::{ArticleView, shown};
use super::validate::ready;
use crate::domain::id::ArticleId;
use crate::domain::revision::{RevisionReason, Why};
use crate::domain::schedule::{Schedule, ScheduleIn};
use crate::domain::text::RevisionNote;
use crate::domain::workflow::Move;
use crate::services::{Basis, Ctx, Error};
use crate::store;

/// Hands a draft in, for an editor to look at.
///
/// # Errors
/// `NotFound`, `Stale`, `InTrash`, `MoveNotAllowed`.
pub async fn submit(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    moved(ctx, id, basis, Move::Submit, RevisionReason::Submit.into()).await
}

/// Sends a draft back to its author, and says why.
///
/// # Errors
/// As [`submit`]; `Forbidden`.
pub async fn reject(ctx: &Ctx, id: ArticleId, basis: Basis, note: RevisionNote) -> Result<ArticleView, Error> {
    let why = Why {
        note: Some(note),
        ..Why::from(RevisionReason::Reject)
    };
    moved(ctx, id, basis, Move::Reject, why).await
}

/// Has an article wait for no time any more.
///
/// # Errors
/// As [`reject`].
pub async fn unschedule(ctx: &Ctx, id: ArticleId, basis: Basis) -> Result<ArticleView, Error> {
    moved(ctx, id, basis, Move::Unschedule, RevisionReason::Unschedule.into()).await
}

async fn moved(ctx: &Ctx, id: ArticleId, basis: Basis, step: Move, why: Why) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let (before, status) = check::moving(ctx, tx, id, &basis, step)?;
        let mut article = before.clone();
        article.status = status;
        if step == Move::Unschedule {
            (article.schedule, article.schedule_failure) = (None, None);
        }
        if article == before {
            return shown(ctx, tx, article);
        }
        article.touch_beside(&before, ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, why)?;
        shown(ctx, tx, article)
    })
    .await
}

/// Sets the times of an article, in the place of those that it had: when it goes live, and when it is taken down.
///
/// # Errors
/// As [`reject`]; `Invalid` for times that cannot be kept; `NotReady` with what would be missing then, and for a revision that is
/// not there.
pub async fn schedule(ctx: &Ctx, id: ArticleId, basis: Basis, asked: ScheduleIn) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let (before, status) = check::moving(ctx, tx, id, &basis, Move::Schedule)?;
        let times = Schedule::new(asked, &before, ctx.actor.id, ctx.now)?;
        let goes_live = version(ctx, tx, &before, &times)?;
        if let Some(at) = times.publish_at {
            ready(ctx, tx, &goes_live, at)?;
        }
        let mut article = before.clone();
        article.status = status;
        (article.schedule, article.schedule_failure) = (Some(times), None);
        if article == before {
            return shown(ctx, tx, article);
        }
        article.touch_beside(&before, ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, RevisionReason::Schedule)?;
        shown(ctx, tx, article)
    })
    .await
}
