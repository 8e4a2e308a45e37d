//! Related links: one row from an article to another, or to an address elsewhere, that shows in the list, in the body, and
//! as a backlink at its target.
//!
//! A link belongs to the article it stands in and is part of its revision. It holds the target's id and never one of its
//! revisions, so no publish of either end loses it.

mod change;
mod input;
mod place;
mod settle;
mod written;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use change::{RelatedChange, RelatedChangeKind};
pub use input::{RelatedItem, RelatedItems, RelatedNew, RelatedPatch};
pub use place::ListPlace;
pub use settle::{Edited, LinkAt};
pub use written::Written;

use super::edition::{SectionCard, Summary};
use super::id::{ArticleId, RelatedLinkId, ShortId};
use super::invalid::{Flaw, Rule, words};
use super::locale::Locale;
use super::media::PublicMediaUse;
use super::printed::Printed;
use super::text::{Deck, Headline, LinkLabel, LinkSource, LinkTitle};
use super::time::Timestamp;
use super::web::WebUrl;
use crate::domain::article::ArticleKind;

words! {
    /// How one article is related to what it links to.
    RelatedKind {
        Related = "related",
        /// What came before, to be read for understanding.
        Background = "background",
        /// What came after.
        FollowUp = "follow_up",
        /// This article is a newer form of that one.
        UpdateOf = "update_of",
        /// The part of a series that comes before this one.
        Series = "series",
        /// This article is a translation of that one.
        Translation = "translation",
        /// What this article rests on.
        Source = "source",
    }
}

words! {
    /// Where in its article a link shows.
    Placement {
        List = "list",
        Inline = "inline",
        Both = "both",
    }
}

words! {
    /// Why readers do not see a link.
    HiddenBecause {
        /// The target was never published.
        Draft = "target_draft",
        /// The target was taken down.
        Unpublished = "target_unpublished",
        Trash = "target_in_trash",
        Retracted = "target_retracted",
        /// The target was deleted for good.
        Deleted = "target_deleted",
    }
}

words! {
    /// Whether readers see a link.
    Visibility {
        Visible = "visible",
        Hidden = "hidden",
    }
}

words! {
    /// What comes with an article when it is asked for.
    Include {
        Related = "related",
        Backlinks = "backlinks",
    }
}

words! {
    /// What comes with each article of a list when it is asked for.
    ListInclude {
        Related = "related",
    }
}

/// Where a link leads. It never changes: another target is another link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Article(ArticleId),
    Elsewhere(WebUrl),
    /// An article that was deleted for good, and what it was called last.
    Deleted(Headline),
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct RelatedLink {
    pub id: RelatedLinkId,
    pub kind: RelatedKind,
    pub placement: Placement,
    pub target: Target,
    /// What the page elsewhere is called; an article has its headline.
    pub title: Option<LinkTitle>,
    /// Who published the page elsewhere.
    pub source: Option<LinkSource>,
    /// Stands in place of the headline or the title.
    pub label_override: Option<LinkLabel>,
}

/// The links of an article, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<Written>)]
pub struct Related(pub Vec<RelatedLink>);

/// A live article as links to it show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelatedArticleCard {
    pub id: ArticleId,
    pub short_id: ShortId,
    pub kind: ArticleKind,
    pub locale: Locale,
    pub headline: Headline,
    pub deck: Option<Deck>,
    #[schema(examples("/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    pub path: String,
    #[serde(default)]
    #[schema(
        required = true,
        examples("https://news.example/2026/02/16/ferry-service-resumes-7gk2m9qx")
    )]
    pub canonical_url: String,
    pub section: Option<SectionCard>,
    pub lead_media: Option<PublicMediaUse>,
    pub first_published_at: Timestamp,
    pub published_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A link as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RelatedCard {
    pub id: RelatedLinkId,
    pub kind: RelatedKind,
    pub placement: Placement,
    /// The words of the link: those that an editor put there, or what the target is called now.
    #[schema(examples("Ferry service resumes across the strait"))]
    pub label: String,
    /// Where it leads.
    #[schema(examples("https://news.example/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    pub url: String,
    /// Who published the page elsewhere.
    pub source: Option<LinkSource>,
    /// The article; null for a page elsewhere.
    #[schema(value_type = Option<RelatedArticleCard>)]
    pub article: Option<Printed<RelatedArticleCard>>,
}

impl RelatedKind {
    /// Whether a chain of such links must never come back to where it began.
    pub fn is_directed(self) -> bool {
        matches!(self, Self::UpdateOf | Self::Series | Self::Translation)
    }

