//! Telling others that one is at an article. It makes no revision, and nothing is refused for it.

use super::check;
use super::keep::deed;
use super::read::{ArticleView, shown};
use crate::domain::access::Action;
use crate::domain::audit::AuditAction;
use crate::domain::id::ArticleId;
use crate::domain::lock::Lock;
use crate::services::{Ctx, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// The lock of the caller, and that of somebody else which it took over.
#[derive(Debug, Clone, Copy)]
pub struct Locked {
    pub revision: i32,
    pub lock: Lock,
    pub taken_from: Option<Lock>,
}

/// Takes a lock for five minutes, or takes five more.
///
/// # Errors
/// `NotFound`, `Forbidden`, `InTrash`; `Locked` by somebody else, unless it is taken over.
pub async fn lock(ctx: &Ctx, id: ArticleId, take_over: bool) -> Result<Locked, Error> {
    ctx.write(move |ctx, tx| {
        let article = check::opened(ctx, tx, id, Action::EditArticle)?;
        if article.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let others = article
            .lock
            .filter(|lock| lock.holds(ctx.now) && lock.locked_by != ctx.actor.id);
        if let Some(lock) = others.filter(|_| !take_over) {
            return Err(Refusal::Locked(lock).into());
        }
        let lock = Lock::taken(article.lock, ctx.actor.id, ctx.now);
        store::article::set_lock(tx, id, lock)?;
        if others.is_some() {
            audit::record(ctx, tx, &deed(AuditAction::TakeOver, &article))?;
        }
        Ok(Locked {
            revision: article.revision,
            lock,
            taken_from: others,
        })
    })
    .await
}

/// Gives the caller's lock up; one that is not there, or somebody else's, stays as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn unlock(ctx: &Ctx, id: ArticleId) -> Result<ArticleView, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        ctx.may_use(Action::EditArticle)?;
        let mut article = check::opened(ctx, tx, id, Action::ReadArticle)?;
        let own = article.lock.filter(|lock| lock.locked_by == ctx.actor.id);
        if let Some(lock) = own {
            let lock = lock.ended(ctx.now);
            article.lock = Some(lock);
            store::article::set_lock(tx, id, lock)?;
        }
        shown(ctx, tx, article)
    };
    ctx.write(write).await
}
