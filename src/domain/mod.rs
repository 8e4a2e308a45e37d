//! What a newsroom knows: values, rules and decisions, without I/O, clock or randomness (both are handed in).
//!
//! Values are parsed once, at the edge; inside, the type is the proof. A type that travels over HTTP says here how
//! it is read (`deserr`, which reports every flaw of a body), written (`serde`) and described (`utoipa`), so that
//! the three cannot drift apart.

pub mod access;
pub mod account;
pub mod api_key;
pub mod article;
pub mod audit;
pub mod body;
pub mod byline;
pub mod change;
pub mod contributor;
pub mod correction;
pub mod diff;
pub mod edition;
pub mod form;
pub mod id;
pub mod idempotency;
pub mod invalid;
pub mod lint;
pub mod locale;
pub mod lock;
pub mod media;
pub mod open_graph;
pub mod page;
pub mod permalink;
pub mod preview;
pub mod printed;
pub mod provenance;
pub mod related;
pub mod revision;
pub mod schedule;
pub mod scope;
pub mod search;
pub mod section;
mod segment;
pub mod session;
pub mod shelf;
pub mod sitemap;
pub mod slug;
pub mod tag;
pub mod taxon;
pub mod terms;
pub mod text;
pub mod time;
pub mod web;
pub mod workflow;
