//! Keys of what readers are answered.

use std::time::Duration;

use super::Key;
use crate::config::SECONDS_A_YEAR;
use crate::config::delivery::{Entries, KEEP, keep};
use crate::config::values::Accepts;

pub(super) static KEYS: &[Key] = &[
    Key {
        name: "delivery.max_age",
        env: "COPYDESK_DELIVERY_MAX_AGE",
        flag: None,
        doc: "How long others may keep a delivered answer, in seconds (`max-age`).",
        accepts: Accepts::Number(0, SECONDS_A_YEAR),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.delivery.keeping.max_age = n),
        show: |c| c.delivery.keeping.max_age.to_string(),
    },
    Key {
        name: "delivery.stale_while_revalidate",
        env: "COPYDESK_DELIVERY_STALE_WHILE_REVALIDATE",
        flag: None,
        doc: "How long after that they may still show it while they ask again, in seconds (`stale-while-revalidate`).",
        accepts: Accepts::Number(0, SECONDS_A_YEAR),
        mask: None,
        set: |c, text, accepts| {
            accepts
                .number(text)
                .map(|n| c.delivery.keeping.stale_while_revalidate = n)
        },
        show: |c| c.delivery.keeping.stale_while_revalidate.to_string(),
    },
    Key {
        name: "delivery.keep",
        env: "COPYDESK_DELIVERY_KEEP",
        flag: None,
        doc: "What is kept for other times than those, such as `article 30 600 60, feed 300 3600`: the second of three numbers is for \
              what stands between, such as a CDN (`s-maxage`).",
        accepts: Accepts::Text(KEEP),
        mask: None,
        set: |c, text, _| keep(text).map(|own| c.delivery.own = own),
        show: |c| Entries(&c.delivery.own).to_string(),
    },
    Key {
        name: "delivery.cache_mb",
        env: "COPYDESK_DELIVERY_CACHE_MB",
        flag: None,
        doc: "Memory for answers that are kept ready, in MiB. 0 keeps none.",
        accepts: Accepts::Number(0, 65_536),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.delivery.cache_mb = n),
        show: |c| c.delivery.cache_mb.to_string(),
    },
    Key {
        name: "delivery.editions_mb",
        env: "COPYDESK_DELIVERY_EDITIONS_MB",
        flag: None,
        doc: "Memory for editions that are ready to be put into answers, in MiB. They never change, so they stay when something is published. \
              Half of it is for summaries, of some 20 KB each, the rest for bodies and for what searches look into; where \
              `media.url` is not set, a quarter of all is for the summaries of feeds and other forms. 0 keeps none.",
        accepts: Accepts::Number(0, 65_536),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.delivery.editions_mb = n),
        show: |c| c.delivery.editions_mb.to_string(),
    },
    Key {
        name: "delivery.unseen_ms",
        env: "COPYDESK_DELIVERY_UNSEEN_MS",
        flag: None,
        doc: "On PostgreSQL: how long what another process publishes may go unseen, in milliseconds. On SQLite it is seen at once.",
        accepts: Accepts::Number(0, 60_000),
        mask: None,
        set: |c, text, accepts| {
            accepts
                .number(text)
                .map(|ms| c.database.version_patience = Duration::from_millis(ms))
        },
        show: |c| c.database.version_patience.as_millis().to_string(),
    },
];
