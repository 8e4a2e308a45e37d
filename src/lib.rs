//! Copydesk: a headless CMS for newsrooms.
//!
//! Layers point down only; `tests/api/layers.rs` reads the source and holds it.
//!
//! - `cli`: the commands
//! - `http`: routes, problems, the OpenAPI document
//! - `services`: use cases: authorise, decide, one transaction, one answer
//! - `store`: the database, SQLite or PostgreSQL
//! - `exchange`: formats of bodies: HTML, Markdown; pure
//! - `domain`: what a newsroom knows; no I/O
//! - `config`, `telemetry`: leaves

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod http;
pub mod services;
pub mod store;
pub mod telemetry;
