//! The key of a request: what was asked under it, and that it is asked once at a time.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::domain::id::UserId;
use crate::domain::idempotency::{IdempotencyKey, KeptAnswer};
use crate::domain::text::hex;
use crate::domain::time::Timestamp;
use crate::services::{App, Error, Refusal};
use crate::store::idempotency::Answered;
use crate::store::{self, DbConn};

/// The keys that this process is answering. Between processes the database tells.
#[derive(Debug, Default)]
pub(in crate::services) struct KeysInFlight(Mutex<HashSet<(UserId, IdempotencyKey)>>);

pub(super) struct Keyed {
    app: Arc<App>,
    user: UserId,
    key: IdempotencyKey,
    asked: Mutex<Sha256>,
    /// Of what was asked until it was first looked for: what is asked later is asked by parts of it.
    fingerprint: OnceLock<String>,
}

impl Keyed {
    /// # Errors
    /// `KeyInFlight`.
    pub(super) fn new(app: &Arc<App>, user: UserId, key: IdempotencyKey) -> Result<Self, Error> {
        let mut all = app.keys_in_flight.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.insert((user, key.clone())) {
            return Err(Refusal::KeyInFlight.into());
        }
        Ok(Self {
            app: Arc::clone(app),
            user,
            key,
            asked: Mutex::default(),
            fingerprint: OnceLock::new(),
        })
    }

    pub(super) fn key(&self) -> &IdempotencyKey {
        &self.key
    }

    pub(super) fn asked(&self, part: &[u8]) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        // With its length, so that no two divisions of the same bytes are the same.
        asked.update((part.len() as u64).to_be_bytes());
        asked.update(part);
    }

    fn fingerprint(&self) -> String {
        let told = self.fingerprint.get_or_init(|| {
            let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
            hex(&asked.finalize())
        });
        told.clone()
    }

    /// Whether it was this request that was answered.
    pub(super) fn is_of(&self, answered: &Answered) -> bool {
        answered.fingerprint == self.fingerprint()
    }

    /// Takes the key for the transaction, and looks for what was answered to the request before.
    ///
    /// # Errors
    /// `KeyInFlight`; `KeyReused` where something else was asked.
    pub(super) fn look(
        &self,
        now: Timestamp,
    ) -> impl FnOnce(&mut DbConn) -> Result<Option<KeptAnswer>, Error> + Send + use<> {
        let (user, key, own) = (self.user, self.key.clone(), self.fingerprint());
        let find = self.find(now);
        move |tx| {
            if !store::idempotency::claim(tx, user, &key)? {
                return Err(Refusal::KeyInFlight.into());
            }
            match find(tx)? {
                Some(found) if found.fingerprint == own => Ok(found.answer),
                Some(_) => Err(Refusal::KeyReused.into()),
                None => Ok(None),
            }
        }
    }

    pub(super) fn find(
        &self,
        now: Timestamp,
    ) -> impl FnOnce(&mut DbConn) -> Result<Option<Answered>, Error> + Send + use<> {
        let (user, key) = (self.user, self.key.clone());
        move |conn| {
            let since = now.plus_seconds(-IdempotencyKey::KEPT);
            Ok(store::idempotency::find(conn, user, &key, since)?)
        }
    }

    /// Keeps what was answered; `None` where the parts of the request are answered each by itself.
    pub(super) fn keep(
        &self,
        answer: Option<KeptAnswer>,
        now: Timestamp,
    ) -> impl FnOnce(&mut DbConn) -> Result<(), Error> + Send + use<> {
        let (user, key) = (self.user, self.key.clone());
        let answered = Answered {
            fingerprint: self.fingerprint(),
            answer,
        };
        move |tx| Ok(store::idempotency::keep(tx, user, &key, &answered, now)?)
    }
}

impl Drop for Keyed {
    fn drop(&mut self) {
        let mut all = self.app.keys_in_flight.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&(self.user, self.key.clone()));
    }
}

/// Forgets what was answered too long ago. A fault is logged, and met again the next time.
pub async fn forget_answers(app: &Arc<App>) {
    let until = app.now().plus_seconds(-IdempotencyKey::KEPT);
    app.forget("kept answers", move |tx| store::idempotency::forget(tx, until))
        .await;
}
