//! How many requests are worked on at once.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Those that are worked on now, of at most so many.
#[derive(Debug)]
pub struct AtWork {
    now: AtomicUsize,
    most: usize,
}

impl AtWork {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            now: AtomicUsize::new(0),
            most,
        })
    }

    /// A place, unless all are taken.
    pub fn enter(self: &Arc<Self>) -> Option<Place> {
        let free = |now: usize| (now < self.most).then_some(now + 1);
        self.now.fetch_update(Ordering::AcqRel, Ordering::Acquire, free).ok()?;
        Some(Place {
            of: Arc::clone(self),
            held: Cell::new(true),
        })
    }
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    of: Arc<AtWork>,
    held: Cell<bool>,
}

impl Place {
    /// Gives it to others while nothing is to be done but wait for the client.
    pub fn leave(&self) {
        if self.held.replace(false) {
            self.of.now.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Goes on: what was begun is not refused any more, so that there may be a few more than most at once.
    pub fn come_back(&self) {
        if !self.held.replace(true) {
            self.of.now.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_it_is_left_or_dropped() {
        let work = AtWork::new(2);
        let (first, second) = (work.enter().unwrap(), work.enter().unwrap());
        assert!(work.enter().is_none());
        first.leave();
        first.leave();
        let third = work.enter().unwrap();
        assert!(work.enter().is_none());
        first.come_back();
        drop(second);
        assert!(work.enter().is_none(), "who came back counts");
        drop((first, third));
        assert_eq!(work.now.load(Ordering::Acquire), 0);
    }
}
