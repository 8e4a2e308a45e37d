//! Lists of live articles: what is asked for, in which order, and what it costs.

mod desk;
mod fields;
mod latest;
mod model;
mod plans;
mod ways;
