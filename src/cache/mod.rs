//! Answers that are kept ready, bounded in bytes, each good for one version of what readers can see. Whoever asks first for what is not
//! there makes it; the others wait for that.

mod coding;
mod ready;
mod unchanging;

use std::sync::Arc;

use quick_cache::sync::{DefaultLifecycle, EntryAction, EntryResult, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

pub use coding::Coding;
pub use ready::{Form, Head, Ready};
pub use unchanging::{Unchanging, Weighed};

/// What an answer of a few kilobytes weighs: how many are expected to fit is told from it.
const USUAL: u64 = 16 * 1024;
/// What is kept with each answer besides its bytes and the names in its head.
const BESIDES: u64 = 2 * 1024;
/// Each part of the cache has a lock and room of its own. An answer must fit into one.
const PART: u64 = 32 * 1024 * 1024;
const PARTS: u64 = 16;

/// The answers, each with the version (`V`) that it is good for.
pub struct Cache<V> {
    kept: quick_cache::sync::Cache<String, Kept<V>, Weight>,
    /// What one answer may weigh.
    heaviest: u64,
}

/// What is known of a request.
#[derive(Debug, Clone)]
struct Kept<V> {
    version: V,
    /// `None` where its answer is not one to keep, so that nobody waits for others who ask the same.
    ready: Option<Arc<Ready>>,
}

impl<V: Copy + Ord> Kept<V> {
    /// Whether it is good for who saw this version.
    fn holds(&self, version: V) -> bool {
        self.version >= version
    }
}

#[derive(Debug, Clone)]
struct Weight;

impl<V> Weighter<String, Kept<V>> for Weight {
    fn weight(&self, key: &String, kept: &Kept<V>) -> u64 {
        bytes(key.len()) + kept.ready.as_ref().map_or(BESIDES, |ready| weight(ready))
    }
}

/// The bytes of an answer, and what their compressed forms can come to.
fn weight(ready: &Ready) -> u64 {
    bytes(ready.length()) * 2 + BESIDES
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX / 8)
}

/// What to do with a request.
pub enum Turn<'a, V> {
    Answer(Arc<Ready>),
    /// Its answer is none to keep.
    Pass,
    /// It is for this request to make the answer; others wait until the maker is used or dropped.
    Make(Maker<'a, V>),
}

type Guard<'a, V> =
    PlaceholderGuard<'a, String, Kept<V>, Weight, DefaultHashBuilder, DefaultLifecycle<String, Kept<V>>>;

/// Keeps what a request is answered.
pub struct Maker<'a, V> {
    guard: Guard<'a, V>,
    version: V,
    before: Option<Arc<Ready>>,
    heaviest: u64,
}

impl<V: Clone> Maker<'_, V> {
    /// Keeps an answer. One that is the same as that of the version before takes its place with all that was made of it.
    pub fn keep(self, ready: Arc<Ready>) -> Arc<Ready> {
        if weight(&ready) > self.heaviest {
            // Nobody is to wait for what cannot be kept.
            self.pass();
            return ready;
        }
        let ready = match self.before {
            Some(before) if before.says_the_same(&ready) => before,
            _ => ready,
        };
        let kept = Kept {
            version: self.version,
            ready: Some(Arc::clone(&ready)),
        };
        // What was pushed out meanwhile is made again when it is asked for.
        let _ = self.guard.insert(kept);
        ready
    }

    /// Remembers that there is nothing to keep.
    pub fn pass(self) {
        let kept = Kept {
            version: self.version,
            ready: None,
        };
        let _ = self.guard.insert(kept);
    }
}

/// How many parts of this size there are.
fn parts(room: u64, part: u64) -> u64 {
    (room / part).clamp(1, PARTS).next_power_of_two()
}

/// Room for so many bytes in parts of about this size, where one usually weighs so many.
fn in_parts<K, T, W>(room: u64, part: u64, usual: u64, weight: W) -> quick_cache::sync::Cache<K, T, W>
where
    K: Eq + std::hash::Hash,
    T: Clone,
    W: Weighter<K, T> + Clone,
{
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let options = OptionsBuilder::new()
        .shards(count(parts(room, part)))
        .estimated_items_capacity(count((room / usual).max(32)))
        .weight_capacity(room)
        .build();
    match options {
        Ok(options) => quick_cache::sync::Cache::with_options(
            options,
            weight,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        ),
        // Never: all that it needs is given.
        Err(_) => quick_cache::sync::Cache::with_weighter(1, room, weight),
    }
}

