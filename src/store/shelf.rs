//! The shelves that live articles stand on, written and removed with their editions.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::among::Among as _;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::Result;
use super::schema::{edition_contributors, edition_related, edition_tags, editions, sections, shelves};
use crate::domain::article::ArticleKind;
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, ContributorId, EditionId, SectionId, ShelfId, TagId};
use crate::domain::locale::Locale;
use crate::domain::shelf::{self, Shelf};
use crate::domain::time::Timestamp;

/// Editions that are looked at together when all shelves are filled.
const BATCH: i64 = 1_000;

#[derive(Insertable)]
#[diesel(table_name = shelves, treat_none_as_default_value = false)]
struct Row {
    shelf: ShelfId,
    published_at: Timestamp,
    article_id: ArticleId,
    updated_at: Timestamp,
}

/// Puts a live edition on its shelves. Its article must stand on none.
pub(super) fn put(conn: &mut DbConn, edition: &Edition) -> Result<()> {
    let row = |shelf| Row {
        shelf,
        published_at: edition.summary.published_at,
        article_id: edition.article_id,
        updated_at: edition.summary.updated_at,
    };
    let rows: Vec<_> = shelf::shelves(edition).into_iter().map(row).collect();
    insert_rows!(conn, shelves::table, rows)
}

/// Takes an article off all shelves.
pub(super) fn remove(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let rows = shelves::table.filter(shelves::article_id.eq(article));
    on_backend!(conn, |c| diesel::delete(rows).execute(c))?;
    Ok(())
}

type Live = (
    EditionId,
    ArticleId,
    ArticleKind,
    Locale,
    Option<SectionId>,
    Timestamp,
    Timestamp,
);

/// Puts every live article on its shelves. For the migration that brought them; it must go on reading those columns only that
/// were there then.
pub(super) fn fill(conn: &mut DbConn) -> Result<()> {
    let query = sections::table.select((sections::id, sections::parent_id));
    let tree: Vec<(SectionId, Option<SectionId>)> = on_backend!(conn, |c| query.load(c))?;
    let parents = tree.into_iter().collect();
    let mut after = EditionId(uuid::Uuid::nil());
    loop {
        let query = editions::table
            .filter(editions::live_until.is_null())
            .filter(editions::id.gt(after))
            .order(editions::id)
            .limit(BATCH)
            .select((
                editions::id,
                editions::article_id,
                editions::kind,
                editions::locale,
                editions::section_id,
                editions::published_at,
                editions::updated_at,
            ));
        let found: Vec<Live> = on_backend!(conn, |c| query.load(c))?;
        let Some((last, ..)) = found.last() else {
            return Ok(());
        };
        after = *last;
        fill_some(conn, &found, &parents)?;
    }
}

fn fill_some(conn: &mut DbConn, found: &[Live], parents: &HashMap<SectionId, Option<SectionId>>) -> Result<()> {
    let ids: Vec<EditionId> = found.iter().map(|(id, ..)| *id).collect();
    let tags = edition_tags::table.filter(edition_tags::edition_id.among(&ids));
    let tags: Vec<(EditionId, TagId)> = on_backend!(conn, |c| tags.load(c))?;
    let named = edition_contributors::table.filter(edition_contributors::edition_id.among(&ids));
    let named: Vec<(EditionId, ContributorId)> = on_backend!(conn, |c| named.load(c))?;
    let links = edition_related::table
        .filter(edition_related::edition_id.among(&ids))
        .select((edition_related::edition_id, edition_related::target_article_id));
    let links: Vec<(EditionId, Option<ArticleId>)> = on_backend!(conn, |c| links.load(c))?;
    let mut shelves: HashMap<EditionId, BTreeSet<ShelfId>> = HashMap::new();
    let tags = tags.into_iter().map(|(edition, tag)| (edition, Shelf::Tag(tag).id()));
    let named = named
        .into_iter()
        .map(|(edition, one)| (edition, Shelf::Contributor(one).id()));
    let links = links
        .into_iter()
        .filter_map(|(edition, to)| Some((edition, Shelf::LinksTo(to?).id())));
    for (edition, shelf) in tags.chain(named).chain(links) {
        shelves.entry(edition).or_default().insert(shelf);
    }
    for (edition, article, kind, locale, section, published_at, updated_at) in found {
        let mut own = shelves.remove(edition).unwrap_or_default();
        own.extend([Shelf::Site, Shelf::Kind(*kind), Shelf::Locale(locale)].map(|shelf| shelf.id()));
        let mut next = *section;
        while let Some(id) = next {
            // A circle, should there ever have been one, ends where it began.
            next = if own.insert(Shelf::Section(id).id()) {
                parents.get(&id).copied().flatten()
            } else {
                None
            };
        }
        let row = |shelf| Row {
            shelf,
            published_at: *published_at,
            article_id: *article,
            updated_at: *updated_at,
        };
        let rows: Vec<_> = own.into_iter().map(row).collect();
        insert_rows!(conn, shelves::table, rows)?;
    }
    Ok(())
}
