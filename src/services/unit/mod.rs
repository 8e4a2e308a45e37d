//! What one request does as one: the steps of a transaction that begins with the first write and ends with the answer.
//!
//! Most requests have no need of it: their one write is a transaction of its own. It is for requests that come with an
//! `Idempotency-Key`, whose answer is kept with what they did, and for operations that stand or fall together.

mod keyed;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{Mutex, OwnedSemaphorePermit};

use self::keyed::Keyed;
pub(in crate::services) use self::keyed::KeysInFlight;
pub use self::keyed::forget_answers;
use super::{App, Error, Refusal};
use crate::domain::id::UserId;
use crate::domain::idempotency::{IdempotencyKey, KeptAnswer};
use crate::store::{self, DbConn, Transaction};

type Afterwards = BoxFuture<'static, Result<(), Error>>;

/// Cheap to clone; the clones are one. Dropped before it is finished, nothing was done.
#[derive(Clone)]
pub struct Unit(Arc<Inner>);

struct Inner {
    app: Arc<App>,
    keyed: Option<Keyed>,
    /// Once something was written.
    begun: Mutex<Option<Transaction>>,
    /// What was answered to the same request before, once that is found.
    earlier: SyncMutex<Option<KeptAnswer>>,
    afterwards: SyncMutex<Vec<Afterwards>>,
    /// Whether the parts of the request are answered, and kept, each by itself.
    in_parts: AtomicBool,
    /// That no other of this process holds everybody up.
    turn: SyncMutex<Option<OwnedSemaphorePermit>>,
}

/// How a request with a key ends.
#[derive(Debug)]
pub enum Finish {
    /// It was done, now and for good.
    Done,
    /// It was done before, and this was answered.
    Before(KeptAnswer),
}

impl Unit {
    fn new(app: Arc<App>, keyed: Option<Keyed>) -> Self {
        Self(Arc::new(Inner {
            app,
            keyed,
            begun: Mutex::new(None),
            earlier: SyncMutex::new(None),
            afterwards: SyncMutex::new(Vec::new()),
            in_parts: AtomicBool::new(false),
            turn: SyncMutex::new(None),
        }))
    }

    /// For a request that came with a key.
    ///
    /// # Errors
    /// `KeyInFlight` while another one with this key is being answered.
    pub fn keyed(app: &Arc<App>, user: UserId, key: IdempotencyKey) -> Result<Self, Error> {
        let keyed = Keyed::new(app, user, key)?;
        Ok(Self::new(Arc::clone(app), Some(keyed)))
    }

    /// For operations that stand or fall together.
    pub fn of_operations(app: &Arc<App>) -> Self {
        Self::new(Arc::clone(app), None)
    }

    pub fn key(&self) -> Option<&IdempotencyKey> {
        self.0.keyed.as_ref().map(Keyed::key)
    }

    /// Begins before anything is written, and keeps everybody else from changing what articles name: without that, two who change
    /// several things in two orders could each wait for the other.
    ///
    /// # Errors
    /// What a first write would be answered.
    pub async fn hold_all(&self) -> Result<(), Error> {
        // Before a connection is taken: one that waits for another is missing elsewhere.
        let turn = Arc::clone(&self.0.app.batches).acquire_owned().await;
        let turn = turn.map_err(|closed| Error::Broken(closed.into()))?;
        *self.0.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(turn);
        self.write(|tx| Ok(store::hold::names(tx)?)).await
    }

    /// Has the parts of the request be answered each by itself, under keys of their own. Only what was asked is kept of the whole, before
    /// anything is done, so that its key is for nothing else.
    ///
    /// # Errors
    /// `KeyInFlight`, `KeyReused`.
    pub async fn divide(&self) -> Result<(), Error> {
        let Some(keyed) = &self.0.keyed else {
            return Ok(());
        };
        self.write(keyed.keep(None, self.0.app.now())).await?;
        self.0.in_parts.store(true, Ordering::Relaxed);
        self.commit().await
    }

    /// Takes part of what was asked into account. What differs in it is another request, whatever its key.
    pub fn asked(&self, part: &[u8]) {
        if let Some(keyed) = &self.0.keyed {
            keyed.asked(part);
        }
    }

