//! Identifiers that are counted, not drawn: in the order they are asked for, and different in each application.

use std::sync::atomic::{AtomicU64, Ordering};

use copydesk::domain::id::IdSource;
use uuid::{Builder, Uuid};

/// 2026-02-16T09:30:00Z, the moment that the UUIDs carry.
const MILLIS: u64 = 1_771_234_200_000;

static SOURCES: AtomicU64 = AtomicU64::new(1);

pub(super) struct CountingIds {
    source: u64,
    count: AtomicU64,
}

impl Default for CountingIds {
    fn default() -> Self {
        Self {
            source: SOURCES.fetch_add(1, Ordering::Relaxed),
            count: AtomicU64::new(0),
        }
    }
}

impl CountingIds {
    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

impl IdSource for CountingIds {
    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        random[..2].copy_from_slice(&(u16::try_from(self.source).unwrap_or(u16::MAX) & 0x0fff).to_be_bytes());
        random[2..].copy_from_slice(&self.next().to_be_bytes());
        Builder::from_unix_timestamp_millis(MILLIS, &random).into_uuid()
    }

    /// Digits in base 32, which is what short ids are made of. An odd factor scatters the counts and joins no two.
    fn random(&self) -> [u8; 16] {
        let count = (self.next() + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digit = (count >> (5 * (at % 8))) & 31;
            *byte = u8::try_from(digit).unwrap_or_default();
        }
        bytes
    }
}
