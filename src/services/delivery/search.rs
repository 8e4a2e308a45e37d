//! Finding live articles by their words.
//!
//! To weigh every match of a common word would take as long as there are stories. So the newest matches are taken, and the newest
//! of those that say it in the headline, and these are ranked and counted (decision 0019).

use std::collections::HashSet;
use std::sync::Arc;

use super::Delivery;
use super::facets::{Facets, facets};
use crate::domain::article::ArticleKind;
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::locale::Locale;
use crate::domain::page::{ByPlace, ByRow, Limit, Page, write_cursor};
use crate::domain::printed::Printed;
use crate::domain::search::{
    Candidate, Facet, Highlighter, Highlights, Language, SearchFilter, SearchQuery, SearchSort, TotalRelation, ranked,
};
use crate::domain::slug::Slug;
use crate::domain::time::{Moment, Timestamp};
use crate::services::Error;
use crate::services::reading::{cursor, ids_of, with_children};
use crate::store::PublicConn;
use crate::store::public;

/// The newest matches that are ranked and counted, and the newest with it in the headline.
const CANDIDATES: usize = 300;
const HEADLINES: usize = 100;

/// What is searched for, and where.
#[derive(Debug, Clone, Default)]
pub struct SearchAsked {
    pub query: SearchQuery,
    pub sort: SearchSort,
    pub facets: Vec<Facet>,
    /// By slug; a section brings those below it.
    pub sections: Vec<Slug>,
    /// By slug.
    pub tags: Vec<Slug>,
    /// By slug.
    pub contributors: Vec<Slug>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    /// Later than this, not at it.
    pub published_after: Option<Timestamp>,
    /// Earlier than this, not at it.
    pub published_before: Option<Timestamp>,
    pub limit: Option<Limit>,
    pub cursor: Option<String>,
}

/// A page of what was found.
#[derive(Debug)]
pub struct SearchAnswer {
    pub page: Page<FoundItem>,
    /// How many matches were looked at, and whether those are all.
    pub total: (usize, TotalRelation),
    pub facets: Option<Facets>,
}

/// An article that was found, with what was found marked.
#[derive(Debug)]
pub struct FoundItem {
    pub summary: Printed<Summary>,
    pub highlights: Highlights,
}

impl Delivery {
    /// What `make` makes of a page of the live articles that have what is looked for, on the thread that reads them.
    ///
    /// # Errors
    /// `Parameter` for a section, a tag or a contributor that is not there; `BadCursor`.
    pub async fn search<T: Send + 'static>(
        &self,
        asked: SearchAsked,
        make: impl FnOnce(SearchAnswer) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let site = &self.places.site.locale;
        let locales = if asked.locales.is_empty() {
            std::slice::from_ref(site)
        } else {
            &asked.locales
        };
        let languages: Vec<Language> = locales.iter().filter_map(Language::of).collect();
        let query = asked.query.clone().stemmed(&languages);
        let of = name(&asked);
        let start = Start::read(&of, &asked)?;
        let limit = asked.limit.unwrap_or(Limit::DEFAULT);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let filter = filter(conn, &asked)?;
            let (found, relation) = candidates(conn, &query, &filter)?;
            let total = (found.len(), relation);
            let facets = facets(conn, &asked.facets, &found)?;
            let page = match start {
                Start::Row(row) => newest(conn, &query, &filter, found, row, (limit, &of))?,
                Start::Place(place) => best(&query, found, place.as_ref(), (limit, &of)),
            };
            let ids: Vec<ArticleId> = page.items.iter().map(|one| one.article_id).collect();
            let live = public::live_editions(conn, &ids, Moment::Now)?;
            let editions: Vec<EditionId> = ids.iter().filter_map(|id| live.get(id).copied()).collect();
            let mut highlighter = Highlighter::new(&query);
            let shown = places.searched(conn, &editions)?.into_iter();
            let items = shown.map(|(face, text)| FoundItem {
                highlights: highlighter.highlights(&text),
                summary: face.summary().clone(),
            });
            Ok::<_, Error>(SearchAnswer {
                page: Page {
                    items: items.collect(),
                    next_cursor: page.next_cursor,
                    ..Page::empty()
                },
                total,
                facets,
            })
        };
        self.store.read_and(read, make).await
    }
}

