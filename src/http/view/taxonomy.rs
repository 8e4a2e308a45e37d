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

/// Declares how editors see a kind of thing, by the fields that are its own.
macro_rules! editor_views {
    ($($(#[$outer:meta])* $name:ident of $of:ident, $id:ident {
        $($(#[$inner:meta])* $field:ident: $kind:ty),+ $(,)?
    })+) => {$(
        $(#[$outer])*
        #[derive(Debug, Serialize, ToSchema)]
        pub(crate) struct $name {
            pub(crate) id: $id,
            slug: Slug,
            name: Name,
            $($(#[$inner])* $field: $kind,)+
            /// Moves with each write; the ETag.
            #[schema(minimum = 1)]
            pub(crate) revision: i32,
            created_at: Timestamp,
            updated_at: Timestamp,
            updated_by: Option<UserId>,
        }

        impl From<$of> for $name {
            fn from(one: $of) -> Self {
                Self {
                    id: one.id,
                    slug: one.slug,
                    name: one.name,
                    $($field: one.$field,)+
                    revision: one.stamp.revision,
                    created_at: one.stamp.created_at,
                    updated_at: one.stamp.updated_at,
                    updated_by: one.stamp.updated_by,
                }
            }
        }
    )+};
}

editor_views! {
    /// A section as editors see it.
    EditorSection of Section, SectionId {
        description: Option<Description>,
        parent_id: Option<SectionId>,
        /// The order among siblings; equals are ordered by name.
        position: i32,
    }
    /// A contributor as editors see them.
    EditorContributor of Contributor, ContributorId {
        kind: ContributorKind,
        bio: Option<Bio>,
        url: Option<WebUrl>,
    }
}
