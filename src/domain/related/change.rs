//! What a write did to links and their blocks beside what it was asked for.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::{BlockId, RelatedLinkId};
use crate::domain::invalid::words;

words! {
    /// What became of a link, or of a block that shows it.
    RelatedChangeKind {
        /// A block that named no link made one.
        LinkAdded = "link_added",
        /// A link that showed in the body only went with its last block.
        LinkRemoved = "link_removed",
        /// A link shows in other places than it did.
        PlacementChanged = "placement_changed",
        BlockAdded = "block_added",
        /// A block went with the link that it showed.
        BlockRemoved = "block_removed",
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelatedChange {
    pub change: RelatedChangeKind,
    pub link_id: RelatedLinkId,
    /// The block, where one came or went.
    pub block_id: Option<BlockId>,
}

impl RelatedChange {
    pub(super) fn of(change: RelatedChangeKind, link_id: RelatedLinkId) -> Self {
        Self {
            change,
            link_id,
            block_id: None,
        }
    }
}
