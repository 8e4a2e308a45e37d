//! What lists of both surfaces have in common.

use std::collections::HashSet;

use crate::domain::id::SectionId;
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::page::{ByWord, CursorKey, Place, read_cursor, read_place};
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::taxon::Taxon;
use crate::services::{Error, Refusal};

/// Where a page starts; `None` is the first page.
pub(super) fn cursor<K: CursorKey>(list: &str, cursor: Option<&str>) -> Result<Option<K>, Error> {
    cursor
        .map(|cursor| read_cursor(list, cursor).map_err(|bad| Refusal::BadCursor(bad).into()))
        .transpose()
}

/// The same in a list that is walked both ways.
pub(super) fn place<K: CursorKey>(list: &str, cursor: Option<&str>) -> Result<Option<Place<K>>, Error> {
    cursor
        .map(|cursor| read_place(list, cursor).map_err(|bad| Refusal::BadCursor(bad).into()))
        .transpose()
}

/// Where the next page starts in a list that goes by slug.
pub(super) fn by_slug<T: Taxon>(last: &T) -> ByWord {
    ByWord(last.slug().as_str().to_owned())
}

/// The ids of the named sections and of all below them. Empty when none is named.
///
/// # Errors
/// `Parameter` for a slug that no section has.
pub(super) fn with_children(all: &[Section], slugs: &[Slug]) -> Result<Vec<SectionId>, Error> {
    let wanted = ids_of("section", slugs, all)?;
    Ok(below(all, wanted.into_iter().collect()))
}

/// The ids of those found for `slugs`, the values of the parameter `name`.
///
/// # Errors
/// `Parameter` for a slug that none of them has.
pub(super) fn ids_of<T: Taxon>(name: &str, slugs: &[Slug], found: &[T]) -> Result<Vec<T::Id>, Error> {
    let find = |slug: &Slug| match found.iter().find(|one| one.slug() == slug) {
        Some(one) => Ok(one.id()),
        None => Err(unknown(name)),
    };
    slugs.iter().map(find).collect()
}

/// The refusal of a slug that nothing has, in the parameter that is named like what has it.
fn unknown(name: &str) -> Error {
    Refusal::Parameter(Flaw::new(Rule::UnknownReference, format!("names no {name}")).at(name)).into()
}

/// The given sections and all below them, in the order of `all`.
pub(super) fn below(all: &[Section], mut wanted: HashSet<SectionId>) -> Vec<SectionId> {
    loop {
        let before = wanted.len();
        let children = all
            .iter()
            .filter(|s| s.parent_id.is_some_and(|parent| wanted.contains(&parent)));
        let children: Vec<_> = children.map(|section| section.id).collect();
        wanted.extend(children);
        if wanted.len() == before {
            break;
        }
    }
    all.iter()
        .map(|section| section.id)
        .filter(|id| wanted.contains(id))
        .collect()
}
