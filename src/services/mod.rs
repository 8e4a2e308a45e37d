//! Use cases, a verb a function: authorise, decide by the domain, write all that follows in one transaction, answer.

pub mod accounts;
mod app;
pub mod articles;
pub mod audit;
mod basis;
mod bodies;
mod contributors;
mod ctx;
mod dated;
pub mod delivery;
mod editions;
mod error;
pub mod invented;
pub mod media;
mod media_uses;
pub mod merge;
mod reading;
pub mod related;
mod sections;
mod slugs;
mod sources;
mod tags;
pub mod taxonomy;
mod unit;

pub use app::{App, StartError};
pub use basis::Basis;
pub use bodies::{Handling, ShownBody};
pub use ctx::Ctx;
pub use delivery::Delivery;
pub use error::{ChangedFields, Current, Error, Refusal, Use};
pub use sources::{RandomIds, SystemClock};
pub use unit::{Finish, Unit, forget_answers};
