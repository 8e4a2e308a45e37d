//! What never changes, so that whoever finds it may have it, bounded in bytes. What does change is asked about by whoever keeps it here.

use std::hash::Hash;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{bytes, in_parts};

/// What is kept with each besides itself, and its key.
const BESIDES: u64 = 256;
/// What one weighs that is expected: how many fit is told from it.
const USUAL: u64 = 8 * 1024;
/// Each part has a lock and room of its own. What is larger than a part is not kept.
const PART: u64 = 4 * 1024 * 1024;

/// What takes memory.
pub trait Weighed {
    /// Bytes, about.
    fn weight(&self) -> usize;
}

/// The last that were asked for.
pub struct Unchanging<K, V>(Cache<K, Kept<V>, Weight>);

/// With what it weighs: it is asked for that again and again, with the lock held.
#[derive(Clone)]
struct Kept<V> {
    value: V,
    weight: u64,
}

#[derive(Debug, Clone)]
struct Weight;

impl<K, V> Weighter<K, Kept<V>> for Weight {
    fn weight(&self, _: &K, kept: &Kept<V>) -> u64 {
        kept.weight
    }
}

impl<K: Copy + Eq + Hash, V: Weighed + Clone> Unchanging<K, V> {
    /// With room for so many bytes.
    pub fn new(room: u64) -> Self {
        Self(in_parts(room, PART, USUAL, Weight))
    }

    pub fn get(&self, key: &K) -> Option<V> {
        self.0.get(key).map(|kept| kept.value)
    }

    /// Keeps it for as long as there is room.
    pub fn keep(&self, key: K, value: V) {
        let weight = bytes(value.weight()).saturating_add(BESIDES);
        self.0.insert(key, Kept { value, weight });
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

    /// However many cores there are.
    #[test]
    fn a_heavy_one_is_kept_where_there_is_room_for_several() {
        let kept = Unchanging::new(8 * 1024 * 1024);
        for number in 0..4 {
            kept.keep(number, Bytes(1024 * 1024));
            assert!(kept.get(&number).is_some(), "{number}");
        }
    }
}