impl<V: Copy + Ord> Cache<V> {
    /// With room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let kept = in_parts(bytes, PART, USUAL, Weight);
        let parts = parts(bytes, PART);
        Self {
            kept,
            // A half, so that no answer pushes out all others.
            heaviest: bytes / parts / 2,
        }
    }

    /// Whether there is an answer, good or not.
    pub fn has(&self, key: &str) -> bool {
        self.kept.get(key).is_some_and(|kept| kept.ready.is_some())
    }

    /// The answer, where it is there.
    pub fn get(&self, key: &str, version: V) -> Option<Arc<Ready>> {
        let kept = self.kept.get(key).filter(|kept| kept.holds(version))?;
        kept.ready
    }

    /// The answer, or the turn to make it; waits for whoever makes it.
    pub async fn turn(&self, key: &str, version: V) -> Turn<'_, V> {
        loop {
            let found = self.kept.entry_async(key, |_, kept| {
                if kept.holds(version) {
                    EntryAction::Retain(kept.ready.clone())
                } else {
                    EntryAction::ReplaceWithGuard
                }
            });
            let (guard, before) = match found.await {
                EntryResult::Retained(Some(ready)) => return Turn::Answer(ready),
                EntryResult::Retained(None) => return Turn::Pass,
                EntryResult::Replaced(guard, before) => (guard, before.ready),
                EntryResult::Vacant(guard) => (guard, None),
                // Neither happens: nothing is removed here, and there is no time limit.
                EntryResult::Removed(..) | EntryResult::Timeout => continue,
            };
            return Turn::Make(Maker {
                guard,
                version,
                before,
                heaviest: self.heaviest,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(text: &'static str) -> Arc<Ready> {
        Arc::new(Ready::new(text.as_bytes().into(), format!("\"{text}\""), Head::new()))
    }

    async fn made<'a>(cache: &'a Cache<i64>, key: &str, version: i64) -> Maker<'a, i64> {
        match cache.turn(key, version).await {
            Turn::Make(maker) => maker,
            Turn::Answer(_) | Turn::Pass => panic!("{key} is there"),
        }
    }

    #[tokio::test]
    async fn an_answer_is_good_for_its_version_and_those_before() {
        let cache = Cache::new(1 << 20);
        made(&cache, "a", 3).await.keep(ready("one"));
        assert!(cache.get("a", 3).is_some() && cache.get("a", 2).is_some());
        assert!(cache.get("a", 4).is_none() && cache.get("b", 3).is_none());
        let again = made(&cache, "a", 4).await.keep(ready("two"));
        assert_eq!(cache.get("a", 4).map(|kept| kept.etag(None)), Some(again.etag(None)));
    }

    #[tokio::test]
    async fn what_did_not_change_stays_what_it_is_with_all_that_was_made_of_it() {
        let cache = Cache::new(1 << 20);
        let first = made(&cache, "a", 1).await.keep(ready("one"));
        let second = made(&cache, "a", 2).await.keep(ready("one"));
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[tokio::test]
    async fn others_wait_for_who_makes_it_and_the_next_does_where_that_one_gives_up() {
        let cache = Cache::new(1 << 20);
        let maker = made(&cache, "a", 1).await;
        let (answered, ()) = tokio::join!(cache.turn("a", 1), async {
            maker.keep(ready("one"));
        });
        assert!(matches!(answered, Turn::Answer(_)));
        let maker = made(&cache, "b", 1).await;
        let (turn, ()) = tokio::join!(cache.turn("b", 1), async { drop(maker) });
        let Turn::Make(maker) = turn else {
            panic!("nobody makes it")
        };
        maker.pass();
        assert!(matches!(cache.turn("b", 1).await, Turn::Pass));
    }

    #[tokio::test]
    async fn who_saw_a_newer_version_is_not_answered_what_an_older_one_makes() {
        let cache = Cache::new(1 << 20);
        let old = made(&cache, "a", 1).await;
        let (turn, ()) = tokio::join!(cache.turn("a", 2), async {
            old.keep(ready("one"));
        });
        assert!(matches!(turn, Turn::Make(_)));
    }

    #[tokio::test]
    async fn what_is_too_heavy_to_keep_makes_nobody_wait() {
        let cache = Cache::new(100_000);
        made(&cache, "a", 1)
            .await
            .keep(ready(Box::leak("x".repeat(30_000).into_boxed_str())));
        let (one, other) = (cache.turn("a", 1).await, cache.turn("a", 1).await);
        assert!(matches!((one, other), (Turn::Pass, Turn::Pass)));
        made(&cache, "b", 1)
            .await
            .keep(ready(Box::leak("x".repeat(20_000).into_boxed_str())));
        assert!(cache.get("b", 1).is_some());
    }

    #[tokio::test]
    async fn all_together_stay_within_the_bytes_that_they_have() {
        let cache = Cache::new(100_000);
        for number in 0..100 {
            let text: &'static str = Box::leak("x".repeat(5_000).into_boxed_str());
            made(&cache, &format!("key {number}"), 1).await.keep(ready(text));
            assert!(cache.kept.weight() <= 100_000);
        }
        assert!(cache.kept.len() > 2);
    }
}
