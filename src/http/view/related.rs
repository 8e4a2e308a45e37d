//! Related links, as readers and as editors see them.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::invalid::Invalids;
use crate::domain::printed::Printed;
use crate::domain::related::{
    HiddenBecause, Placement, RelatedArticleCard, RelatedChange, RelatedItems, RelatedKind, Visibility,
};
use crate::domain::tag::TagCard;
use crate::domain::text::{Headline, LinkLabel, LinkSource, LinkTitle};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;
use crate::services::delivery::Backlink;
use crate::services::related::{self, ArticleLinks, BrokenLink, LinkView, Suggestion};

/// A live article that links to another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Backlink)]
pub(crate) struct BacklinkView {
    /// How it is related, in the order of its links.
    kinds: Vec<RelatedKind>,
    #[schema(value_type = RelatedArticleCard)]
    article: Printed<RelatedArticleCard>,
}

/// The article that a link leads to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelatedTarget {
    headline: Headline,
    status: Status,
}

/// A link as editors see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RelatedLink)]
pub(crate) struct RelatedLinkView {
    id: RelatedLinkId,
    /// In the list, from 0.
    position: usize,
    kind: RelatedKind,
    placement: Placement,
    /// The article that it leads to; null for a page elsewhere, and where the article was deleted for good.
    article_id: Option<ArticleId>,
    /// The page elsewhere that it leads to.
    url: Option<WebUrl>,
    title: Option<LinkTitle>,
    source: Option<LinkSource>,
    label_override: Option<LinkLabel>,
    /// The words that it has, or would have; null where the target is not for the caller to see.
    label: Option<String>,
    /// Where it leads readers; null while they do not see it.
    href: Option<String>,
    visibility: Visibility,
    /// Why readers do not see it.
    hidden_because: Option<HiddenBecause>,
    /// The article that it leads to, as far as the caller may see it.
    target: Option<RelatedTarget>,
}

/// The links of an article at a revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RelatedLinks)]
pub(crate) struct RelatedLinksView {
    items: Vec<RelatedLinkView>,
    /// The revision of the article, which is the ETag.
    #[schema(minimum = 1)]
    pub(crate) revision: i32,
    /// What a write changed of links and their blocks beside what it was asked for.
    changes: Vec<RelatedChange>,
    /// The link back that was written at the target, after `reciprocal`.
    link_back: Option<LinkBackView>,
}

/// A link back, and the revision that its article has with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkBack)]
pub(crate) struct LinkBackView {
    article_id: ArticleId,
    link_id: RelatedLinkId,
    revision: i32,
}

/// A link that leads to an article from the working copy of another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Referrer {
    article_id: ArticleId,
    headline: Headline,
    status: Status,
    /// When the article was put in the trash.
    deleted_at: Option<Timestamp>,
    updated_at: Timestamp,
    link_id: RelatedLinkId,
    kind: RelatedKind,
    placement: Placement,
}

/// What a page elsewhere answered when it was asked last.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageAnswer {
    /// Of HTTP; null where nothing answered.
    status: Option<i32>,
    /// Why nothing answered.
    #[schema(examples("timeout"))]
    failure: Option<String>,
    checked_at: Timestamp,
}

/// A link that leads readers nowhere, and where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrokenLink)]
pub(crate) struct BrokenLinkView {
    article_id: ArticleId,
    headline: Headline,
    status: Status,
    link: RelatedLinkView,
    /// What the page elsewhere answered; null for a link to an article.
    answer: Option<PageAnswer>,
}

/// A live story that is like an article, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelatedSuggestion {
    /// How like it is: from 0 to 1.
    #[schema(minimum = 0, maximum = 1, examples(0.412))]
    score: f64,
    /// Words that both have, those that tell most first; at most 5.
    words: Vec<String>,
    /// Tags that both have.
    tags: Vec<TagCard>,
    /// Whether both stand in the same section.
    same_section: bool,
    article: RelatedArticleCard,
}

/// Stories that an article could link to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelatedSuggestions {
    /// The most like first; at most 10.
    items: Vec<RelatedSuggestion>,
}

/// The links of an article as a whole list.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct RelatedLinksIn {
    /// In their order.
    pub(crate) items: RelatedItems,
}

impl From<Backlink> for BacklinkView {
    fn from(from: Backlink) -> Self {
        Self {
            kinds: from.kinds,
            article: from.article,
        }
    }
}

impl RelatedLinkView {
    /// All of an article's, in their order.
    pub(crate) fn all(links: Vec<LinkView>) -> Vec<Self> {
        let one = |(position, view)| Self::at(position, view);
        links.into_iter().enumerate().map(one).collect()
    }

    pub(crate) fn at(position: usize, view: LinkView) -> Self {
        let link = view.link;
        Self {
            id: link.id,
            position,
            kind: link.kind,
            placement: link.placement,
            article_id: link.target.article(),
            url: link.target.url().cloned(),
            title: link.title,
            source: link.source,
            label_override: link.label_override,
            label: view.label,
            href: view.url,
            visibility: match view.hidden_because {
                None => Visibility::Visible,
                Some(_) => Visibility::Hidden,
            },
            hidden_because: view.hidden_because,
            target: view.target.map(|target| RelatedTarget {
                headline: target.headline,
                status: target.status,
            }),
        }
    }
}

impl From<ArticleLinks> for RelatedLinksView {
    fn from(from: ArticleLinks) -> Self {
        Self {
            items: RelatedLinkView::all(from.links),
            revision: from.revision,
            changes: from.changes,
            link_back: from.back.map(|back| LinkBackView {
                article_id: back.article_id,
                link_id: back.link_id,
                revision: back.revision,
            }),
        }
    }
}

impl From<related::Backlink> for Referrer {
    fn from(from: related::Backlink) -> Self {
        Self {
            article_id: from.article_id,
            headline: from.headline,
            status: from.status,
            deleted_at: from.deleted_at,
            updated_at: from.updated_at,
            link_id: from.link_id,
            kind: from.kind,
            placement: from.placement,
        }
    }
}

impl From<Vec<Suggestion>> for RelatedSuggestions {
    fn from(found: Vec<Suggestion>) -> Self {
        let one = |one: Suggestion| RelatedSuggestion {
            score: one.score,
            words: one.words,
            tags: one.tags,
            same_section: one.same_section,
            article: one.article,
        };
        Self {
            items: found.into_iter().map(one).collect(),
        }
    }
}

impl From<BrokenLink> for BrokenLinkView {
    fn from(from: BrokenLink) -> Self {
        Self {
            article_id: from.article_id,
            headline: from.headline,
            status: from.status,
            link: RelatedLinkView::at(from.position, from.link),
            answer: from.check.map(|check| PageAnswer {
                status: check.status,
                failure: check.failure,
                checked_at: check.checked_at,
            }),
        }
    }
}
