//! How often somebody may ask.

/// Each 0 is no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Answers to readers that were not ready, in ten seconds and for an address.
    pub misses: u32,
    /// Searches, in a second and for an address.
    pub searches: u32,
    /// Changes by an editor, in five seconds.
    pub writes: u32,
    /// Logins that are tried, in a minute and from an address.
    pub logins: u32,
    /// Passwords that are tried at once, for an account and from an address.
    pub guesses: u32,
}

impl LimitsConfig {
    /// No limit at all.
    pub const fn off() -> Self {
        Self {
            misses: 0,
            searches: 0,
            writes: 0,
            logins: 0,
            guesses: 0,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            misses: 2000,
            searches: 20,
            writes: 100,
            logins: 30,
            guesses: 10,
        }
    }
}
