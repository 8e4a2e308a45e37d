//! What answers look like. A view is made from what a use case gives, and is none of its types.

pub(super) mod account;
pub(super) mod api_key;
pub(super) mod article;
pub(super) mod audit;
pub(super) mod batch;
pub(super) mod body;
pub(super) mod correction;
pub(super) mod input;
pub(super) mod list;
pub(super) mod lock;
pub(super) mod media;
pub(super) mod preview;
pub(super) mod published;
pub(super) mod related;
pub(super) mod resolution;
pub(super) mod revision;
pub(super) mod schedule;
pub(super) mod search;
pub(super) mod site;
pub(super) mod taxonomy;
pub(super) mod totp;
pub(super) mod trimmed;
pub(super) mod validation;
