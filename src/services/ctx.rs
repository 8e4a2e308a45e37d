//! What every use case of the editor surface is told.

use std::sync::Arc;

use super::{App, Unit};
use crate::config::Config;
use crate::domain::access::{Action, Actor, Subject, allow, in_scope, sees_all_articles};
use crate::domain::audit::Origin;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::services::Error;
use crate::store::{DbConn, StoreError};

/// One request: who asks, when, and with what at hand.
#[derive(Clone)]
pub struct Ctx {
    pub(in crate::services) app: Arc<App>,
    pub actor: Actor,
    pub now: Timestamp,
    /// From where.
    pub(in crate::services) origin: Origin,
    /// Where what is written is not a transaction of its own.
    unit: Option<Unit>,
    /// Where what is written counts as written then.
    dated: Option<Timestamp>,
}

impl Ctx {
    pub fn new(app: Arc<App>, actor: Actor, origin: Origin) -> Self {
        let now = app.now();
        Self {
            app,
            actor,
            now,
            origin,
            unit: None,
            dated: None,
        }
    }

    /// The same, for what counts as done at another time: stories that were published before they came here.
    #[must_use]
    pub fn dated(self, at: Timestamp) -> Self {
        Self {
            now: at,
            dated: Some(at),
            ..self
        }
    }

    /// What is written now is written at this time.
    fn told_anew(&self) -> Timestamp {
        self.dated.unwrap_or_else(|| self.app.now())
    }

    /// The same, as a part of what is done as one.
    #[must_use]
    pub fn within(self, unit: Option<Unit>) -> Self {
        Self { unit, ..self }
    }

    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    pub fn config(&self) -> &Config {
        self.app.config()
    }

    /// Whether what was sent is for this at all, whoever sent it and whatever it is about.
    pub(in crate::services) fn may_use(&self, action: Action) -> Result<(), Error> {
        in_scope(self.actor, action).map_err(Error::from)
    }

    pub(in crate::services) fn may(&self, action: Action, subject: Option<Subject>) -> Result<(), Error> {
        allow(self.actor, action, subject).map_err(Error::from)
    }

    /// Whose articles are all that the caller may know of; `None` for who sees everybody's.
    pub(in crate::services) fn own_only(&self) -> Option<UserId> {
        (!sees_all_articles(self.actor)).then_some(self.actor.id)
    }

    /// Writes as [`write`](Self::write) does, holding what `hold` holds. It may have to wait for that, and is told the time when it
    /// has it.
    pub(in crate::services) async fn write_holding<T: Send + 'static>(
        &self,
        hold: fn(&mut DbConn) -> Result<(), StoreError>,
        f: impl FnOnce(&Self, &mut DbConn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let step = move |ctx: &Self, tx: &mut DbConn| {
            hold(tx)?;
            let mut ctx = ctx.clone();
            ctx.now = ctx.told_anew();
            f(&ctx, tx)
        };
        self.write(step).await
    }

    /// Writes, in one transaction. It is told the time anew: on SQLite it may have waited for others to write.
    pub(in crate::services) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Self, &mut DbConn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut ctx = self.clone();
        let step = move |tx: &mut DbConn| {
            ctx.now = ctx.told_anew();
            f(&ctx, tx)
        };
        match &self.unit {
            Some(unit) => unit.write(step).await,
            None => self.app.store.write(step).await,
        }
    }

    /// Reads, at one moment.
    pub(in crate::services) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&Self, &mut DbConn) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let ctx = self.clone();
        let step = move |conn: &mut DbConn| f(&ctx, conn);
        match &self.unit {
            Some(unit) => unit.read(step).await,
            None => self.app.store.read(step).await,
        }
    }

    /// Does what must follow a write, once that is there for all.
    pub(in crate::services) async fn afterwards(
        &self,
        then: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) -> Result<(), Error> {
        match &self.unit {
            Some(unit) => {
                unit.afterwards(Box::pin(then));
                Ok(())
            }
            None => then.await,
        }
    }
}
