//! Lists of articles as readers see them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::article::rows;
use super::super::conn::{PublicConn, on_backend};
use super::super::error::Result;
use super::listing::{Counted, Latest, Listing};
use super::past;
use crate::domain::article::ArticleKind;
use crate::domain::id::{ArticleId, ContributorId, EditionId, SectionId, ShelfId, TagId};
use crate::domain::locale::Locale;
use crate::domain::page::{ByTime, Place};
use crate::domain::shelf::{ArticleSort, Shelf};
use crate::domain::time::{Moment, Timestamp};

/// Which articles. An empty list leaves that side open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicFilter {
    pub moment: Moment,
    /// With what stands below them; but for a moment in the past, themselves only.
    pub sections: Vec<SectionId>,
    pub tags: Vec<TagId>,
    pub contributors: Vec<ContributorId>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    /// With a related link to one of these.
    pub related_to: Vec<ArticleId>,
    pub ids: Vec<ArticleId>,
    /// Exclusive.
    pub published_after: Option<Timestamp>,
    /// Exclusive.
    pub published_before: Option<Timestamp>,
}

impl PublicFilter {
    /// The shelves to stand on, one of each group; those first that tend to be short.
    pub(super) fn groups(&self) -> Vec<Vec<ShelfId>> {
        let groups = [
            self.related_to.iter().map(|id| Shelf::LinksTo(*id).id()).collect(),
            self.tags.iter().map(|id| Shelf::Tag(*id).id()).collect(),
            self.contributors
                .iter()
                .map(|id| Shelf::Contributor(*id).id())
                .collect(),
            self.sections.iter().map(|id| Shelf::Section(*id).id()).collect(),
            self.kinds.iter().map(|kind| Shelf::Kind(*kind).id()).collect(),
            self.locales
                .iter()
                .map(|locale| Shelf::Locale(locale).id())
                .collect::<Vec<_>>(),
        ];
        groups.into_iter().filter(|group| !group.is_empty()).collect()
    }
}

/// Where a page begins, in which order, and how long it is.
#[derive(Debug, Clone)]
pub struct Asked {
    pub sort: ArticleSort,
    pub from: Option<Place<ByTime>>,
    pub limit: usize,
}

/// A page in the order in which it is walked.
pub fn list(conn: &mut PublicConn, filter: &PublicFilter, asked: &Asked) -> Result<Vec<EditionId>> {
    match filter.moment {
        Moment::At(at) => past::list(conn, filter, at, asked),
        Moment::Now => {
            let listing = Listing::new(filter, asked);
            let rows: Vec<(EditionId, Timestamp, ArticleId)> = on_backend!(&mut conn.0, |c| listing.load(c))?;
            Ok(rows.into_iter().map(|(id, ..)| id).collect())
        }
    }
}

/// How many there are in all.
pub fn count(conn: &mut PublicConn, filter: &PublicFilter) -> Result<i64> {
    match filter.moment {
        Moment::At(at) => past::count(conn, filter, at),
        Moment::Now => Ok(on_backend!(&mut conn.0, |c| Counted::new(filter).get_result(c))?),
    }
}

/// The latest of each shelf, the latest published first: one statement, however many shelves.
pub fn latest(conn: &mut PublicConn, of: &[ShelfId], limit: usize) -> Result<HashMap<ShelfId, Vec<EditionId>>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let query = Latest { of, limit: rows(limit) };
    let found: Vec<(ShelfId, EditionId)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let mut latest: HashMap<ShelfId, Vec<EditionId>> = HashMap::new();
    for (shelf, id) in found {
        latest.entry(shelf).or_default().push(id);
    }
    Ok(latest)
}