/// Where the page starts, by the order.
enum Start {
    Row(Option<ByRow>),
    Place(Option<ByPlace>),
}

impl Start {
    fn read(of: &str, asked: &SearchAsked) -> Result<Self, Error> {
        let given = asked.cursor.as_deref();
        Ok(match asked.sort {
            SearchSort::Newest => Self::Row(cursor(of, given)?),
            SearchSort::Relevance => Self::Place(cursor(of, given)?),
        })
    }
}

/// What a cursor is bound to.
fn name(asked: &SearchAsked) -> String {
    format!(
        "search {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        asked.sort,
        asked.query,
        asked.sections,
        asked.tags,
        asked.contributors,
        asked.kinds,
        asked.locales,
        asked.published_after,
        asked.published_before
    )
}

fn filter(conn: &mut PublicConn, asked: &SearchAsked) -> Result<SearchFilter, Error> {
    let sections = if asked.sections.is_empty() {
        Vec::new()
    } else {
        public::sections(conn)?
    };
    let tags = public::tags_by_slug(conn, &asked.tags)?;
    let contributors = public::contributors_by_slug(conn, &asked.contributors)?;
    Ok(SearchFilter {
        sections: with_children(&sections, &asked.sections)?,
        tags: ids_of("tag", &asked.tags, &tags)?,
        contributors: ids_of("contributor", &asked.contributors, &contributors)?,
        kinds: asked.kinds.clone(),
        locales: asked.locales.clone(),
        published_after: asked.published_after,
        published_before: asked.published_before,
    })
}

/// The newest matches first, then older ones that have it in the headline; and whether there are no others.
fn candidates(
    conn: &mut PublicConn,
    query: &SearchQuery,
    filter: &SearchFilter,
) -> Result<(Vec<Candidate>, TotalRelation), Error> {
    let mut found = public::matches(conn, query, filter, None, CANDIDATES + 1)?;
    if found.len() <= CANDIDATES {
        return Ok((found, TotalRelation::Exact));
    }
    found.truncate(CANDIDATES);
    let known: HashSet<i64> = found.iter().map(|one| one.row).collect();
    let older = public::headline_matches(conn, query, filter, HEADLINES)?;
    found.extend(older.into_iter().filter(|one| !known.contains(&one.row)));
    Ok((found, TotalRelation::AtLeast))
}

/// A page of all matches, which begins at the candidates.
fn newest(
    conn: &mut PublicConn,
    query: &SearchQuery,
    filter: &SearchFilter,
    mut found: Vec<Candidate>,
    after: Option<ByRow>,
    (limit, of): (Limit, &str),
) -> Result<Page<Candidate>, Error> {
    let rows = if let Some(ByRow(row)) = after {
        public::matches(conn, query, filter, Some(row), limit.get() + 1)?
    } else {
        found.truncate(limit.get() + 1);
        found
    };
    Ok(Page::cut(rows, limit, of, |one| ByRow(one.row)))
}

/// A page of the candidates by rank. Where the last one that was shown is gone, the others have moved up by one.
fn best(
    query: &SearchQuery,
    found: Vec<Candidate>,
    after: Option<&ByPlace>,
    (limit, of): (Limit, &str),
) -> Page<Candidate> {
    let ranked = ranked(query, found);
    let start = after.map_or(0, |last| {
        let known = ranked.iter().position(|one| one.article_id.0 == last.id);
        known.map_or(usize::from(last.place).saturating_sub(1), |at| at + 1)
    });
    let more = ranked.len() > start + limit.get();
    let items: Vec<Candidate> = ranked.into_iter().skip(start).take(limit.get()).collect();
    let last = items.last().filter(|_| more).map(|last| ByPlace {
        place: u16::try_from(start + items.len()).unwrap_or(u16::MAX),
        id: last.article_id.0,
    });
    Page {
        next_cursor: last.map(|last: ByPlace| write_cursor(of, &last)),
        items,
        ..Page::empty()
    }
}
