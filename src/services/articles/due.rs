//! What is done at its time, by whichever process comes first. A job is taken, done and gone in one transaction: that is its lease,
//! and who is killed gives it back.

use std::sync::Arc;

use super::keep::deed;
use super::publish::{issue, version, went_live, withdraw};
use super::validate::ready;
use crate::domain::access::{Action, Actor};
use crate::domain::account::Role;
use crate::domain::article::Article;
use crate::domain::audit::{AuditAction, Origin, Via};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::revision::Snapshot;
use crate::domain::schedule::{DueKind, Schedule, ScheduleFailure};
use crate::domain::time::Timestamp;
use crate::domain::workflow::{Move, Status};
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, Refusal, audit};
use crate::store::job::{Job, Planned};
use crate::store::{self, DbConn, StoreError};

/// Jobs that a process does at once. On SQLite they wait for the one writer.
const AT_ONCE: usize = 4;
/// Due jobs among which a process looks for one that nobody else is at.
const LOOKED_AT: usize = 32;
/// Longest wait after a job that broke, in seconds.
const LONGEST_WAIT: i64 = 60;

/// A page of what is to be done between two times, the next one first. Contributors see what is about their own articles.
///
/// # Errors
/// `BadCursor`.
pub async fn planned(
    ctx: &Ctx,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<Planned>, Error> {
    ctx.may(Action::ReadArticle, None)?;
    let of = format!("schedule {from:?} {to:?}");
    let after: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let rows = store::job::list(conn, from, to, ctx.own_only(), after, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, &of, |job| ByTime {
            at: job.due_at,
            id: job.article_id.0,
        }))
    };
    ctx.read(read).await
}

/// Does everything that is due, what was due first first; when the next is due. A fault is logged and tried again later.
pub async fn run_due(app: &Arc<App>) -> Option<Timestamp> {
    match next(app).await {
        Ok((true, _)) => {
            futures_util::future::join_all((0..AT_ONCE).map(|_| drain(app))).await;
            next(app).await.ok().and_then(|(_, next)| next)
        }
        Ok((false, next)) => next,
        Err(fault) => {
            tracing::error!(error = ?fault, "The next job cannot be looked up");
            None
        }
    }
}

/// Whether anything is due, and when the next is. Reading costs a writer nothing.
async fn next(app: &Arc<App>) -> Result<(bool, Option<Timestamp>), Error> {
    let now = app.now();
    let read = move |conn: &mut DbConn| {
        let is_due = !store::job::due(conn, now, 1)?.is_empty();
        Ok((is_due, store::job::next(conn)?))
    };
    app.store.read(read).await
}

async fn drain(app: &Arc<App>) {
    loop {
        match one(app).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(fault) => {
                tracing::error!(error = ?fault, "Jobs cannot be taken");
                return;
            }
        }
    }
}

/// A job that was not done, where one was taken, and why.
struct Undone(Box<(Option<Job>, Error)>);

impl Undone {
    fn of(job: Job, why: Error) -> Self {
        Self(Box::new((Some(job), why)))
    }
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self(Box::new((None, error.into())))
    }
}

/// Does the next job that is due; false where there is none.
async fn one(app: &Arc<App>) -> Result<bool, Error> {
    let own = Arc::clone(app);
    let done = app.store.write(move |tx| {
        store::hold::pages(tx)?;
        // When it is done, and not when it began to wait for whoever writes.
        let now = own.now();
        let Some((job, article)) = taken(tx, now)? else {
            return Ok(false);
        };
        let done = perform(&own, tx, &job, &article, now);
        done.map(|()| true).map_err(|why| Undone::of(job, why))
    });
    match done.await.map_err(|undone| *undone.0) {
        Ok(found) => Ok(found),
        Err((None, why)) => Err(why),
        Err((Some(job), why)) => give_up(app, job, why, app.now()).await.map(|()| true),
    }
}

/// The first job that is due and that nobody else is at, with its article; it is gone when this transaction commits. The article
/// is held first, as editors hold it before they change its times.
fn taken(tx: &mut DbConn, now: Timestamp) -> Result<Option<(Job, Article)>, StoreError> {
    let mut before = Vec::new();
    loop {
        let due = store::job::due(tx, now, LOOKED_AT)?;
        // Who did what was seen before looks for the next of that article, and may have passed over it because it is held here.
        if due == before {
            return Ok(None);
        }
        for job in &due {
            let Some(article) = store::article::free_for_update(tx, job.article_id)? else {
                continue;
            };
            if store::job::remove(tx, job)? {
                return Ok(Some((job.clone(), article)));
            }
        }
        before = due;
    }
}

fn perform(app: &Arc<App>, tx: &mut DbConn, job: &Job, before: &Article, now: Timestamp) -> Result<(), Error> {
    let Some(times) = before.schedule.clone() else {
        return Ok(());
    };
    let ctx = of_whom(app, &times, now);
    let mut article = before.clone();
    article.moved_at = Some(now);
    match job.kind {
        DueKind::Publish => publish(&ctx, tx, before, article, &times)?,
        DueKind::Unpublish => {
            article.status = step(before, Move::Unpublish)?;
            withdraw(&ctx, tx, &mut article)?;
            store::job::plan(tx, &article)?;
            update(tx, before, &article)?;
            wrote(&ctx, tx, before, &article, AuditAction::Unpublish)?;
        }
    }
    let late = now.micros().saturating_sub(job.due_at.micros()) / 1000;
    tracing::info!(article.id = %before.id, late_ms = late, "Did what was due: {}", job.kind.as_str());
    Ok(())
}

