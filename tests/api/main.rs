//! The product over HTTP: the real routes, in process, on a fresh database for each test.
//!
//! `support::TestApp` starts the application and gives clients, which hold every answer against the OpenAPI document.
//! `make` prepares articles, sections, contributors and tags. The suite runs on SQLite, or, with `COPYDESK_TEST_DATABASE_URL`
//! set, on that PostgreSQL server.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a test ends where something is not as it should be, and says why"
)]

mod access;
mod article_media;
mod articles;
mod as_of;
mod audit;
mod auth;
mod batch;
mod bounds;
mod cache;
#[path = "../fuzz/checks.rs"]
mod checks;
mod concurrency;
mod cors;
mod counts;
mod docker;
mod feeds;
mod forms;
mod fuzz;
mod idempotency;
mod imaging_samples;
mod layers;
mod leaks;
mod limits;
mod listing;
mod live;
mod make;
mod media;
mod merge;
mod methods;
mod open_graph;
mod openapi;
mod previews;
mod problems;
mod related;
mod resolve;
mod revisions;
mod samples;
mod sanitizer;
mod schedule;
mod schema;
mod search;
mod site;
mod sitemap;
mod storage;
mod stories;
mod support;
mod tags;
mod taxonomy;
mod transaction;
mod translations;
mod upgrade;
