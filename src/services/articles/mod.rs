//! Working copies: what editors do with articles.

pub(super) mod check;
mod create;
mod edit;
mod permanent;
mod publish;
mod read;
mod rewrite;
mod translations;
mod trash;

pub use check::Basis;
pub use create::create;
pub use edit::edit;
pub use permanent::delete;
pub use publish::{publish, retract, unpublish};
pub(in crate::services) use read::seen;
pub use read::{ArticleQuery, ArticleView, list, read};
pub(in crate::services) use rewrite::rewrite;
pub use translations::{translate, translations};
pub use trash::{restore, trash};
