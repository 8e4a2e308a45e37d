//! Keys of what stories have to be to be published.

use super::Key;
use crate::config::values::{self, Accepts};

pub(super) static KEYS: &[Key] = &[
    Key {
        name: "publish.block",
        env: "COPYDESK_PUBLISH_BLOCK",
        flag: None,
        doc: "What keeps an article from being published, beside an empty body, an embargo, a picture that cannot be shown, and what `media.require_credit` and `media.require_rights` say. All else that `…/validate` finds is a warning.",
        accepts: Accepts::Text(
            "`missing_byline`, `missing_alt`, `headline_too_long`, `heading_skipped` and `unresolved_link`, those that are wanted, with commas between them",
        ),
        mask: None,
        set: |c, text, _| values::findings(text).map(|block| c.publish.block = block),
        show: |c| c.publish.block.join(","),
    },
    Key {
        name: "publish.headline_characters",
        env: "COPYDESK_PUBLISH_HEADLINE_CHARACTERS",
        flag: None,
        doc: "Characters from which on a headline is `headline_too_long`.",
        accepts: Accepts::Number(10, 300),
        mask: None,
        set: |c, text, accepts| accepts.number(text).map(|n| c.publish.headline_characters = n),
        show: |c| c.publish.headline_characters.to_string(),
    },
];
