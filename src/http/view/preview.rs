//! Previews, as they are asked for and shown to editors.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::{PreviewTokenId, UserId};
use crate::domain::invalid::Invalids;
use crate::domain::preview::Lifetime;
use crate::domain::time::Timestamp;
use crate::services::articles::Preview;

/// What a preview is to be.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct PreviewTokenIn {
    /// The revision that is shown; null is what is there at each time.
    #[deserr(default)]
    pub(crate) revision: Option<i32>,
    /// Seconds until it ends, an hour to thirty days; a week unless given.
    #[deserr(default)]
    #[schema(value_type = Option<i64>, minimum = 3600, maximum = 2_592_000)]
    pub(crate) expires_in: Option<Lifetime>,
}

/// What lets whoever has it see an article before it is published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PreviewToken)]
pub(crate) struct PreviewTokenView {
    pub(crate) id: PreviewTokenId,
    /// What is put behind `/api/v1/preview/`.
    #[schema(examples("cdp_AZxj8FoQfD6LHworPE1eb1NlZW4gYnkgdGhlIGhhcmJvdXIgbWFzdGVyIGFsb25l"))]
    token: String,
    /// The revision that is shown; null is what is there at each time.
    revision: Option<i32>,
    created_at: Timestamp,
    created_by: UserId,
    expires_at: Timestamp,
}

impl From<Preview> for PreviewTokenView {
    fn from(preview: Preview) -> Self {
        let Preview { token, text } = preview;
        Self {
            id: token.id,
            token: text,
            revision: token.revision,
            created_at: token.created_at,
            created_by: token.created_by,
            expires_at: token.expires_at,
        }
    }
}
