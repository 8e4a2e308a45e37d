//! Related links as editors handle them: part of the article that they stand in, and of its revision.

mod backlinks;
mod broken;
mod edit;
mod settle;
mod suggest;
mod view;

pub(super) use backlinks::referrers;
pub use backlinks::{Backlink, backlinks};
pub use broken::{BrokenLink, Checked, broken, check_pages};
pub use edit::{ArticleLinks, LinkBack, add, list, patch, read, remove, replace};
pub(super) use settle::{own_items, own_related, settled};
pub use suggest::{Suggestion, suggestions};
pub use view::LinkView;
pub(super) use view::{Targets, targets, views};
