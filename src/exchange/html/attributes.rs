//! What is kept of attributes, and how much of it.

use std::cell::Cell;

use html5ever::Attribute;

/// The attributes that the walk reads. No other is kept: the parser makes an element anew in each paragraph that it reaches
/// into, with all that it had.
const KEPT: &[&str] = &[
    "alt",
    "aria-label",
    "cite",
    "class",
    "colspan",
    "data-article-id",
    "data-block-id",
    "data-link-id",
    "data-media-id",
    "data-provider",
    "data-size",
    "data-sourcepos",
    "data-src",
    "href",
    "rowspan",
    "src",
    "start",
    "style",
    "title",
];
/// Most bytes of a value; addresses are the longest that are of use. A longer one counts as empty.
const MAX_VALUE: usize = 4096;
/// Most event handlers of one element that are remembered, to be told of.
const MAX_HANDLERS: usize = 8;
/// Most attributes, and most bytes of kept values, in the whole tree: some ten times those of a page of a mebibyte.
const MAX_ATTRIBUTES: usize = 500_000;
const MAX_VALUES: usize = 8 * 1024 * 1024;

/// What the attributes of a tree have come to.
#[derive(Debug, Default)]
pub(super) struct Budget {
    attributes: Cell<usize>,
    values: Cell<usize>,
}

impl Budget {
    /// Those that the walk reads.
    pub(super) fn kept(&self, attributes: Vec<Attribute>) -> Vec<Attribute> {
        self.attributes.set(self.attributes.get() + attributes.len());
        let mut handlers = 0;
        let mut kept = Vec::new();
        for mut attribute in attributes {
            let name = &*attribute.name.local;
            let is_handler = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
            if !is_handler && !KEPT.contains(&name) {
                continue;
            }
            if is_handler || attribute.value.len() > MAX_VALUE {
                attribute.value.clear();
            }
            handlers += usize::from(is_handler);
            if handlers <= MAX_HANDLERS || !is_handler {
                self.values.set(self.values.get() + attribute.value.len());
                kept.push(attribute);
            }
        }
        kept
    }

    pub(super) fn is_spent(&self) -> bool {
        self.attributes.get() > MAX_ATTRIBUTES || self.values.get() > MAX_VALUES
    }
}

/// Gives an element the attributes that it lacks, as far as one element can have any.
pub(super) fn add_missing(own: &mut Vec<Attribute>, attributes: Vec<Attribute>) {
    for new in attributes {
        if own.len() < KEPT.len() + MAX_HANDLERS && own.iter().all(|old| old.name != new.name) {
            own.push(new);
        }
    }
}
