//! Keys of how often somebody may ask.

use super::Key;
use crate::config::values::Accepts;

/// Beyond it a limit bounds nothing.
const MOST: Accepts = Accepts::Number(0, 1_000_000);

pub(super) static KEYS: &[Key] = &[
    Key {
        name: "limits.misses",
        env: "COPYDESK_LIMITS_MISSES",
        flag: None,
        doc: "Answers to readers that are not kept ready, in ten seconds and for an address; more are answered 429. 0 is no limit. \
              Those that are kept are never counted. Behind a proxy that `http.trusted_proxies` does not name all readers have one \
              address.",
        accepts: MOST,
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.limits.misses = n),
        show: |c| c.limits.misses.to_string(),
    },
    Key {
        name: "limits.searches",
        env: "COPYDESK_LIMITS_SEARCHES",
        flag: None,
        doc: "Searches of readers that are not kept ready, in a second and for an address; more are answered 429. 0 is no limit.",
        accepts: MOST,
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.limits.searches = n),
        show: |c| c.limits.searches.to_string(),
    },
    Key {
        name: "limits.writes",
        env: "COPYDESK_LIMITS_WRITES",
        flag: None,
        doc: "Changes in five seconds for a user, whatever they are sent with; more are answered 429. 0 is no limit. A batch is one.",
        accepts: MOST,
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.limits.writes = n),
        show: |c| c.limits.writes.to_string(),
    },
    Key {
        name: "limits.logins",
        env: "COPYDESK_LIMITS_LOGINS",
        flag: None,
        doc: "Logins in a minute from an address (of IPv6, from a network of 64 bits); more are answered 429. 0 is no limit.",
        accepts: MOST,
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.limits.logins = n),
        show: |c| c.limits.logins.to_string(),
    },
    Key {
        name: "limits.guesses",
        env: "COPYDESK_LIMITS_GUESSES",
        flag: None,
        doc: "Passwords that may be tried for an account from one address before each further one has to wait, from a minute to \
              fifteen; twice as many from all addresses that have not logged in to it before. 0 is no limit.",
        accepts: MOST,
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.limits.guesses = n),
        show: |c| c.limits.guesses.to_string(),
    },
];
