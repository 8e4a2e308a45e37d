//! Answers that are kept ready, each for one version of what readers can see.

use std::sync::Arc;

use crate::cache::{self, Cache, Ready};
use crate::services::Error;
use crate::store::{PublicStore, Version};

/// What to do with a request.
pub type Turn<'a> = cache::Turn<'a, Version>;

/// The answers of this process.
pub struct Answers {
    store: PublicStore,
    /// `None` where nothing is to be kept.
    cache: Option<Cache<Version>>,
}

impl Answers {
    pub(in crate::services) fn new(store: PublicStore, megabytes: u32) -> Self {
        let bytes = u64::from(megabytes) * 1024 * 1024;
        Self {
            store,
            cache: (bytes > 0).then(|| Cache::new(bytes)),
        }
    }

    /// The answer to a request, where it is there and certain to hold without a look into the database.
    pub fn at_once(&self, key: &str) -> Option<Arc<Ready>> {
        let cache = self.cache.as_ref()?;
        cache.get(key, self.store.known_version()?)
    }

    /// The answer to a request, where it is there and the database says that it holds. For those whom nobody else serves: it asks the database
    /// one question at a time, however many give up waiting for the answer.
    pub async fn still(&self, key: &str) -> Option<Arc<Ready>> {
        let cache = self.cache.as_ref().filter(|cache| cache.has(key))?;
        cache.get(key, self.store.version_in_passing().await.ok()?)
    }

    /// The answer to a request, or the turn to make it. Waits for whoever makes it already.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn turn(&self, key: &str) -> Result<Turn<'_>, Error> {
        let Some(cache) = &self.cache else {
            return Ok(Turn::Pass);
        };
        let version = self.store.version().await?;
        Ok(cache.turn(key, version).await)
    }
}
