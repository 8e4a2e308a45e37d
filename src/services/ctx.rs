//! What every use case of the editor surface is told.

use std::sync::Arc;

use super::App;
use crate::config::Config;
use crate::domain::access::{Action, Actor, Subject, allow, sees_all_articles};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::services::Error;

/// One request: who asks, when, and with what at hand.
#[derive(Clone)]
pub struct Ctx {
    pub(in crate::services) app: Arc<App>,
    pub actor: Actor,
    pub now: Timestamp,
}

impl Ctx {
    pub fn new(app: Arc<App>, actor: Actor) -> Self {
        let now = app.now();
        Self { app, actor, now }
    }

    pub fn config(&self) -> &Config {
        self.app.config()
    }

    pub(in crate::services) fn may(&self, action: Action, subject: Option<Subject>) -> Result<(), Error> {
        allow(self.actor, action, subject).map_err(Error::from)
    }

    /// Whose articles are all that the caller may know of; `None` for who sees everybody's.
    pub(in crate::services) fn own_only(&self) -> Option<UserId> {
        (!sees_all_articles(self.actor)).then_some(self.actor.id)
    }
}