    /// # Errors
    /// `Answered` where the request was answered before; `KeyInFlight`, `KeyReused`; and those of the step.
    pub(in crate::services) async fn write<T: Send + 'static>(
        &self,
        step: impl FnOnce(&mut DbConn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut begun = self.0.begun.lock().await;
        self.begun(&mut begun).await?.step(step).await
    }

    /// Sees what was written so far.
    pub(in crate::services) async fn read<T: Send + 'static>(
        &self,
        step: impl FnOnce(&mut DbConn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        match self.0.begun.lock().await.as_ref() {
            Some(transaction) => transaction.step(step).await,
            None => self.0.app.store.read(step).await,
        }
    }

    /// Has something done once what was written is there for all, and before the answer.
    pub(in crate::services) fn afterwards(&self, then: Afterwards) {
        let mut all = self.0.afterwards.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(then);
    }

    async fn begun<'a>(&self, begun: &'a mut Option<Transaction>) -> Result<&'a Transaction, Error> {
        let transaction = match begun.take() {
            Some(transaction) => transaction,
            None => self.begin().await?,
        };
        Ok(begun.insert(transaction))
    }

    async fn begin(&self) -> Result<Transaction, Error> {
        let transaction = self.0.app.store.begin().await?;
        let Some(keyed) = &self.0.keyed else {
            return Ok(transaction);
        };
        let earlier = match transaction.step(keyed.look(self.0.app.now())).await {
            Ok(None) => return Ok(transaction),
            Ok(Some(answer)) => {
                self.found(answer);
                Refusal::Answered.into()
            }
            Err(error) => error,
        };
        // The key is free when this is answered, and not a moment later.
        transaction.rollback().await;
        Err(earlier)
    }

    /// Lets the next one hold everybody up.
    fn rest(&self) {
        drop(self.0.turn.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn found(&self, answer: KeptAnswer) {
        *self.0.earlier.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    }

    /// Has what was done last, with the answer to it where the request has a key.
    ///
    /// # Errors
    /// `KeyInFlight`, `KeyReused`; a fault, by which nothing was done.
    pub async fn finish(&self, answer: KeptAnswer) -> Result<Finish, Error> {
        let whole = !self.0.in_parts.load(Ordering::Relaxed);
        if let Some(keyed) = self.0.keyed.as_ref().filter(|_| whole) {
            match self.write(keyed.keep(Some(answer), self.0.app.now())).await {
                Err(Error::Refused(Refusal::Answered)) => {
                    return Ok(self.earlier().map_or(Finish::Done, Finish::Before));
                }
                kept => kept?,
            }
        }
        self.commit().await?;
        Ok(Finish::Done)
    }

    /// Has what was done last.
    ///
    /// # Errors
    /// A fault, by which nothing was done.
    pub async fn commit(&self) -> Result<(), Error> {
        let mut begun = self.0.begun.lock().await;
        if let Some(transaction) = begun.take() {
            transaction.commit().await?;
        }
        self.rest();
        let afterwards = {
            let mut all = self.0.afterwards.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *all)
        };
        for then in afterwards {
            then.await?;
        }
        Ok(())
    }

    /// Undoes what was done. What was answered to the same request before, if it was: by then it may be refused what it was once
    /// granted, since it was.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn give_up(&self) -> Result<Option<KeptAnswer>, Error> {
        let begun = self.0.begun.lock().await.take();
        let was_begun = begun.is_some();
        if let Some(transaction) = begun {
            transaction.rollback().await;
        }
        self.rest();
        let Some(keyed) = self.0.keyed.as_ref().filter(|_| !was_begun) else {
            return Ok(None);
        };
        if let Some(earlier) = self.earlier() {
            return Ok(Some(earlier));
        }
        let look = keyed.find(self.0.app.now());
        let found = self.0.app.store.read(look).await?;
        Ok(found.filter(|one| keyed.is_of(one)).and_then(|one| one.answer))
    }

    fn earlier(&self) -> Option<KeptAnswer> {
        let earlier = self.0.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        earlier.clone()
    }
}
