//! Sections.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::sections;
use crate::domain::id::{SectionId, UserId};
use crate::domain::page::ByWord;
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::text::{Description, Name};
use crate::domain::time::Timestamp;

/// A row of `sections`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sections, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: SectionId,
    slug: Slug,
    name: Name,
    description: Option<Description>,
    parent_id: Option<SectionId>,
    position: i32,
    revision: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
    updated_by: Option<UserId>,
}

impl From<&Section> for Row {
    fn from(section: &Section) -> Self {
        Self {
            id: section.id,
            slug: section.slug.clone(),
            name: section.name.clone(),
            description: section.description.clone(),
            parent_id: section.parent_id,
            position: section.position,
            revision: section.revision,
            created_at: section.created_at,
            updated_at: section.updated_at,
            updated_by: section.updated_by,
        }
    }
}

impl From<Row> for Section {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            description: row.description,
            parent_id: row.parent_id,
            position: row.position,
            revision: row.revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        }
    }
}

pub fn insert(conn: &mut DbConn, section: &Section) -> Result<()> {
    let row = Row::from(section);
    on_backend!(conn, |c| diesel::insert_into(sections::table).values(&row).execute(c))?;
    Ok(())
}

/// Writes the section if it still has the revision that the change was based on; false when it has moved on.
pub fn update(conn: &mut DbConn, section: &Section, was_revision: i32) -> Result<bool> {
    let row = Row::from(section);
    let target = sections::table
        .filter(sections::id.eq(section.id))
        .filter(sections::revision.eq(was_revision));
    Ok(on_backend!(conn, |c| diesel::update(target).set(&row).execute(c))? > 0)
}

/// False when there was none. [`Referenced`](super::StoreError::Referenced) while something names it.
pub fn delete(conn: &mut DbConn, id: SectionId) -> Result<bool> {
    let target = sections::table.filter(sections::id.eq(id));
    Ok(on_backend!(conn, |c| diesel::delete(target).execute(c))? > 0)
}

pub fn by_id(conn: &mut DbConn, id: SectionId) -> Result<Option<Section>> {
    let query = sections::table.filter(sections::id.eq(id));
    Ok(on_backend!(conn, |c| query.select(Row::as_select()).first(c).optional())?.map(Section::from))
}

/// The section, which nobody else changes, deletes or begins to refer to until the transaction ends.
pub fn for_update(conn: &mut DbConn, id: SectionId) -> Result<Option<Section>> {
    let query = sections::table.filter(sections::id.eq(id));
    let row = match conn {
        DbConn::Sqlite(c) => query.select(Row::as_select()).first(c).optional(),
        DbConn::Postgres(c) => query.select(Row::as_select()).for_update().first(c).optional(),
    }?;
    Ok(row.map(Section::from))
}

pub fn slug_taken(conn: &mut DbConn, slug: &Slug, except: Option<SectionId>) -> Result<bool> {
    // The nil id is nobody's.
    let except = except.unwrap_or(SectionId(uuid::Uuid::nil()));
    let others = sections::table
        .filter(sections::slug.eq(slug))
        .filter(sections::id.ne(except));
    let taken = diesel::select(exists(others));
    Ok(on_backend!(conn, |c| taken.get_result(c))?)
}

/// A page, by slug.
pub fn list(conn: &mut DbConn, after: Option<ByWord>, limit: usize) -> Result<Vec<Section>> {
    // No slug is empty, so every slug comes after the empty one.
    let after = after.map_or_else(String::new, |ByWord(slug)| slug);
    let query = sections::table
        .filter(sections::slug.gt(after))
        .order(sections::slug)
        .limit(rows(limit));
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(Section::from).collect())
}

/// All of them, in their order among siblings: by position, then by name.
pub fn all(conn: &mut DbConn) -> Result<Vec<Section>> {
    let query = sections::table.order((sections::position, sections::name, sections::id));
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(Section::from).collect())
}

/// The section, its parent, and so on to the top; empty when there is no such section. One statement: a site has tens of
/// sections, and reading them all is cheaper than asking level by level.
pub fn chain(conn: &mut DbConn, id: SectionId) -> Result<Vec<Section>> {
    Ok(crate::domain::section::chain(&all(conn)?, id))
}
