//! Working copies: what editors do with articles.

pub(super) mod check;
mod corrections;
mod create;
mod due;
mod edit;
pub(super) mod keep;
mod lock;
mod moves;
mod permanent;
mod publish;
mod read;
mod revert;
mod revisions;
mod rewrite;
mod standing;
mod translations;
mod trash;
mod validate;

pub use crate::store::job::Planned;
pub use corrections::{ArticleCorrections, change_correction, correct, corrections, remove_correction};
pub use create::create;
pub use due::{planned, run_due};
pub use edit::{Saving, edit};
pub use lock::{Locked, lock, unlock};
pub use moves::{reject, schedule, submit, unschedule};
pub use permanent::{delete, expired, purge};
pub use publish::{publish, retract, unpublish};
pub(in crate::services) use read::seen;
pub use read::{ArticleQuery, ArticleView, list, read};
pub use revert::revert;
pub use revisions::{RevisionDiff, WholeRevision, diff, revision, revisions};
pub(in crate::services) use rewrite::rewrite;
pub use translations::{translate, translations};
pub use trash::{restore, trash};
pub use validate::{Validation, validate};
