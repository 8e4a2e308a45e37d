//! A clock that stands still until it is moved.

use std::sync::Mutex;

use copydesk::domain::time::{Clock, Timestamp};

pub(crate) struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub(super) fn at(moment: &str) -> Self {
        Self(Mutex::new(Timestamp::parse(moment).expect("a moment")))
    }

    pub(crate) fn set(&self, moment: &str) {
        *self.0.lock().unwrap() = Timestamp::parse(moment).expect("a moment");
    }

    pub(crate) fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus_seconds(seconds);
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.now().seconds()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
