//! What readers saw at a moment, for whoever works here.

mod model;
mod moments;
mod refusals;
