//! Copydesk: a headless CMS for newsrooms.
//!
//! Layers point down only; `tests/api/layers.rs` reads the source and holds it.
//!
//! - `cli`: the commands
//! - `http`: routes, problems, the OpenAPI document
//! - `worker`: what happens without anybody asking, at its time
//! - `services`: use cases: authorise, decide, one transaction, one answer
//! - `store`: the database, SQLite or PostgreSQL
//! - `storage`: the bytes of media, in a folder or an S3-compatible store
//! - `imaging`: what pictures are and say, and renditions of them; pure
//! - `exchange`: formats of bodies: HTML, Markdown; pure
//! - `feeds`: what is new, as RSS, Atom and JSON Feed; pure
//! - `cache`: answers that are kept ready
//! - `limits`: how often somebody may ask
//! - `outbound`: the only way to addresses that people typed
//! - `domain`: what a newsroom knows; no I/O
//! - `config`, `telemetry`: leaves

pub mod cache;
pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod feeds;
pub mod http;
pub mod imaging;
pub mod limits;
pub mod outbound;
pub mod services;
pub mod storage;
pub mod store;
pub mod telemetry;
pub mod worker;
