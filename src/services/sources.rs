//! The real clock and the real randomness, handed to whoever asks for one.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::domain::id::IdSource;
use crate::domain::time::{Clock, Timestamp};

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::new(time::OffsetDateTime::now_utc())
    }
}

/// Identifiers from the system's random numbers.
#[derive(Debug, Default)]
pub struct RandomIds {
    fallback: AtomicU64,
}

impl IdSource for RandomIds {
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // No randomness from the system: a UUID's own, with a counter so that two never agree.
            let count = self.fallback.fetch_add(1, Ordering::Relaxed);
            return (Uuid::now_v7().as_u128() ^ u128::from(count)).to_le_bytes();
        }
        bytes
    }
}
