//! Pictures that were decoded a moment ago: a page asks for a picture in several sizes at once, and decoding costs more
//! than any of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::MediaConfig;
use crate::imaging::Picture;

/// How long one is kept after it was last wanted.
const KEPT: Duration = Duration::from_secs(10);
/// How much they may take together at most, in bytes.
const MOST: u64 = 48 * 1024 * 1024;

/// Pictures by the hash of their file, the last wanted at the end. Cheap to clone.
#[derive(Clone, Default)]
pub(in crate::services) struct Pictures {
    kept: Arc<Mutex<Vec<Kept>>>,
    /// Whether something sees to it that they are let go.
    watched: Arc<AtomicBool>,
    /// The width down to which they are reduced: that of the largest rendition.
    width: u32,
    /// How much they may take together, in bytes.
    most: u64,
}

struct Kept {
    sha256: String,
    picture: Arc<Picture>,
    wanted: Instant,
}

impl Pictures {
    pub(in crate::services) fn new(config: &MediaConfig) -> Self {
        Self {
            kept: Arc::default(),
            watched: Arc::default(),
            width: config.widths.iter().copied().max().unwrap_or(u32::MAX),
            most: Self::most(config),
        }
    }

    /// What they take of the memory for pictures, in bytes.
    pub(super) fn most(config: &MediaConfig) -> u64 {
        MOST.min(config.memory_bytes / 8)
    }

    pub(super) fn get(&self, sha256: &str) -> Option<Arc<Picture>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|one| one.sha256 == sha256)?;
        let mut found = kept.remove(at);
        found.wanted = Instant::now();
        let picture = Arc::clone(&found.picture);
        kept.push(found);
        Some(picture)
    }

    /// Keeps a picture for a moment, no larger than renditions need it, if there is room for it. Called on a thread of the pool: reducing costs.
    pub(super) fn put(&self, sha256: &str, picture: &Picture) -> Arc<Picture> {
        let picture = Arc::new(picture.reduced(self.width));
        if picture.bytes() > self.most {
            return picture;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.sha256 != sha256);
        kept.push(Kept {
            sha256: sha256.to_owned(),
            picture: Arc::clone(&picture),
            wanted: Instant::now(),
        });
        let mut all: u64 = kept.iter().map(|one| one.picture.bytes()).sum();
        while all > self.most && kept.len() > 1 {
            all -= kept.remove(0).picture.bytes();
        }
        picture
    }

    /// Has what nobody wants for a while let go.
    pub(super) fn watch(&self) {
        if self.watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let own = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(KEPT).await;
                let mut kept = own.kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.retain(|one| one.wanted.elapsed() < KEPT);
                if kept.is_empty() {
                    own.watched.store(false, Ordering::Release);
                    return;
                }
            }
        });
    }
}
