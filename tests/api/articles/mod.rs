//! Articles, from the first word to the trash.

mod body;
mod body_bounds;
mod corrections;
mod create;
mod edit;
mod list;
mod lock;
mod merge_patch;
mod publish;
mod read;
mod trash;
mod validate;
