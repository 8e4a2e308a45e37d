//! Passwords that are tried (decision 0023).
//!
//! Three limits, in this order: on an address, whatever it tries; on an address and an account, with delays that double; on an
//! account, from all addresses that never logged in to it. The second lets nobody through to the third who has to wait, and over hours
//! lets fewer through than an account takes, so that one address can never use up what an account takes from others.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::rate::{Policy, Rate};
use super::table::Table;
use super::{Network, Wait};
use crate::config::LimitsConfig;

/// The first delay; each next one is twice as long, up to the longest.
const FIRST: Duration = Duration::from_mins(1);
/// Of the tries that are held against an address one is forgotten each time that it tried nothing for so long. That makes four an
/// hour, at once or one by one, and the tries that are at once: fewer than an account takes.
const LONGEST: Duration = Duration::from_mins(15);
/// What an account takes in an hour from addresses that it does not know, once as many as it takes at once are used up.
const AN_HOUR: u32 = 10;

pub struct Logins {
    addresses: Rate<Network>,
    /// Passwords that are tried at once; 0 is no limit.
    guesses: u32,
    tried: Table<(u64, Network), Mutex<Tried>>,
    accounts: Rate<u64>,
    /// From where somebody logged in well before.
    known: Table<(u64, Network), ()>,
    hasher: RandomState,
}

/// What an address has tried on an account.
#[derive(Default)]
struct Tried {
    times: u32,
    last: Option<Instant>,
    next: Option<Instant>,
}

/// A password that may be tried now.
#[must_use = "whether it was the right one decides about the next"]
pub struct Try<'a> {
    logins: &'a Logins,
    /// `None` where there are no limits.
    key: Option<(u64, Network)>,
}

impl Logins {
    pub(super) fn new(config: &LimitsConfig) -> Self {
        let at_once = config.guesses.saturating_mul(2);
        Self {
            addresses: Rate::new("logins", config.logins, 60),
            guesses: config.guesses,
            tried: Table::new(),
            accounts: Rate::with_burst("account", at_once, AN_HOUR, 3600),
            known: Table::new(),
            hasher: RandomState::new(),
        }
    }

    /// Whether anything may be tried from there.
    ///
    /// # Errors
    /// For how long nothing is tried.
    pub fn come(&self, from: Network) -> Result<(), Wait> {
        self.addresses.take(&from).map(drop)
    }

    /// Whether a password for `account` may be tried from there: the same for an account that does not exist. It counts as tried, so
    /// whoever asks has a place where it will be looked at.
    ///
    /// # Errors
    /// For how long nothing is tried.
    pub fn begin(&self, account: &str, from: Network) -> Result<Try<'_>, Wait> {
        if self.guesses == 0 {
            return Ok(Try {
                logins: self,
                key: None,
            });
        }
        // Under a key of this process, so that nobody can look for names that are counted as one.
        let account = self.hasher.hash_one(account);
        let key = (account, from);
        let entry = self.tried.entry(&key);
        let mut tried = entry.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(wait) = tried.wait(now) {
            return Err(Wait::of(self.policy(), wait));
        }
        if !self.known.has(&key) {
            self.accounts.take(&account).inspect_err(|_wait| {
                // What was not tried must not push out what was.
                if tried.times == 0 {
                    self.tried.forget(&key);
                }
            })?;
        }
        tried.count(now, self.guesses);
        Ok(Try {
            logins: self,
            key: Some(key),
        })
    }

    fn policy(&self) -> Policy {
        Policy {
            name: "account",
            most: self.guesses,
            seconds: 0,
        }
    }
}

impl Tried {
    /// What is left of the delay.
    fn wait(&mut self, now: Instant) -> Option<Duration> {
        if let Some(last) = self.last {
            let quiet = now.duration_since(last).as_secs() / LONGEST.as_secs();
            let quiet = u32::try_from(quiet).unwrap_or(u32::MAX);
            self.times = self.times.saturating_sub(quiet);
            self.last = Some(last + LONGEST.saturating_mul(quiet));
        }
        let wait = self.next?.saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    fn count(&mut self, now: Instant, at_once: u32) {
        self.times = self.times.saturating_add(1);
        self.last = Some(now);
        self.next = self.times.checked_sub(at_once).map(|beyond| {
            let delay = FIRST.saturating_mul(2_u32.saturating_pow(beyond));
            now + delay.min(LONGEST)
        });
    }

    fn take_back(&mut self) {
        self.times = self.times.saturating_sub(1);
        self.next = None;
    }
}

impl Try<'_> {
    /// Nobody looked at it, since something broke. What the account takes from all is not given back.
    pub fn not_looked_at(self) {
        if let Some(key) = self.key {
            let entry = self.logins.tried.entry(&key);
            entry.lock().unwrap_or_else(PoisonError::into_inner).take_back();
        }
    }

    /// It was the right one: what was tried before is forgotten, and the address is known.
    pub fn succeeded(self) {
        if let Some(key) = self.key {
            self.logins.tried.forget(&key);
            self.logins.known.entry(&key);
        }
    }
}

#[cfg(test)]
mod tests;
