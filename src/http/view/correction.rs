//! Public notes on an article, as editors see them.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::correction::Correction;
use crate::domain::invalid::Invalids;
use crate::domain::text::CorrectionText;
use crate::services::articles::ArticleCorrections;

/// The public notes of an article at a revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Corrections)]
pub(crate) struct CorrectionsView {
    /// The oldest first.
    items: Vec<Correction>,
    /// The revision of the article, which is the ETag.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
}

/// What readers are told of an article that is taken back.
#[derive(Default, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct RetractIn {
    /// Why it is taken back.
    #[deserr(default)]
    pub(crate) notice: Option<CorrectionText>,
}

impl From<ArticleCorrections> for CorrectionsView {
    fn from(all: ArticleCorrections) -> Self {
        Self {
            items: all.items,
            revision: all.revision,
        }
    }
}
