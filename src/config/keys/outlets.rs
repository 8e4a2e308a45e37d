//! Keys of what search engines are told.

use super::Key;
use crate::config::values::{self, Accepts};

pub(super) static KEYS: &[Key] = &[
    Key {
        name: "outlets.index",
        env: "COPYDESK_OUTLETS_INDEX",
        flag: None,
        doc: "Whether search engines may read the site. `false` has `/robots.txt` forbid all of it, as a site that is tried out wants.",
        accepts: Accepts::Word(values::YES_NO),
        mask: None,
        set: |c, text, _| values::yes_no(text).map(|index| c.outlets.index = index),
        show: |c| c.outlets.index.to_string(),
    },
    Key {
        name: "outlets.disallow",
        env: "COPYDESK_OUTLETS_DISALLOW",
        flag: None,
        doc: "Paths of the site that search engines may not read, each with all that begins with it (`Disallow` of `/robots.txt`).",
        accepts: Accepts::Text(
            "up to 100 paths that begin with `/`, with commas between them; `*` and a `$` at the end as RFC 9309 has them",
        ),
        mask: None,
        set: |c, text, _| values::robot_paths(text).map(|paths| c.outlets.disallow = paths),
        show: |c| c.outlets.disallow.join(","),
    },
    Key {
        name: "outlets.sitemap_addresses",
        env: "COPYDESK_OUTLETS_SITEMAP_ADDRESSES",
        flag: None,
        doc: "Most addresses of a file of the sitemap; a month with more has more files.",
        accepts: Accepts::Number(1000, 50_000),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.outlets.sitemap_addresses = n),
        show: |c| c.outlets.sitemap_addresses.to_string(),
    },
];
