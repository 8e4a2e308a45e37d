//! How often somebody may ask. All of it is in the memory of one process, within bounds, and forgotten when it stops.
//!
//! Who is kept waiting is told for how long. Nothing here knows HTTP, accounts or a database: whoever asks is an address, or a number.

mod at_work;
mod logins;
mod rate;
mod table;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

pub use at_work::{AtWork, Place};
pub use logins::{Logins, Try};
pub use rate::{Left, Policy, Rate};

use crate::config::LimitsConfig;

/// The limits of a process.
pub struct Throttle {
    pub misses: Rate<Network>,
    pub searches: Rate<Network>,
    /// By user.
    pub writes: Rate<u128>,
    pub logins: Logins,
    pub at_work: Arc<AtWork>,
}

impl Throttle {
    /// With so many requests at work.
    pub fn new(config: &LimitsConfig, at_work: usize) -> Self {
        Self {
            misses: Rate::new("misses", config.misses, 10),
            searches: Rate::new("searches", config.searches, 1),
            writes: Rate::new("writes", config.writes, 5),
            logins: Logins::new(config),
            at_work: AtWork::new(at_work),
        }
    }
}

/// Who has to wait, for how long, and because of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub policy: Policy,
    seconds: u64,
}

impl Wait {
    /// Rounded up, so that who waits that long has waited long enough.
    fn of(policy: Policy, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self {
            policy,
            seconds: seconds.max(1),
        }
    }

    pub fn seconds(self) -> u64 {
        self.seconds
    }
}

/// Those who are told apart by address: of IPv4 each, of IPv6 each network of 64 bits, since whoever has one address there has all
/// of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(u64, bool);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(four) => Self(u64::from(four.to_bits()), false),
            IpAddr::V6(six) => Self(u64::try_from(six.to_bits() >> 64).unwrap_or_default(), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_one() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_ne!(network("::"), network("0.0.0.0"));
    }
}
