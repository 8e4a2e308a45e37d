//! Sections, contributors and tags, as readers and as editors see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contributor::{Contributor, ContributorKind};
use crate::domain::edition::{SectionStep, Summary};
use crate::domain::id::{ContributorId, MediaId, SectionId, TagId, UserId};
use crate::domain::media::MediaCard;
use crate::domain::printed::Printed;
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::domain::text::{Bio, Description, Name};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::services::delivery::{PublishedContributor, PublishedSection, PublishedTag};
use crate::services::taxonomy::Counted;

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
    /// How many live articles stand in it and in the sections below it.
    #[schema(minimum = 0)]
    article_count: i64,
    /// With `latest`: so many of the stories that were published last, the latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Summary>, required = false)]
    pub(crate) latest: Option<Vec<Printed<Summary>>>,
}

impl From<PublishedSection> for SectionView {
    fn from(published: PublishedSection) -> Self {
        let section = published.section;
        Self {
            id: section.id,
            slug: section.slug,
            name: section.name,
            description: section.description,
            parent_id: section.parent_id,
            position: section.position,
            ancestors: published.card.ancestors,
            article_count: published.articles,
            latest: published.latest,
        }
    }
}

/// A person or an organisation that bylines name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contributor)]
pub(crate) struct ContributorView {
    pub(crate) id: ContributorId,
    slug: Slug,
    name: Name,
    kind: ContributorKind,
    bio: Option<Bio>,
    url: Option<WebUrl>,
    /// A picture of them, or their mark.
    pub(crate) avatar: Option<MediaCard>,
    /// With `latest`: so many of the stories that were published last, the latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Summary>, required = false)]
    pub(crate) latest: Option<Vec<Printed<Summary>>>,
}

impl From<PublishedContributor> for ContributorView {
    fn from(published: PublishedContributor) -> Self {
        let one = published.contributor;
        Self {
            id: one.id,
            slug: one.slug,
            name: one.name,
            kind: one.kind,
            bio: one.bio,
            url: one.url,
            avatar: published.avatar,
            latest: published.latest,
        }
    }
}

/// A label of articles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
pub(crate) struct TagView {
    pub(crate) id: TagId,
    slug: Slug,
    name: Name,
    description: Option<Description>,
    /// How many live articles have it.
    #[schema(minimum = 0)]
    article_count: i64,
    /// With `latest`: so many of the stories that were published last, the latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Summary>, required = false)]
    pub(crate) latest: Option<Vec<Printed<Summary>>>,
}

impl From<PublishedTag> for TagView {
    fn from(PublishedTag { tag, articles, latest }: PublishedTag) -> Self {
        Self {
            id: tag.id,
            slug: tag.slug,
            name: tag.name,
            description: tag.description,
            article_count: articles,
            latest,
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
            /// How many working copies outside the trash name it; who sees only their own articles is told of those only.
            #[schema(minimum = 0)]
            article_count: i64,
            /// How many live articles show it.
            #[schema(minimum = 0)]
            live_count: i64,
            /// Moves with each write; the ETag.
            #[schema(minimum = 1)]
            pub(crate) revision: i32,
            created_at: Timestamp,
            updated_at: Timestamp,
            updated_by: Option<UserId>,
        }

        impl From<Counted<$of>> for $name {
            fn from(Counted { one, working, live }: Counted<$of>) -> Self {
                Self {
                    id: one.id,
                    slug: one.slug,
                    name: one.name,
                    $($field: one.$field,)+
                    article_count: working,
                    live_count: live,
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
    /// A section as editors see it. What is counted is what stands in it itself, not in those below it.
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
        avatar_media_id: Option<MediaId>,
    }
    /// A tag as editors see it.
    EditorTag of Tag, TagId {
        description: Option<Description>,
    }
}
