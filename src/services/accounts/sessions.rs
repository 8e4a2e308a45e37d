//! Somebody's own sessions: looked at, and ended.

use std::sync::Arc;

use super::login::{Begun, Login};
use super::passwords::Hashing;
use crate::domain::account::{Email, Password, User};
use crate::domain::audit::{AuditAction, AuditedKind, Deed};
use crate::domain::id::SessionId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::session::Session;
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, Refusal, audit};
use crate::store::{self, DbConn, StoreError};

/// A page of the sessions of who asks that live, the last used first.
///
/// # Errors
/// `BadCursor`.
pub async fn list(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<Session>, Error> {
    let of = format!("sessions of {}", ctx.actor.id);
    let before: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        let living = ctx.app.living(ctx.now);
        let rows = store::session::list(conn, ctx.actor.id, living, before, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, &of, |session| ByTime {
            at: session.last_used_at,
            id: session.id.0,
        }))
    })
    .await
}

/// Ends the session that asks. Its tokens stop working at once, everywhere.
///
/// # Errors
/// `Unauthenticated` where somebody ended it just before.
pub async fn log_out(ctx: &Ctx, session: SessionId) -> Result<(), Error> {
    end_one(ctx, session, AuditAction::LogOut, Refusal::Unauthenticated).await
}

/// Ends a session of who asks.
///
/// # Errors
/// `NotFound`, also for those of others and those that have ended.
pub async fn end(ctx: &Ctx, session: SessionId) -> Result<(), Error> {
    end_one(ctx, session, AuditAction::EndSession, Refusal::NotFound).await
}

async fn end_one(ctx: &Ctx, session: SessionId, action: AuditAction, otherwise: Refusal) -> Result<(), Error> {
    ctx.write(move |ctx, tx| {
        let living = ctx.app.living(ctx.now);
        if !store::session::end(tx, session, ctx.actor.id, living)? {
            return Err(otherwise.into());
        }
        let user = own(ctx, tx)?;
        let deed = Deed::new(action, AuditedKind::Session, session.0, user.name.as_str());
        Ok(audit::record(ctx, tx, &deed)?)
    })
    .await
}

/// Ends all sessions of who asks.
///
/// # Errors
/// `Unauthenticated`.
pub async fn log_out_everywhere(ctx: &Ctx) -> Result<(), Error> {
    ctx.write(|ctx, tx| {
        let user = store::user::hold(tx, ctx.actor.id)?.ok_or(Refusal::Unauthenticated)?;
        store::session::end_all(tx, user.id, None, ctx.app.living(ctx.now))?;
        let deed = Deed::new(AuditAction::LogOut, AuditedKind::User, user.id.0, user.name.as_str());
        Ok(audit::record(ctx, tx, &deed)?)
    })
    .await
}

/// The address that who asks logs in with.
///
/// # Errors
/// `Unauthenticated`.
pub async fn email(ctx: &Ctx) -> Result<Email, Error> {
    ctx.read(|ctx, conn| Ok(own(ctx, conn)?.email)).await
}

/// Gives who asks another password, and a new session. All others end, this one too: whoever had the old password, or the tokens of this session, is out.
///
/// # Errors
/// `Invalid` where the current one is another; `Unauthenticated` where the session ended meanwhile; `Overloaded`.
pub async fn change_password(
    ctx: &Ctx,
    hashing: &Hashing,
    session: SessionId,
    current: Password,
    chosen: Password,
    agent: Option<String>,
) -> Result<Login, Error> {
    let id = ctx.actor.id;
    let (user, before) = knows(ctx, hashing, current).await?;
    let hash = hashing.hash(chosen).await?;
    let begun = Begun::new(&ctx.app, &user, &ctx.origin, agent)?;
    let new = begun.session;
    ctx.write(move |ctx, tx| {
        holder(ctx, tx, session)?;
        // Hashing took a while, in which it may have become another.
        if !store::user::hold_if_still(tx, id, &before, None)? {
            return Err(wrong_password());
        }
        store::user::set_password(tx, id, &hash)?;
        audit::record(ctx, tx, &of_user(AuditAction::SetPassword, &user))?;
        if store::session::end_all(tx, id, None, ctx.app.living(ctx.now))? > 1 {
            audit::record(ctx, tx, &of_user(AuditAction::EndSession, &user))?;
        }
        Ok(store::session::insert(tx, new)?)
    })
    .await?;
    Ok(begun.login)
}

/// Who asks, and the hash of their password, which is the one that was sent.
///
/// # Errors
/// `Invalid` where it is another; `Unauthenticated`; `Overloaded`.
pub(super) async fn knows(ctx: &Ctx, hashing: &Hashing, current: Password) -> Result<(User, String), Error> {
    let id = ctx.actor.id;
    let found = ctx.read(move |_, conn| Ok(store::user::with_hash(conn, id)?)).await?;
    let (user, hash) = found.ok_or(Refusal::Unauthenticated)?;
    if hashing.verify(current, Some(hash.clone())).await? {
        Ok((user, hash))
    } else {
        Err(wrong_password())
    }
}

/// Who asks, held as they are, while the session that they ask in still lives: it may have ended since the head of the request came.
///
/// # Errors
/// `Unauthenticated`.
pub(super) fn holder(ctx: &Ctx, tx: &mut DbConn, session: SessionId) -> Result<User, Error> {
    store::user::hold(tx, ctx.actor.id)?;
    lives(ctx, tx, session)
}

/// Who asks, while the session that they ask in still lives.
///
/// # Errors
/// `Unauthenticated`.
pub(super) fn lives(ctx: &Ctx, tx: &mut DbConn, session: SessionId) -> Result<User, Error> {
    let found = store::session::with_user(tx, session)?.filter(|(session, user)| {
        user.id == ctx.actor.id && user.disabled_at.is_none() && session.lives(ctx.app.living(ctx.now))
    });
    let (_, user) = found.ok_or(Refusal::Unauthenticated)?;
    Ok(user)
}

fn wrong_password() -> Error {
    let flaw = Flaw::new(Rule::NotAllowed, "is not the password of this account");
    Invalids::from(flaw.at("/current_password")).into()
}

fn own(ctx: &Ctx, tx: &mut DbConn) -> Result<User, Error> {
    let user = store::user::by_id(tx, ctx.actor.id)?;
    user.ok_or_else(|| Refusal::Unauthenticated.into())
}

pub(super) fn of_user(action: AuditAction, user: &User) -> Deed {
    Deed::new(action, AuditedKind::User, user.id.0, user.name.as_str())
}

/// Ends all sessions of a user by the command line, and writes it down where there were any.
pub(super) fn end_by_command(app: &App, tx: &mut DbConn, user: &User) -> Result<(), StoreError> {
    if store::session::end_all(tx, user.id, None, app.living(app.now()))? > 0 {
        audit::record_command(app, tx, &of_user(AuditAction::EndSession, user))?;
    }
    Ok(())
}

/// Forgets sessions that ended long ago. A fault is logged, and met again the next time.
pub async fn forget(app: &Arc<App>) {
    let until = app.now().plus_seconds(-Session::KEPT_DAYS * 24 * 60 * 60);
    app.forget("sessions", move |tx| store::session::forget(tx, until))
        .await;
}
