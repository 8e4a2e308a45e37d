//! Logging in, and being known afterwards.

use uuid::Uuid;

use super::passwords;
use crate::domain::access::Actor;
use crate::domain::account::{Email, Password};
use crate::services::{App, Error, Refusal};
use crate::store;

/// What a login gives.
#[derive(Debug)]
pub struct Login {
    pub access_token: String,
    /// Seconds until it ends.
    pub expires_in: i64,
}

/// A token for who knows the password. An unknown address, a wrong password and a disabled account are refused alike,
/// in answer and in time.
pub async fn login(app: &App, email: Email, password: Password) -> Result<Login, Error> {
    let found = app
        .store
        .read(move |conn| store::user::by_email(conn, &email).map_err(Error::from))
        .await?;
    let (user, hash) = found.unzip();
    let knows = passwords::verify(app, password, hash).await?;
    let user = user
        .filter(|user| knows && user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    let access_token = app
        .tokens
        .issue(&user, app.now(), app.ids.as_ref())
        .map_err(|error| Error::Broken(error.into()))?;
    tracing::info!(user.id = %user.id, "Logged in");
    Ok(Login {
        access_token,
        expires_in: app.tokens.seconds(),
    })
}

/// Who sends this token, and its id. The account is looked up each time, so one that was disabled or demoted is so at once.
pub async fn authenticate(app: &App, token: &str) -> Result<(Actor, Uuid), Error> {
    let (id, token_id) = app.tokens.check(token, app.now()).ok_or(Refusal::Unauthenticated)?;
    let user = app
        .store
        .read(move |conn| store::user::by_id(conn, id).map_err(Error::from))
        .await?;
    let user = user
        .filter(|user| user.disabled_at.is_none())
        .ok_or(Refusal::Unauthenticated)?;
    let actor = Actor {
        id: user.id,
        role: user.role,
    };
    Ok((actor, token_id))
}
