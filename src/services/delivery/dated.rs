//! Since when pages are made as they are made now.

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use super::{Delivery, Places};
use crate::domain::text::hex;
use crate::domain::time::Timestamp;

/// The moment, once it is known.
#[derive(Debug, Default)]
pub(super) struct Dated(OnceLock<Timestamp>);

impl Dated {
    /// Since when a page looks as it does whose edition is live since then.
    pub(super) fn since(&self, live_from: Timestamp) -> Timestamp {
        self.0.get().map_or(live_from, |made| live_from.max(*made))
    }
}

impl Delivery {
    /// What tells pages that are made here from those of another configuration or version.
    pub(in crate::services) fn mark(&self) -> String {
        let Places { site, media, .. } = &*self.places;
        let all = format!("{} {site:?} {media:?}", env!("CARGO_PKG_VERSION"));
        let digest = Sha256::digest(all);
        hex(digest.get(..16).unwrap_or(&digest))
    }

    /// Dates all pages as of this moment at the earliest.
    pub(in crate::services) fn date_pages(&self, since: Timestamp) {
        for places in [&self.places, &self.absolute] {
            places.dated.0.get_or_init(|| since);
        }
    }
}
