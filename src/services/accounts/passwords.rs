//! Passwords: hashed with argon2id at the cost that OWASP names first, a few at once, never on a server thread.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};

use crate::domain::account::Password;
use crate::services::{App, Error, Refusal};

/// 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::Broken(error.to_string().into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes on a thread for blocking work, when one of the few places is free.
async fn on_a_place<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let place = Arc::clone(&app.hashing).acquire_owned().await;
    let place = place.map_err(|_closed| Error::Refused(Refusal::Overloaded))?;
    // The place goes with the work: a client that hangs up leaves the work behind, and must not free its place.
    let work = move || {
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Broken(error.into()))?
}

/// The PHC string of a password, with a salt of its own.
pub(super) async fn hash(app: &App, password: Password) -> Result<String, Error> {
    on_a_place(app, move || {
        let hash = argon2()?.hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(|error| Error::Broken(error.to_string().into()))
    })
    .await
}

/// Whether a password is the hashed one. Without a hash the same work is done and the answer is no, so that the time
/// taken does not tell who has an account.
pub(super) async fn verify(app: &App, password: Password, hash: Option<String>) -> Result<bool, Error> {
    on_a_place(app, move || {
        let argon2 = argon2()?;
        let Some(hash) = hash else {
            let _same_work = argon2.hash_password(password.as_bytes());
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash).map_err(|error| Error::Broken(error.to_string().into()))?;
        Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}
