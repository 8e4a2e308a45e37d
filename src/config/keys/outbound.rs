//! Keys of requests to addresses that people typed.

use super::Key;
use crate::config::values::{self, Accepts};

pub(super) static KEYS: &[Key] = &[Key {
    name: "outbound.allow_private",
    env: "COPYDESK_OUTBOUND_ALLOW_PRIVATE",
    flag: None,
    doc: "Whether `copydesk links check` may ask addresses of networks that are not public, such as an intranet's. Anybody \
        who writes links can then have the server reach them.",
    accepts: Accepts::Word(values::YES_NO),
    mask: None,
    set: |c, text, _| values::yes_no(text).map(|yes| c.outbound.allow_private = yes),
    show: |c| c.outbound.allow_private.to_string(),
}];