/// Has the article go live at the revision that was chosen. The working copy keeps its revision: nobody who writes gets a conflict.
fn publish(ctx: &Ctx, tx: &mut DbConn, before: &Article, mut article: Article, times: &Schedule) -> Result<(), Error> {
    let status = step(before, Move::Publish)?;
    let chosen = version(ctx, tx, before, times)?;
    let media = ready(ctx, tx, &chosen, ctx.now)?;
    went_live(&mut article, status, ctx.now);
    // A revision that was chosen and is what is here is what is here.
    let is_latest = Snapshot::from(before).is(&chosen);
    article.live_revision = Some(if is_latest { before.revision } else { chosen.revision });
    update(tx, before, &article)?;
    wrote(ctx, tx, before, &article, AuditAction::Publish)?;
    if before.live_revision == article.live_revision {
        return Ok(());
    }
    let live = Article {
        first_published_at: article.first_published_at,
        published_at: article.published_at,
        ..chosen
    };
    issue(ctx, tx, &live, media)
}

/// Writes down what came by itself, or did not.
fn wrote(
    ctx: &Ctx,
    tx: &mut DbConn,
    before: &Article,
    article: &Article,
    action: AuditAction,
) -> Result<(), StoreError> {
    let changed = article.changed_since(before);
    let changed = changed.iter().map(|field| field.as_str()).collect();
    // What went live is the revision that was chosen.
    let revision = article.live_revision.unwrap_or(article.revision);
    audit::record(ctx, tx, &deed(action, article).at_revision(revision).changing(changed))
}

fn step(article: &Article, step: Move) -> Result<Status, Error> {
    let from = article.status;
    let to = from.step(step, article.was_live());
    let refusal = || Refusal::MoveNotAllowed {
        from,
        step,
        allowed: Vec::new(),
    };
    to.ok_or_else(|| refusal().into())
}

fn update(tx: &mut DbConn, before: &Article, article: &Article) -> Result<(), Error> {
    if store::article::update(tx, before, article)? {
        Ok(())
    } else {
        Err(StoreError::Busy.into())
    }
}

/// On behalf of whoever set the times.
fn of_whom(app: &Arc<App>, times: &Schedule, now: Timestamp) -> Ctx {
    let actor = Actor::person(times.by, Role::Editor);
    let mut ctx = Ctx::new(Arc::clone(app), actor, Origin::of(Via::Schedule));
    ctx.now = now;
    ctx
}

/// Ends a job that was refused, with the reason at its article; one that broke is tried again later.
async fn give_up(app: &Arc<App>, job: Job, why: Error, now: Timestamp) -> Result<(), Error> {
    let refusal = match why {
        Error::Broken(_) | Error::Refused(Refusal::Overloaded | Refusal::StorageFull) => {
            tracing::error!(article.id = %job.article_id, error = ?why, "What is due broke; it is tried again");
            let wait = LONGEST_WAIT.min(1 << job.attempts.clamp(0, 6));
            let write = move |tx: &mut DbConn| Ok(store::job::put_off(tx, &job, now.plus_seconds(wait))?);
            return app.store.write(write).await;
        }
        Error::Refused(refusal) => refusal,
    };
    tracing::warn!(article.id = %job.article_id, why = ?refusal, "What is due cannot be done");
    let failure = ScheduleFailure {
        kind: job.kind,
        due_at: job.due_at,
        failed_at: now,
        errors: reasons(refusal).0,
    };
    let own = Arc::clone(app);
    let write = move |tx: &mut DbConn| {
        store::hold::pages(tx)?;
        let Some(before) = store::article::for_update(tx, job.article_id)? else {
            return Ok(());
        };
        if !store::job::remove(tx, &job)? {
            return Ok(());
        }
        let mut article = before.clone();
        if article.status == Status::Scheduled {
            article.status = Status::at_rest(article.was_live());
        }
        // What readers have is still to be taken from them.
        let rest = article.schedule.take().and_then(|times| times.without(job.kind));
        article.schedule = rest.filter(|_| before.is_live());
        article.schedule_failure = Some(failure);
        article.moved_at = Some(now);
        store::job::plan(tx, &article)?;
        update(tx, &before, &article)?;
        match &before.schedule {
            Some(times) => Ok(wrote(
                &of_whom(&own, times, now),
                tx,
                &before,
                &article,
                AuditAction::Fail,
            )?),
            None => Ok(()),
        }
    };
    app.store.write(write).await
}

/// What an editor would have been told.
fn reasons(refusal: Refusal) -> Invalids {
    match refusal {
        Refusal::NotReady(errors) | Refusal::Invalid(errors) => errors,
        Refusal::SlugTaken(_) => Flaw::new(Rule::Duplicate, "another live article has the slug")
            .at("/slug")
            .into(),
        Refusal::TranslationTaken(_) => {
            let message = "another live article of the group has the language";
            Flaw::new(Rule::Duplicate, message).at("/locale").into()
        }
        _ => Flaw::new(Rule::NotAllowed, "not possible in the state that it is in")
            .at("/status")
            .into(),
    }
}
