//! What never changes, so that whoever finds it may have it, bounded in bytes.

use std::hash::Hash;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What is kept with each besides itself, and its key.
const BESIDES: u64 = 256;
/// What one weighs that is expected: how many fit is told from it.
const USUAL: u64 = 8 * 1024;

/// What takes memory.
pub trait Weighed {
    /// Bytes, about.
    fn weight(&self) -> usize;
}

/// The last that were asked for.
pub struct Unchanging<K, V>(Cache<K, V, Weight>);

#[derive(Debug, Clone)]
struct Weight;

impl<K, V: Weighed> Weighter<K, V> for Weight {
    fn weight(&self, _: &K, value: &V) -> u64 {
        u64::try_from(value.weight()).map_or(u64::MAX / 8, |bytes| bytes.saturating_add(BESIDES))
    }
}

impl<K: Copy + Eq + Hash, V: Weighed + Clone> Unchanging<K, V> {
    /// With room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let expected = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(expected.max(1), bytes, Weight))
    }

    pub fn get(&self, key: &K) -> Option<V> {
        self.0.get(key)
    }

    /// Keeps it for as long as there is room.
    pub fn keep(&self, key: K, value: V) {
        self.0.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Bytes(usize);

    impl Weighed for Bytes {
        fn weight(&self) -> usize {
            self.0
        }
    }

    #[test]
    fn what_is_kept_stays_within_its_bytes() {
        let kept = Unchanging::new(100_000);
        for number in 0..1_000 {
            kept.keep(number, Bytes(1_000));
            assert!(kept.0.weight() <= 100_000);
        }
        let there = (0..1_000).filter(|number| kept.get(number).is_some()).count();
        assert!((40..=80).contains(&there), "{there}");
        kept.keep(1_000, Bytes(usize::MAX));
        assert!(kept.get(&1_000).is_none() && kept.0.weight() <= 100_000);
    }
}
