//! Contributors: the people and organisations that bylines name.

use super::change::patch;
use super::id::{ContributorId, UserId};
use super::invalid::words;
use super::slug::Slug;
use super::text::{Bio, Name};
use super::time::Timestamp;
use super::web::WebUrl;

words! {
    /// A person, or an organisation such as an agency.
    ContributorKind {
        Person = "person",
        Organisation = "organisation",
    }
}

/// A contributor as editors see them.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributor {
    pub id: ContributorId,
    pub slug: Slug,
    pub name: Name,
    pub kind: ContributorKind,
    pub bio: Option<Bio>,
    pub url: Option<WebUrl>,
    pub revision: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Option<UserId>,
}

patch! {
    /// What to change of a contributor.
    pub struct ContributorPatch {
        name: Name,
        /// Made from the name when absent on creation.
        slug: Slug,
        /// `person` unless given on creation.
        kind: ContributorKind,
        bio: Option<Bio>,
        url: Option<WebUrl>,
    }
}
