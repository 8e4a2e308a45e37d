//! Articles as readers see them.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::domain::body::Body;
use crate::domain::edition::Summary;
use crate::services::delivery::PublishedArticle;

/// A live article, page-complete: one request gives the whole page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Article)]
pub(crate) struct ArticleView {
    #[serde(flatten)]
    pub(crate) summary: Summary,
    #[schema(value_type = Body)]
    pub(crate) body: Box<RawValue>,
}

impl From<PublishedArticle> for ArticleView {
    fn from(article: PublishedArticle) -> Self {
        Self {
            summary: article.summary,
            body: article.body,
        }
    }
}
