//! What was found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::article::ArticleKind;
use crate::domain::edition::Summary;
use crate::domain::id::{SectionId, TagId};
use crate::domain::printed::Printed;
use crate::domain::search::{Highlights, TotalRelation};
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::services::delivery::{Facets, FoundItem, SearchAnswer};

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults {
    items: Vec<FoundArticleView>,
    /// Hand it back as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
    total: SearchTotal,
    /// With `facets=`: how many of the matches that were looked at have each value, those with most first; 50 of each at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = SearchFacets, required = false)]
    facets: Option<SearchFacets>,
}

/// A live article that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundArticle)]
pub(crate) struct FoundArticleView {
    #[serde(flatten, serialize_with = "Printed::flat")]
    #[schema(value_type = Summary)]
    summary: Printed<Summary>,
    highlights: Highlights,
}

/// How many matches there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchTotal {
    /// Matches that were looked at, ranked and counted.
    #[schema(examples(42))]
    value: usize,
    /// `exact` where these are all; `at_least` where there are more.
    relation: TotalRelation,
}

/// What the matches are counted by, as far as it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchFacets {
    /// An article counts for its section and for each above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<SectionCount>, required = false)]
    section: Option<Vec<SectionCount>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<KindCount>, required = false)]
    kind: Option<Vec<KindCount>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<TagCount>, required = false)]
    tag: Option<Vec<TagCount>>,
    /// The latest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<MonthCount>, required = false)]
    month: Option<Vec<MonthCount>>,
}

/// How many of the matches stand in a section.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SectionCount {
    id: SectionId,
    slug: Slug,
    name: Name,
    count: usize,
}

/// How many of the matches are of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindCount {
    kind: ArticleKind,
    count: usize,
}

/// How many of the matches have a tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagCount {
    id: TagId,
    slug: Slug,
    name: Name,
    count: usize,
}

/// How many of the matches were published in a month, in UTC.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthCount {
    #[schema(examples("2026-02"))]
    month: String,
    count: usize,
}

impl From<SearchAnswer> for SearchResults {
    fn from(found: SearchAnswer) -> Self {
        let (value, relation) = found.total;
        Self {
            items: found.page.items.into_iter().map(FoundArticleView::from).collect(),
            next_cursor: found.page.next_cursor,
            total: SearchTotal { value, relation },
            facets: found.facets.map(SearchFacets::from),
        }
    }
}

impl From<FoundItem> for FoundArticleView {
    fn from(item: FoundItem) -> Self {
        Self {
            summary: item.summary,
            highlights: item.highlights,
        }
    }
}

impl From<Facets> for SearchFacets {
    fn from(facets: Facets) -> Self {
        fn told<T, U>(counts: Option<Vec<(T, usize)>>, one: impl Fn(T, usize) -> U) -> Option<Vec<U>> {
            counts.map(|counts| counts.into_iter().map(|(value, count)| one(value, count)).collect())
        }
        Self {
            section: told(facets.sections, |section, count| SectionCount {
                id: section.id,
                slug: section.slug,
                name: section.name,
                count,
            }),
            kind: told(facets.kinds, |kind, count| KindCount { kind, count }),
            tag: told(facets.tags, |tag, count| TagCount {
                id: tag.id,
                slug: tag.slug,
                name: tag.name,
                count,
            }),
            month: told(facets.months, |month, count| MonthCount { month, count }),
        }
    }
}
