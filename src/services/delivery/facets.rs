//! What was found, counted by what readers narrow a search down by.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::domain::article::ArticleKind;
use crate::domain::id::{ArticleId, SectionId, TagId};
use crate::domain::search::{Candidate, Facet};
use crate::domain::section::{Section, chain};
use crate::domain::tag::Tag;
use crate::services::Error;
use crate::store::PublicConn;
use crate::store::public::{self, Counted};

/// Values of one facet that are told, those with most first.
const MOST: usize = 50;

/// How many of what was looked at have each value; `None` where that was not asked.
#[derive(Debug, Default)]
pub struct Facets {
    /// An article counts for its section and for each above it, as a filter finds it.
    pub sections: Option<Vec<(Section, usize)>>,
    pub kinds: Option<Vec<(ArticleKind, usize)>>,
    pub tags: Option<Vec<(Tag, usize)>>,
    /// As `2026-02`, in UTC, the latest first.
    pub months: Option<Vec<(String, usize)>>,
}

/// The facets that were asked for; `None` where none was.
pub(super) fn facets(conn: &mut PublicConn, asked: &[Facet], found: &[Candidate]) -> Result<Option<Facets>, Error> {
    if asked.is_empty() {
        return Ok(None);
    }
    let has = |facet: Facet| asked.contains(&facet);
    let ids: Vec<ArticleId> = found.iter().map(|one| one.article_id).collect();
    let counted = if has(Facet::Section) || has(Facet::Kind) || has(Facet::Tag) {
        public::counted(conn, &ids)?
    } else {
        Vec::new()
    };
    Ok(Some(Facets {
        sections: has(Facet::Section).then(|| sections(conn, &counted)).transpose()?,
        kinds: has(Facet::Kind).then(|| {
            let kinds = most(counted.iter().map(|one| one.kind), |kind| kind.as_str().to_owned());
            kinds.into_iter().take(MOST).collect()
        }),
        tags: has(Facet::Tag).then(|| tags(conn, &counted)).transpose()?,
        months: has(Facet::Month).then(|| months(found)),
    }))
}

fn sections(conn: &mut PublicConn, counted: &[Counted]) -> Result<Vec<(Section, usize)>, Error> {
    let all = public::sections(conn)?;
    let of_each = counted.iter().filter_map(|one| one.section);
    let with_above = of_each.flat_map(|id| chain(&all, id).into_iter().map(|section| section.id));
    let find = |id: SectionId| all.iter().find(|section| section.id == id);
    let ids = most(with_above, |id| {
        find(*id).map(|one| one.slug.as_str().to_owned()).unwrap_or_default()
    });
    let named = ids
        .into_iter()
        .filter_map(|(id, count)| Some((find(id)?.clone(), count)));
    Ok(named.take(MOST).collect())
}

fn tags(conn: &mut PublicConn, counted: &[Counted]) -> Result<Vec<(Tag, usize)>, Error> {
    let counts = most(counted.iter().flat_map(|one| one.tags.iter().copied()), |id: &TagId| {
        id.0.to_string()
    });
    let counts: Vec<(TagId, usize)> = counts.into_iter().take(MOST).collect();
    let ids: Vec<TagId> = counts.iter().map(|(id, _)| *id).collect();
    let found = public::tags_by_id(conn, &ids)?;
    let find = |id: TagId| found.iter().find(|tag| tag.id == id).cloned();
    Ok(counts
        .into_iter()
        .filter_map(|(id, count)| Some((find(id)?, count)))
        .collect())
}

fn months(found: &[Candidate]) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in found {
        let date = one.published_at.date();
        let month = format!("{:04}-{:02}", date.year(), u8::from(date.month()));
        *counts.entry(month).or_default() += 1;
    }
    counts.into_iter().rev().take(MOST).collect()
}

/// How often each value is there, those with most first, and those with as many by name.
fn most<T: Copy + Eq + Hash>(values: impl Iterator<Item = T>, name: impl Fn(&T) -> String) -> Vec<(T, usize)> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(T, usize)> = counts.into_iter().collect();
    counts.sort_by_cached_key(|(value, count)| (std::cmp::Reverse(*count), name(value)));
    counts
}
