//! API keys: made, listed, taken back, and known when they are sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::login::{By, Known};
use super::secret::{PREFIX, SecretKey};
use super::sessions;
use crate::domain::access::Actor;
use crate::domain::account::{Role, User};
use crate::domain::api_key::ApiKey;
use crate::domain::audit::{AuditAction, AuditedKind, Deed};
use crate::domain::id::{ApiKeyId, SessionId, UserId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::scope::{Scope, Scopes};
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// When keys were used, until the worker has it written: a request that reads must not wait for others to write. In the order of their ids, so that
/// two processes that write of the same keys wait for each other, and not for ever.
#[derive(Default)]
pub(in crate::services) struct KeyUses(Mutex<BTreeMap<ApiKeyId, Timestamp>>);

impl KeyUses {
    fn note(&self, id: ApiKeyId, at: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.entry(id).or_insert(at);
        *last = at.max(*last);
    }

    fn take(&self) -> BTreeMap<ApiKeyId, Timestamp> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a key is to be.
pub struct NewApiKey {
    pub name: Name,
    pub scopes: Vec<Scope>,
    pub expires_at: Option<Timestamp>,
}

/// A key that acts for who asks, and its text, which is not kept.
///
/// # Errors
/// `Invalid` for scopes that are beyond the role, none at all, a time that has passed, or where there are too many already;
/// `Unauthenticated` where the session ended meanwhile.
pub async fn create(ctx: &Ctx, session: SessionId, new: NewApiKey) -> Result<(ApiKey, String), Error> {
    let secret = SecretKey::new(ApiKeyId(ctx.app.ids.uuid())).map_err(|error| Error::Broken(error.into()))?;
    let text = secret.write();
    let key = ctx
        .write(move |ctx, tx| {
            // Held, so that two at once cannot pass the bound together, and whoever was shut out meanwhile makes none.
            let user = sessions::holder(ctx, tx, session)?;
            check(user.role, &new, ctx.now)?;
            bounded(tx, user.id, ctx.now)?;
            let key = ApiKey {
                id: secret.id,
                user_id: user.id,
                name: new.name,
                scopes: Scopes::of(&new.scopes),
                digest: secret.digest(),
                created_at: ctx.now,
                expires_at: new.expires_at,
                last_used_at: None,
                revoked_at: None,
            };
            store::api_key::insert(tx, &key)?;
            audit::record(ctx, tx, &deed(AuditAction::Create, &key))?;
            Ok(key)
        })
        .await?;
    Ok((key, text))
}

fn check(role: Role, new: &NewApiKey, now: Timestamp) -> Result<(), Error> {
    let mut wrong = Invalids::default();
    if new.scopes.is_empty() {
        wrong.add(Flaw::new(Rule::TooShort, "names no scope").at("/scopes"));
    }
    if new.scopes.len() > Scope::ALL.len() {
        wrong.add(Flaw::new(Rule::TooMany, "names scopes more than once").at("/scopes"));
    }
    for (at, scope) in new.scopes.iter().enumerate() {
        if role < scope.least_role() {
            let flaw = Flaw::new(Rule::NotAllowed, "is beyond the role of this account");
            wrong.add(flaw.at(format!("/scopes/{at}")));
        }
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        wrong.add(Flaw::new(Rule::OutOfRange, "is not in the future").at("/expires_at"));
    }
    Ok(wrong.into_result()?)
}

fn bounded(tx: &mut DbConn, of: UserId, now: Timestamp) -> Result<(), Error> {
    let (working, all) = store::api_key::count(tx, of, now)?;
    let too_many = |message: String| Invalids::from(Flaw::new(Rule::TooMany, message).at(""));
    if working >= ApiKey::MOST {
        let message = format!("would be more than {} keys; take one back first", ApiKey::MOST);
        return Err(too_many(message).into());
    }
    if all >= ApiKey::MOST_EVER {
        let message = format!(
            "would be more than {} keys, with those that were taken back",
            ApiKey::MOST_EVER
        );
        return Err(too_many(message).into());
    }
    Ok(())
}

fn deed(action: AuditAction, key: &ApiKey) -> Deed {
    Deed::new(action, AuditedKind::ApiKey, key.id.0, key.name.as_str())
}

/// Whose keys somebody sees: an administrator everybody's, to whom it falls to take them back.
fn whose(ctx: &Ctx) -> Option<UserId> {
    (ctx.actor.role < Role::Admin).then_some(ctx.actor.id)
}

/// A page of keys, the newest first; of an administrator everybody's.
///
/// # Errors
/// `BadCursor`.
pub async fn list(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<ApiKey>, Error> {
    let whose = whose(ctx);
    let of = whose.map_or_else(|| "api keys".to_owned(), |id| format!("api keys of {id}"));
    let before: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |_, conn| {
        let rows = store::api_key::list(conn, whose, before, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, &of, |key| ByTime {
            at: key.created_at,
            id: key.id.0,
        }))
    })
    .await
}

/// One key.
///
/// # Errors
/// `NotFound`, also for those of others.
pub async fn read(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKey, Error> {
    ctx.read(move |ctx, conn| Ok(seen(ctx, conn, id)?.0)).await
}

fn seen(ctx: &Ctx, conn: &mut DbConn, id: ApiKeyId) -> Result<(ApiKey, User), Error> {
    let found = store::api_key::with_user(conn, id)?;
    let found = found.filter(|(key, _)| whose(ctx).is_none_or(|id| key.user_id == id));
    found.ok_or_else(|| Refusal::NotFound.into())
}

/// Takes a key back; from the next request on it works nowhere. Once more does nothing.
///
/// # Errors
/// `NotFound`, also for those of others.
pub async fn revoke(ctx: &Ctx, id: ApiKeyId) -> Result<(), Error> {
    ctx.write(move |ctx, tx| {
        let (key, _) = seen(ctx, tx, id)?;
        if store::api_key::revoke(tx, id, ctx.now)? {
            store::preview::remove_of_key(tx, id)?;
            audit::record(ctx, tx, &deed(AuditAction::Revoke, &key))?;
        }
        Ok(())
    })
    .await
}

/// Whether what was sent is meant for an API key.
pub(super) fn is_like(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// Who sends this key. It and the account are looked up each time, so one that was taken back, disabled or demoted is so at once.
pub(super) async fn authenticate(app: &App, text: &str) -> Result<Known, Error> {
    let secret = SecretKey::read(text).ok_or(Refusal::Unauthenticated)?;
    let id = secret.id;
    let found = app
        .store
        .read(move |conn| store::api_key::with_user(conn, id).map_err(Error::from))
        .await?;
    let now = app.now();
    // Of secrets of 256 bits the digests tell nothing, so they may be compared like any text.
    let (key, user) = found
        .filter(|(key, user)| key.digest == secret.digest() && key.works(now) && user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    app.key_uses.note(id, now);
    Ok(Known {
        actor: Actor {
            id: user.id,
            role: user.role,
            scopes: key.scopes,
        },
        by: By::ApiKey(id),
        token: id.0,
    })
}

/// Has written when keys were used. A fault is logged, and the times are kept for the next time.
pub async fn write_uses(app: &Arc<App>) {
    let uses = app.key_uses.take();
    if uses.is_empty() {
        return;
    }
    let all = uses.clone();
    let write = move |tx: &mut DbConn| {
        for (id, at) in all {
            store::api_key::used(tx, id, at)?;
        }
        Ok::<_, Error>(())
    };
    if let Err(fault) = app.store.write(write).await {
        tracing::error!(error = ?fault, "When API keys were used cannot be written");
        for (id, at) in uses {
            app.key_uses.note(id, at);
        }
    }
}
