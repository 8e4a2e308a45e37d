//! What readers are shown. Everything here works on the editions side of the store; it has no way to a working copy.

mod articles;
mod resolve;
mod taxonomy;

use std::sync::Arc;

pub use articles::{ArticleQuery, PublishedArticle};
pub use resolve::Resolution;
pub use taxonomy::{PublishedSection, PublishedTag};

use crate::config::DeliveryConfig;
use crate::domain::permalink::Site;
use crate::store::PublicStore;

/// The editions side and what goes with it; cheap to clone.
#[derive(Clone)]
pub struct Delivery {
    store: PublicStore,
    site: Arc<Site>,
    config: DeliveryConfig,
}

impl Delivery {
    pub(in crate::services) fn new(store: PublicStore, site: Arc<Site>, config: DeliveryConfig) -> Self {
        Self { store, site, config }
    }

    pub fn config(&self) -> &DeliveryConfig {
        &self.config
    }

    /// The absolute address of a path of the site.
    pub fn canonical(&self, path: &str) -> String {
        self.site.canonical(path)
    }
}
