//! Articles, from the first word to the trash.

mod create;
mod edit;
mod list;
mod publish;
mod read;
mod trash;
