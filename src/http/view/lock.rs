//! Who is at an article.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::lock::Lock;
use crate::services::articles::Locked;

/// A lock that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Locked)]
pub(crate) struct LockedView {
    /// The revision of the article, which is the ETag.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
    lock: Lock,
    /// The lock of somebody else that was taken over.
    taken_from: Option<Lock>,
}

impl From<Locked> for LockedView {
    fn from(taken: Locked) -> Self {
        Self {
            revision: taken.revision,
            lock: taken.lock,
            taken_from: taken.taken_from,
        }
    }
}
