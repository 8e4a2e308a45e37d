//! What is asked of the server, and of the model.

use super::state::To;

/// A link of a new list, as it is sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) to: Option<To>,
    pub(super) kind: Option<&'static str>,
    pub(super) placement: Option<&'static str>,
    /// One without a letter takes away the one that is there.
    pub(super) label: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) enum Place {
    Start,
    End,
    Before(String),
    After(String),
}

/// A block, as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) id: String,
    pub(super) holds: Said,
}

#[derive(Debug, Clone)]
pub(super) enum Said {
    Text,
    One { link: Option<String>, to: Option<To> },
    Many(Vec<String>),
    Box(Vec<Given>),
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Create {
        headline: String,
        links: Vec<Item>,
    },
    Add {
        link: Item,
        at: Option<Place>,
        after: Option<String>,
        reciprocal: bool,
    },
    Replace {
        items: Vec<Item>,
        by_patch: bool,
    },
    Alter {
        link: String,
        change: Item,
        at: Option<Place>,
        after: Option<String>,
    },
    Remove {
        link: String,
    },
    Body(Vec<Given>),
    Whole {
        items: Vec<Item>,
        body: Vec<Given>,
    },
    Publish,
    Unpublish,
    Retract,
    Trash,
    Restore,
    Headline(String),
    Slug(String),
    Destroy,
}

/// A request about a story, based on its revision or on a stale one.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) story: usize,
    pub(super) is_stale: bool,
    pub(super) what: What,
}
