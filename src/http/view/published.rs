//! Articles as readers see them.

use super::body::with_body;
use crate::domain::edition::{Summary, Translation};
use crate::services::delivery::PublishedArticle;

with_body! {
    /// A live article, page-complete: one request gives the whole page.
    #[schema(as = Article)]
    ArticleView of Summary {
        /// The article in other languages, as far as it is live, by language.
        translations: Vec<Translation>,
    }
}

impl From<PublishedArticle> for ArticleView {
    fn from(article: PublishedArticle) -> Self {
        Self::with(article.summary, article.body, article.translations)
    }
}
