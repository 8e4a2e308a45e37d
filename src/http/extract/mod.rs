//! What handlers take in. Each refuses what is wrong with a `Problem`, and none of them waits but the body, so that the
//! order of a handler's arguments is the order of its refusals: who asks, what for, on which state, with which body.

mod body;
mod context;
mod if_match;
mod pace;
mod path;
mod prefer;
mod query;
mod upload;
mod value;

pub(crate) use body::{Body, MaybeBody, NoBody};
pub(crate) use context::{Editor, OwnSession, Reader, WithKey};
pub(crate) use if_match::IfMatch;
pub(crate) use pace::Pace;
pub(crate) use path::{FromPath, PathId};
pub(crate) use prefer::Prefer;
pub(crate) use query::{Given, MOST, Parameters, Query};
pub(crate) use upload::{FormField, receive};

pub(super) use context::{address_of, app_of, authenticate, still};
