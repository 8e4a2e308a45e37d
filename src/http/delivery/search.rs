//! Finding live articles by their words.

use actix_web::{HttpRequest, HttpResponse, get};

use super::keys::Keys;
use super::{Written, ready};
use crate::domain::article::ArticleKind;
use crate::domain::locale::Locale;
use crate::domain::page::Limit;
use crate::domain::search::{Facet, SearchQuery, SearchSort};
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;
use crate::http::extract::{Given, Parameters, Query, Reader};
use crate::http::parameters::cursor;
use crate::http::problem::Problem;
use crate::http::view::search::SearchResults;
use crate::services::delivery::{SearchAnswer, SearchAsked};

impl Parameters for SearchAsked {
    fn read(given: &mut Given) -> Self {
        given.pasted("q");
        Self {
            query: given.needed("q", SearchQuery::parse).unwrap_or_default(),
            sort: given.one("sort", SearchSort::parse).unwrap_or_default(),
            facets: given.list("facets", Facet::parse),
            sections: given.many("section", Slug::parse),
            tags: given.many("tag", Slug::parse),
            contributors: given.many("contributor", Slug::parse),
            kinds: given.many("kind", ArticleKind::parse),
            locales: given.many("locale", Locale::parse),
            published_after: given.one("published_after", Timestamp::parse),
            published_before: given.one("published_before", Timestamp::parse),
            limit: given.one("limit", Limit::parse),
            cursor: given.one("cursor", cursor),
        }
    }
}

/// Search live articles
///
/// All words must be there, in any of their forms. `"first ferry"` is these words side by side as they are written, `elect*` is words
/// that begin so (at least three letters stand before the star, or it is not heeded), `-storm` is a word that must not be there. The newest 300 matches, and the newest 100 of those that say it
/// in the headline, are ranked and counted: headline before body, newer before older. `sort=-published_at` goes through all
/// matches.
#[utoipa::path(
    tag = "delivery",
    params(
        ("q" = String, Query, min_length = 1, max_length = 200, description = "What to look for: at most 200 characters and 16 terms, \
            at least one that is wanted.", example = "ferry strait"),
        ("sort" = Option<SearchSort>, Query, description = "The order: `relevance` unless given."),
        ("facets" = Option<Vec<Facet>>, Query, explode = false, description = "What the matches that were looked at are counted \
            by, with commas between."),
        ("section" = Option<Vec<Slug>>, Query, description = "Slugs of sections; each brings the sections below it."),
        ("tag" = Option<Vec<Slug>>, Query, description = "Slugs of tags."),
        ("contributor" = Option<Vec<Slug>>, Query, description = "Slugs of contributors whom the byline names."),
        ("kind" = Option<Vec<ArticleKind>>, Query, description = "Kinds of article."),
        ("locale" = Option<Vec<Locale>>, Query, description = "Languages, as BCP 47 tags. Words are also found by their stems in \
            these; without one, in the language of the site."),
        ("published_after" = Option<Timestamp>, Query, description = "Later than this moment."),
        ("published_before" = Option<Timestamp>, Query, description = "Earlier than this moment."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same query, order and filters."),
    ),
    responses((status = 200, description = "A page of what was found.", body = SearchResults))
)]
#[get("/api/v1/search")]
pub(super) async fn search_articles(
    reader: Reader,
    req: HttpRequest,
    query: Query<SearchAsked>,
) -> Result<HttpResponse, Problem> {
    let asked = query.0;
    let keys = Keys::of_list(&asked.sections, &asked.tags, &asked.contributors);
    let written = reader.search(asked, move |found| written(found, keys)).await??;
    Ok(ready(&req, &reader, written, "application/json"))
}

fn written(found: SearchAnswer, mut keys: Keys) -> Result<Written, Problem> {
    for item in &found.page.items {
        keys.summary(&item.summary);
    }
    if let Some(facets) = &found.facets {
        let sections = facets.sections.iter().flatten();
        sections.for_each(|(section, _)| keys.id("section", section.id.0));
        let tags = facets.tags.iter().flatten();
        tags.for_each(|(tag, _)| keys.id("tag", tag.id.0));
    }
    Written::json(&SearchResults::from(found), None, keys)
}
