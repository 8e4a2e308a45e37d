//! Tags.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::tags;
use super::taxon::rows;
use crate::domain::id::TagId;
use crate::domain::tag::Tag;
use crate::domain::text::Description;

rows! {
    tags of Tag, TagId {
        description: Option<Description>,
    }
}
