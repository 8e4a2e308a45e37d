//! Contributors: the people and organisations that bylines name.

use deserr::Deserr;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{AuditedKind, differing};
use super::change::patch;
use super::id::{ContributorId, MediaId};
use super::invalid::{Invalids, words};
use super::slug::Slug;
use super::taxon::{Stamp, Taxon, taxon_fields};
use super::text::{Bio, Name};
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
    pub avatar_media_id: Option<MediaId>,
    pub stamp: Stamp,
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
        /// A picture of them, or their mark.
        avatar_media_id: Option<MediaId>,
    }
}

/// What to merge a contributor into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct ContributorMerge {
    /// The contributor that stays.
    pub into: ContributorId,
}

impl Taxon for Contributor {
    taxon_fields!(ContributorId, ContributorPatch);
    const NOUN: &'static str = "contributor";
    const AUDITED: AuditedKind = AuditedKind::Contributor;

    fn new(id: Uuid, name: Name, slug: Slug, stamp: Stamp) -> Self {
        Self {
            id: ContributorId(id),
            slug,
            name,
            kind: ContributorKind::Person,
            bio: None,
            url: None,
            avatar_media_id: None,
            stamp,
        }
    }

    fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        differing!(Contributor, self, before; slug, name, kind, bio, url, avatar_media_id; but id, stamp)
    }

    fn apply(&mut self, patch: ContributorPatch) {
        patch.name.apply(&mut self.name);
        patch.slug.apply(&mut self.slug);
        patch.kind.apply(&mut self.kind);
        patch.bio.apply(&mut self.bio);
        patch.url.apply(&mut self.url);
        patch.avatar_media_id.apply(&mut self.avatar_media_id);
    }
}
