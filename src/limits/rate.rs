//! So many in so many seconds, by the generic cell rate algorithm: all at once, then evenly.

use std::fmt::Debug;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

use super::Wait;
use super::table::Table;

/// The name of a limit, and what it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub name: &'static str,
    pub most: u32,
    /// 0 where it is no matter of a while.
    pub seconds: u32,
}

/// What is left to who was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub policy: Policy,
    pub number: u32,
}

/// A limit on each of many.
pub struct Rate<K: Hash + Eq + Clone + Debug> {
    policy: Policy,
    limiter: Option<RateLimiter<K, States<K>, Ticks, StateInformationMiddleware>>,
}

impl<K: Hash + Eq + Clone + Debug> Rate<K> {
    /// `most` in `seconds`; 0 is no limit.
    pub(super) fn new(name: &'static str, most: u32, seconds: u32) -> Self {
        Self::with_burst(name, most, most, seconds)
    }

    /// `burst` at once, then `most` in `seconds`.
    pub(super) fn with_burst(name: &'static str, burst: u32, most: u32, seconds: u32) -> Self {
        let quota = NonZeroU32::new(burst)
            .zip(NonZeroU32::new(most))
            .and_then(|(burst, most)| {
                let each = Duration::from_secs(seconds.into()) / most.get();
                Some(Quota::with_period(each)?.allow_burst(burst))
            });
        let limiter = quota.map(|quota| RateLimiter::new(quota, States(Table::new()), Ticks::start()));
        Self {
            policy: Policy { name, most, seconds },
            limiter,
        }
    }

    /// Counts one. `None` where there is no limit.
    ///
    /// # Errors
    /// That it was one too many, and was not counted.
    pub fn take(&self, key: &K) -> Result<Option<Left>, Wait> {
        let Some(limiter) = &self.limiter else {
            return Ok(None);
        };
        match limiter.check_key(key) {
            Ok(state) => Ok(Some(Left {
                policy: self.policy,
                number: state.remaining_burst_capacity(),
            })),
            Err(until) => Err(Wait::of(self.policy, until.wait_time_from(limiter.clock().now()))),
        }
    }
}

/// Bounded in number, where the crate's own stores are not.
struct States<K>(Table<K, AtomicU64>);

impl<K: Hash + Eq + Clone> StateStore for States<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let state = self.0.entry(key);
        let mut before = state.load(Ordering::Acquire);
        loop {
            let (outcome, after) = f((before > 0).then(|| Nanos::new(before)))?;
            match state.compare_exchange_weak(before, after.into(), Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Ok(outcome),
                Err(other) => before = other,
            }
        }
    }
}

/// The runtime's clock, which tests can stop.
#[derive(Debug, Clone, Copy)]
struct Ticks(Instant);

impl Ticks {
    fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn all_at_once_then_evenly_and_each_by_themselves() {
        let rate = Rate::new("tests", 5, 10);
        for left in (0..5).rev() {
            assert_eq!(rate.take(&"a").unwrap().unwrap().number, left);
        }
        assert_eq!(rate.take(&"a").unwrap_err().seconds(), 2);
        assert!(rate.take(&"b").is_ok());
        advance(Duration::from_millis(1_500)).await;
        assert_eq!(rate.take(&"a").unwrap_err().seconds(), 1);
        advance(Duration::from_millis(500)).await;
        assert!(rate.take(&"a").is_ok() && rate.take(&"a").is_err());
        advance(Duration::from_mins(1)).await;
        assert_eq!((0..10).filter(|_| rate.take(&"a").is_ok()).count(), 5);
    }

    #[test]
    fn nought_is_no_limit() {
        let rate = Rate::new("tests", 0, 10);
        assert!((0..1000).all(|_| rate.take(&"a") == Ok(None)));
    }

    #[test]
    fn of_many_at_once_no_more_are_let_through() {
        let rate = Rate::new("tests", 50, 3600);
        let through = |_| (0..100).filter(|_| rate.take(&"a").is_ok()).count();
        let all: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|number| scope.spawn(move || through(number))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(all, 50);
    }
}
