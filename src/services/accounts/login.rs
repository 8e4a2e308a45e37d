//! Logging in, staying so, and being known.

use std::sync::Arc;

use uuid::Uuid;

use super::refresh::RefreshToken;
use super::{Hashing, api_keys, totp};
use crate::domain::access::Actor;
use crate::domain::account::{Email, Password, User};
use crate::domain::audit::{AuditAction, AuditedKind, Deed, Origin};
use crate::domain::id::{ApiKeyId, SessionId};
use crate::domain::session::{Living, Session};
use crate::domain::time::Timestamp;
use crate::services::{App, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// What a login gives, and each time that it is prolonged.
pub struct Login {
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// What prolongs the session, once.
    pub refresh_token: String,
    /// Seconds until the session ends unless it is prolonged.
    pub refresh_expires_in: i64,
}

/// Somebody who sends a good token.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub actor: Actor,
    pub by: By,
    /// The id of the token or the API key that was sent.
    pub token: Uuid,
}

/// What somebody is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Session(SessionId),
    ApiKey(ApiKeyId),
}

impl App {
    /// What tells sessions that live now.
    pub(super) fn living(&self, now: Timestamp) -> Living {
        Living::at(now, self.config.auth.session_idle_seconds)
    }

    /// The tokens of a session.
    fn give(&self, user: &User, session: &Session, refresh: &RefreshToken, jti: Uuid) -> Result<Login, Error> {
        let now = self.now();
        let left = session.seconds_left(now, self.config.auth.session_idle_seconds);
        let (access_token, expires_in) = self
            .tokens
            .issue(user, session, left, now, jti)
            .map_err(|error| Error::Broken(error.into()))?;
        Ok(Login {
            access_token,
            expires_in,
            refresh_token: self.refresh.write(refresh),
            refresh_expires_in: left,
        })
    }
}

/// A session for who knows the password. An unknown address, a wrong password and a disabled account are refused alike,
/// in answer and in time. `second` is the code of a second factor; `agent` is what the client calls itself.
///
/// # Errors
/// `Unauthenticated`, `Overloaded`; `SecondFactor` where the password is right and needs one.
pub async fn login(
    app: &Arc<App>,
    hashing: &Hashing,
    email: Email,
    password: Password,
    second: Option<String>,
    origin: Origin,
    agent: Option<String>,
) -> Result<Login, Error> {
    let found = app
        .store
        .read(move |conn| store::user::by_email(conn, &email).map_err(Error::from))
        .await?;
    let (user, hash) = found.unzip();
    let of = user.as_ref().map(|user| tracing::field::display(user.id));
    let knows = hashing.verify(password.clone(), hash.clone()).await?;
    let user = user.filter(|user| knows && user.disabled_at.is_none());
    let Some((user, hash)) = user.zip(hash) else {
        // For who looks for those that guess. The audit has what was done, and nothing was.
        tracing::warn!(user.id = of, address = origin.address, "A login was refused");
        return Err(Refusal::Unauthenticated.into());
    };
    let stronger = hashing.stronger(password, &hash).await?;
    let Begun { session, login, origin } = Begun::new(app, &user, &origin, agent)?;
    let (own, user_id, id) = (Arc::clone(app), user.id, session.id);
    app.store
        .write(move |tx| {
            // Looking at the password took a while, in which it may have become another.
            if !store::user::hold_if_still(tx, user.id, &hash, stronger.as_deref())? {
                return Err(Error::from(Refusal::Unauthenticated));
            }
            totp::pass(&own, tx, &user, second.as_deref(), &origin)?;
            store::session::insert(tx, session)?;
            store::session::end_oldest(tx, user.id, Session::MOST, own.living(own.now()))?;
            let deed = Deed::new(AuditAction::LogIn, AuditedKind::Session, id.0, user.name.as_str());
            Ok(audit::record_of(&own, tx, Some(user.id), &origin, &deed)?)
        })
        .await?;
    tracing::info!(user.id = %user_id, session.id = %id, "Logged in");
    Ok(login)
}

/// A session that is not kept yet, and what its owner gets.
pub(super) struct Begun {
    pub(super) session: Session,
    pub(super) login: Login,
    /// With the id of the token.
    origin: Origin,
}

