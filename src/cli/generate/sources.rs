//! A clock that is set and identifiers that follow from a seed, so that the same newsroom is made again.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg64;
use uuid::{Builder, Uuid};

use crate::domain::id::IdSource;
use crate::domain::time::{Clock, Timestamp};

/// Stands still until it is set.
pub(super) struct SetClock(AtomicI64);

impl SetClock {
    pub(super) fn at(millis: i64) -> Self {
        Self(AtomicI64::new(millis))
    }

    /// Milliseconds since 1970.
    pub(super) fn set(&self, millis: i64) {
        self.0.store(millis, Ordering::Relaxed);
    }

    fn millis(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        let moment = Timestamp::from_micros(self.millis().saturating_mul(1000));
        moment.unwrap_or_else(|| Timestamp::new(time::OffsetDateTime::UNIX_EPOCH))
    }
}

/// Identifiers of the clock's time, in the order in which they were asked for.
pub(super) struct SeededIds {
    clock: Arc<SetClock>,
    state: Mutex<State>,
}

struct State {
    random: Pcg64,
    millis: u64,
    /// Of the identifiers of one millisecond.
    number: u16,
}

impl SeededIds {
    pub(super) fn new(seed: u64, clock: Arc<SetClock>) -> Self {
        let state = State {
            random: Pcg64::seed_from_u64(seed),
            millis: 0,
            number: 0,
        };
        Self {
            clock,
            state: Mutex::new(state),
        }
    }
}

impl IdSource for SeededIds {
    fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.clock.millis()).unwrap_or_default();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.number = if state.millis == millis { state.number + 1 } else { 0 };
        state.millis = millis;
        let mut rest = [0; 10];
        state.random.fill_bytes(&mut rest);
        // Version 7 has twelve bits before the variant, which keep the order within a millisecond.
        let [high, low] = (state.number & 0x0fff).to_be_bytes();
        let [first, second, ..] = &mut rest;
        (*first, *second) = (high, low);
        Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.random.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_the_same_again_and_in_order() {
        let made = |seed| {
            let clock = Arc::new(SetClock::at(1_500_000_000_000));
            let ids = SeededIds::new(seed, Arc::clone(&clock));
            let mut all: Vec<Uuid> = (0..300).map(|_| ids.uuid()).collect();
            clock.set(1_500_000_000_001);
            all.push(ids.uuid());
            all
        };
        let ids = made(1);
        assert!(ids.windows(2).all(|two| two[0] < two[1]) && ids.iter().all(|id| id.get_version_num() == 7));
        assert_eq!(ids, made(1));
        assert_ne!(ids, made(2));
    }
}
