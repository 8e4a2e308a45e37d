//! A link as a revision keeps it: what can be told of its target stands in fields of the link's own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Placement, RelatedKind, RelatedLink, Target};
use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::text::{Headline, LinkLabel, LinkSource, LinkTitle};
use crate::domain::web::WebUrl;

/// A related link, as it was written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = RelatedLinkContent)]
pub struct Written {
    id: RelatedLinkId,
    kind: RelatedKind,
    placement: Placement,
    /// The article that it leads to.
    article_id: Option<ArticleId>,
    /// The page elsewhere that it leads to.
    url: Option<WebUrl>,
    /// What an article was called that was deleted for good before this revision was written.
    deleted_headline: Option<Headline>,
    title: Option<LinkTitle>,
    source: Option<LinkSource>,
    label_override: Option<LinkLabel>,
}

impl Target {
    /// The article, the page elsewhere, or what the deleted article was called: one of them.
    pub fn parts(self) -> (Option<ArticleId>, Option<WebUrl>, Option<Headline>) {
        match self {
            Self::Article(id) => (Some(id), None, None),
            Self::Elsewhere(url) => (None, Some(url), None),
            Self::Deleted(headline) => (None, None, Some(headline)),
        }
    }

    /// The one target that the parts tell; `None` where they tell none.
    pub fn of_parts(article: Option<ArticleId>, url: Option<WebUrl>, deleted: Option<Headline>) -> Option<Self> {
        let found = article.map(Self::Article).or(url.map(Self::Elsewhere));
        found.or(deleted.map(Self::Deleted))
    }
}

impl From<RelatedLink> for Written {
    fn from(link: RelatedLink) -> Self {
        let (article_id, url, deleted_headline) = link.target.parts();
        Self {
            id: link.id,
            kind: link.kind,
            placement: link.placement,
            article_id,
            url,
            deleted_headline,
            title: link.title,
            source: link.source,
            label_override: link.label_override,
        }
    }
}

impl TryFrom<Written> for RelatedLink {
    type Error = &'static str;

    fn try_from(link: Written) -> Result<Self, Self::Error> {
        let target = Target::of_parts(link.article_id, link.url, link.deleted_headline);
        Ok(Self {
            id: link.id,
            kind: link.kind,
            placement: link.placement,
            target: target.ok_or("a related link leads nowhere")?,
            title: link.title,
            source: link.source,
            label_override: link.label_override,
        })
    }
}
