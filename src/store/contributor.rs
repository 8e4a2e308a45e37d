//! Contributors: the people and organisations that bylines name.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::contributors;
use super::taxon::rows;
use crate::domain::contributor::{Contributor, ContributorKind};
use crate::domain::id::{ContributorId, MediaId};
use crate::domain::text::Bio;
use crate::domain::web::WebUrl;

rows! {
    contributors of Contributor, ContributorId {
        kind: ContributorKind,
        bio: Option<Bio>,
        url: Option<WebUrl>,
        avatar_media_id: Option<MediaId>,
    }
}
