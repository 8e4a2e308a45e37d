//! The table of keys. Everything that knows about keys reads it from here.

mod base;
mod delivery;
mod limits;
mod media;
mod outbound;
mod outlets;
mod publish;
mod storage;
mod trash;

use std::sync::LazyLock;

use super::Config;
use super::values::Accepts;

/// One thing that can be set.
pub(in crate::config) struct Key {
    /// As a file spells it, its table before the dot.
    pub(in crate::config) name: &'static str,
    /// The environment variable.
    pub(in crate::config) env: &'static str,
    /// The command line's flag, for the few keys that have one.
    pub(in crate::config) flag: Option<&'static str>,
    /// One or two sentences for the reference.
    pub(in crate::config) doc: &'static str,
    pub(in crate::config) accepts: Accepts,
    /// How a value that was refused is shown, where it may hold a secret. One that was accepted masks itself.
    pub(in crate::config) mask: Option<fn(&str) -> String>,
    /// Reads a value into the configuration, or says what is wrong with it. Must not repeat a secret.
    pub(in crate::config) set: fn(&mut Config, &str, &Accepts) -> Result<(), String>,
    /// The value in force, masked where it must be; empty when there is none.
    pub(in crate::config) show: fn(&Config) -> String,
}

/// The flag that names the file. The file cannot name itself, so this is no key.
pub(in crate::config) const CONFIG_FLAG: &str = "--config";
/// The environment variable that names the file.
pub(in crate::config) const CONFIG_ENV: &str = "COPYDESK_CONFIG";
/// The file that is read when none is named.
pub(in crate::config) const CONFIG_FILE: &str = "copydesk.toml";

/// The keys, in the order in which they are printed and documented.
pub(in crate::config) static KEYS: LazyLock<Vec<&'static Key>> = LazyLock::new(|| {
    let all = [
        base::KEYS,
        limits::KEYS,
        delivery::KEYS,
        publish::KEYS,
        media::KEYS,
        storage::KEYS,
        outbound::KEYS,
        outlets::KEYS,
        trash::KEYS,
    ];
    all.into_iter().flatten().collect()
});

/// The key a file spells `name`.
pub(in crate::config) fn by_name(name: &str) -> Option<&'static Key> {
    KEYS.iter().copied().find(|key| key.name == name)
}

/// The key the environment variable `env` sets.
pub(in crate::config) fn by_env(env: &str) -> Option<&'static Key> {
    KEYS.iter().copied().find(|key| key.env == env)
}
