//! Working copies: what editors do with articles.

pub(super) mod check;
mod create;
mod edit;
pub(super) mod keep;
mod permanent;
mod publish;
mod read;
mod revert;
mod revisions;
mod rewrite;
mod translations;
mod trash;

pub use create::create;
pub use edit::{Saving, edit};
pub use permanent::delete;
pub use publish::{publish, retract, unpublish};
pub(in crate::services) use read::seen;
pub use read::{ArticleQuery, ArticleView, list, read};
pub use revert::revert;
pub use revisions::{RevisionDiff, WholeRevision, diff, revision, revisions};
pub(in crate::services) use rewrite::rewrite;
pub use translations::{translate, translations};
pub use trash::{restore, trash};
