//! Keys of the trash.

use super::Key;
use crate::config::values::Accepts;

pub(super) static KEYS: &[Key] = &[Key {
    name: "trash.keep_days",
    env: "COPYDESK_TRASH_KEEP_DAYS",
    flag: None,
    doc: "Days that articles stay in the trash; then they are deleted for good. 0 keeps them for ever.",
    accepts: Accepts::Number(0, 36_500),
    mask: None,
    set: |c, text, accepts| accepts.number(text).map(|n| c.trash.keep_days = n),
    show: |c| c.trash.keep_days.to_string(),
}];
