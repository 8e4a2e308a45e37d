//! The only way to addresses that people typed: links to check, later webhooks. No connection is made to an address that
//! was not judged before, so that nobody can use the server to reach what only the server can reach.

mod client;
mod error;
mod guard;
mod polite;
mod resolve;

pub use client::{Answer, Client, Limits};
pub use error::{BadAgent, ProbeError};
pub use guard::is_public;
pub use polite::probe_all;