impl Begun {
    pub(super) fn new(app: &App, user: &User, origin: &Origin, agent: Option<String>) -> Result<Self, Error> {
        let id = SessionId(app.ids.uuid());
        let refresh = RefreshToken::first(id).map_err(|error| Error::Broken(error.into()))?;
        let now = app.now();
        let session = Session {
            id,
            user_id: user.id,
            created_at: now,
            last_used_at: now,
            expires_at: now.plus_seconds(i64::from(app.config.auth.session_seconds)),
            revoked_at: None,
            token: refresh.digest(),
            rotated_at: None,
            previous_token: None,
            address: origin.address.clone(),
            user_agent: agent.map(|agent| agent.chars().take(Session::MOST_OF_AGENT).collect()),
        };
        let jti = app.ids.uuid();
        let login = app.give(user, &session, &refresh, jti)?;
        let origin = Origin {
            token_id: Some(jti),
            ..origin.clone()
        };
        Ok(Self { session, login, origin })
    }
}

/// Prolongs a session for who has its token, and puts another in the place of that. All causes are refused alike.
///
/// # Errors
/// `Unauthenticated`.
pub async fn refresh(app: &Arc<App>, token: &str, origin: Origin) -> Result<Login, Error> {
    let token = app.refresh.read(token).ok_or(Refusal::Unauthenticated)?;
    let next = app.refresh.after(&token);
    // Whoever keeps asking with the token of a session that ended long ago has nothing written.
    let (living, id) = (app.living(app.now()), token.session);
    let found = app
        .store
        .read(move |conn| store::session::with_user(conn, id).map_err(Error::from))
        .await?;
    found
        .filter(|(session, user)| session.lives(living) && user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    let (own, successor) = (Arc::clone(app), next.clone());
    let renewed = app
        .store
        .write(move |tx| renew(&own, tx, &token, &successor, &origin))
        .await?;
    let (session, user) = renewed.ok_or(Refusal::Unauthenticated)?;
    app.give(&user, &session, &next, app.ids.uuid())
}

/// `None` is a refusal that leaves something written: the session of a token that was used again is ended.
fn renew(
    app: &App,
    tx: &mut DbConn,
    token: &RefreshToken,
    next: &RefreshToken,
    origin: &Origin,
) -> Result<Option<(Session, User)>, Error> {
    let living = app.living(app.now());
    let (id, digest, successor) = (token.session, token.digest(), next.digest());
    let rotated = store::session::rotate(tx, id, &digest, &successor, living)?;
    let (session, user) = store::session::with_user(tx, id)?
        .filter(|(session, user)| session.lives(living) && user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    if rotated || session.token == successor && session.gives_again(&digest, living.now) {
        return Ok(Some((session, user)));
    }
    if store::session::end(tx, id, user.id, living)? {
        tracing::warn!(user.id = %user.id, session.id = %id, "A refresh token was used again, and its session is ended");
        let deed = Deed::new(AuditAction::Reuse, AuditedKind::Session, id.0, user.name.as_str());
        // Whoever it was need not be the user.
        audit::record_of(app, tx, None, origin, &deed)?;
    }
    Ok(None)
}

/// Who sends this token, or this API key.
pub async fn authenticate(app: &App, token: &str) -> Result<Known, Error> {
    if api_keys::is_like(token) {
        api_keys::authenticate(app, token).await
    } else {
        in_session(app, token).await
    }
}

/// Session and account are looked up each time, so one that was ended, disabled or demoted is so at once.
async fn in_session(app: &App, token: &str) -> Result<Known, Error> {
    let now = app.now();
    let said = app
        .tokens
        .check(token, now, &app.config)
        .ok_or(Refusal::Unauthenticated)?;
    let found = app
        .store
        .read(move |conn| store::session::with_user(conn, said.session).map_err(Error::from))
        .await?;
    let living = app.living(now);
    let (_, user) = found
        .filter(|(session, user)| session.lives(living) && user.id == said.user && user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    Ok(Known {
        actor: Actor::person(user.id, user.role),
        by: By::Session(said.session),
        token: said.token,
    })
}