    /// What the target's link back is, where there can be one.
    pub fn back(self) -> Option<Self> {
        match self {
            Self::Related => Some(Self::Related),
            Self::Background => Some(Self::FollowUp),
            Self::FollowUp => Some(Self::Background),
            Self::UpdateOf | Self::Series | Self::Translation | Self::Source => None,
        }
    }

    /// The words before a link in a text.
    pub fn lead_in(self) -> &'static str {
        match self {
            Self::Related => "Related article",
            Self::Background => "Background",
            Self::FollowUp => "Follow-up",
            Self::UpdateOf => "Update of",
            Self::Series => "In this series",
            Self::Translation => "In another language",
            Self::Source => "Source",
        }
    }
}

impl Placement {
    pub fn in_list(self) -> bool {
        self != Self::Inline
    }

    pub fn in_body(self) -> bool {
        self != Self::List
    }
}

impl Target {
    /// What keeps a new link from leading here, and in which field; a page elsewhere needs to be called something.
    pub fn refuses(&self, title: Option<&LinkTitle>) -> Option<(&'static str, Flaw)> {
        let url = self.url()?;
        if url.has_login() {
            return Some(("url", Flaw::new(Rule::NotAllowed, "holds a user name or a password")));
        }
        let nameless = || Flaw::new(Rule::Required, "a page elsewhere needs a `title`");
        title.is_none().then(|| ("title", nameless()))
    }

    pub fn article(&self) -> Option<ArticleId> {
        match self {
            Self::Article(id) => Some(*id),
            Self::Elsewhere(_) | Self::Deleted(_) => None,
        }
    }

    pub fn url(&self) -> Option<&WebUrl> {
        match self {
            Self::Elsewhere(url) => Some(url),
            Self::Article(_) | Self::Deleted(_) => None,
        }
    }
}

impl RelatedLink {
    /// The words of the link, where its target is called `headline`.
    pub fn label(&self, headline: Option<&Headline>) -> Option<String> {
        let own = self.label_override.as_ref().map(LinkLabel::as_str);
        let title = self.title.as_ref().map(LinkTitle::as_str);
        let gone = match &self.target {
            Target::Deleted(headline) => Some(headline.as_str()),
            Target::Article(_) | Target::Elsewhere(_) => None,
        };
        let words = own.or(headline.map(Headline::as_str)).or(title).or(gone);
        words.map(str::to_owned)
    }

    /// The link as readers see it; `None` where they do not. `article` is the live article that it leads to.
    pub fn card(&self, article: Option<Printed<RelatedArticleCard>>) -> Option<RelatedCard> {
        let url = match (&self.target, &article) {
            (Target::Article(_), Some(article)) => article.canonical_url.clone(),
            (Target::Elsewhere(url), _) => url.as_str().to_owned(),
            (Target::Article(_), None) | (Target::Deleted(_), _) => return None,
        };
        Some(RelatedCard {
            id: self.id,
            kind: self.kind,
            placement: self.placement,
            label: self.label(article.as_ref().map(|article| &article.headline))?,
            url,
            source: self.source.clone(),
            article,
        })
    }
}

impl Related {
    /// Most links of one article.
    pub const MAX: usize = 200;

    pub fn get(&self, id: RelatedLinkId) -> Option<&RelatedLink> {
        self.0.iter().find(|link| link.id == id)
    }

    /// The first link to this target; one of the kind `prefer` goes before others.
    pub fn to(&self, target: &Target, prefer: RelatedKind) -> Option<&RelatedLink> {
        let all = || self.0.iter().filter(|link| link.target == *target);
        all().find(|link| link.kind == prefer).or_else(|| all().next())
    }

    /// Those that can lead somewhere.
    pub fn shown(&self) -> impl Iterator<Item = &RelatedLink> {
        let leads = |link: &&RelatedLink| !matches!(link.target, Target::Deleted(_));
        self.0.iter().filter(leads)
    }

    /// Whether one of them led to what was deleted for good.
    pub fn has_lost(&self) -> bool {
        self.0.iter().any(|link| matches!(link.target, Target::Deleted(_)))
    }

    /// The articles that they lead to.
    pub fn articles(&self) -> impl Iterator<Item = ArticleId> {
        self.0.iter().filter_map(|link| link.target.article())
    }
}

impl From<Summary> for RelatedArticleCard {
    fn from(summary: Summary) -> Self {
        Self {
            id: summary.id,
            short_id: summary.short_id,
            kind: summary.kind,
            locale: summary.locale,
            headline: summary.headline,
            deck: summary.deck,
            path: summary.path,
            canonical_url: summary.canonical_url,
            section: summary.section,
            lead_media: summary.lead_media,
            first_published_at: summary.first_published_at,
            published_at: summary.published_at,
            updated_at: summary.updated_at,
        }
    }
}
