//! Sections and contributors, as readers and as editors see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contributor::{Contributor, ContributorKind};
use crate::domain::edition::{SectionCard, SectionStep};
use crate::domain::id::{ContributorId, SectionId, UserId};
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::text::{Bio, Description, Name};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;

/// A section, with the way to it from the top of the tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Section)]
pub(crate) struct SectionView {
    id: SectionId,
    slug: Slug,
    name: Name,
    description: Option<Description>,
    parent_id: Option<SectionId>,
    /// The order among siblings; equals are ordered by name.
    position: i32,
    /// The sections above, outermost first.
    ancestors: Vec<SectionStep>,
}

impl From<(Section, SectionCard)> for SectionView {
    fn from((section, card): (Section, SectionCard)) -> Self {
        Self {
            id: section.id,
            slug: section.slug,
            name: section.name,
            description: section.description,
            parent_id: section.parent_id,
            position: section.position,
            ancestors: card.ancestors,
        }
    }
}

/// A person or an organisation that bylines name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contributor)]
pub(crate) struct ContributorView {
    id: ContributorId,
    slug: Slug,
    name: Name,
    kind: ContributorKind,
    bio: Option<Bio>,
    url: Option<WebUrl>,
}

impl From<Contributor> for ContributorView {
    fn from(one: Contributor) -> Self {
        Self {
            id: one.id,
            slug: one.slug,
            name: one.name,
            kind: one.kind,
            bio: one.bio,
            url: one.url,
        }
    }
}

/// A section as editors see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditorSection {
    pub(crate) id: SectionId,
    slug: Slug,
    name: Name,
    description: Option<Description>,
    parent_id: Option<SectionId>,
    /// The order among siblings; equals are ordered by name.
    position: i32,
    /// Moves with each write; the ETag of the section.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
    updated_by: Option<UserId>,
}

impl From<Section> for EditorSection {
    fn from(section: Section) -> Self {
        Self {
            id: section.id,
            slug: section.slug,
            name: section.name,
            description: section.description,
            parent_id: section.parent_id,
            position: section.position,
            revision: section.revision,
            created_at: section.created_at,
            updated_at: section.updated_at,
            updated_by: section.updated_by,
        }
    }
}

/// A contributor as editors see them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditorContributor {
    pub(crate) id: ContributorId,
    slug: Slug,
    name: Name,
    kind: ContributorKind,
    bio: Option<Bio>,
    url: Option<WebUrl>,
    /// Moves with each write; the ETag of the contributor.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
    updated_by: Option<UserId>,
}

impl From<Contributor> for EditorContributor {
    fn from(one: Contributor) -> Self {
        Self {
            id: one.id,
            slug: one.slug,
            name: one.name,
            kind: one.kind,
            bio: one.bio,
            url: one.url,
            revision: one.revision,
            created_at: one.created_at,
            updated_at: one.updated_at,
            updated_by: one.updated_by,
        }
    }
}
