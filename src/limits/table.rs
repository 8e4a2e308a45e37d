//! What is known of many, of whom the least are remembered beyond a bound: who asks often stays, who came once goes first.

use std::convert::Infallible;
use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::Cache;

/// Those who are remembered: some megabytes.
pub(super) const MOST: usize = 65_536;

pub(super) struct Table<K, V>(Cache<K, Arc<V>>);

impl<K: Hash + Eq + Clone, V: Default> Table<K, V> {
    pub(super) fn new() -> Self {
        Self(Cache::new(MOST))
    }

    pub(super) fn entry(&self, key: &K) -> Arc<V> {
        let made = self.0.get_or_insert_with(key, || Ok::<_, Infallible>(Arc::default()));
        made.unwrap_or_default()
    }

    pub(super) fn has(&self, key: &K) -> bool {
        self.0.get(key).is_some()
    }

    pub(super) fn forget(&self, key: &K) {
        self.0.remove(key);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_do_not_fill_it_and_who_is_busy_stays() {
        let table: Table<u32, u8> = Table::new();
        let busy = table.entry(&0);
        for key in 1..1_000_000 {
            table.entry(&key);
            if key % 100 == 0 {
                assert!(Arc::ptr_eq(&busy, &table.entry(&0)), "forgotten after {key}");
            }
        }
        assert!(table.len() <= MOST);
    }
}
