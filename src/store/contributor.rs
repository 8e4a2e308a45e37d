//! Contributors: the people and organisations that bylines name.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::contributors;
use crate::domain::contributor::{Contributor, ContributorKind};
use crate::domain::id::{ContributorId, UserId};
use crate::domain::page::ByWord;
use crate::domain::slug::Slug;
use crate::domain::text::{Bio, Name};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;

/// A row of `contributors`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contributors, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    id: ContributorId,
    slug: Slug,
    name: Name,
    kind: ContributorKind,
    bio: Option<Bio>,
    url: Option<WebUrl>,
    revision: i32,
    created_at: Timestamp,
    updated_at: Timestamp,
    updated_by: Option<UserId>,
}

impl From<&Contributor> for Row {
    fn from(contributor: &Contributor) -> Self {
        Self {
            id: contributor.id,
            slug: contributor.slug.clone(),
            name: contributor.name.clone(),
            kind: contributor.kind,
            bio: contributor.bio.clone(),
            url: contributor.url.clone(),
            revision: contributor.revision,
            created_at: contributor.created_at,
            updated_at: contributor.updated_at,
            updated_by: contributor.updated_by,
        }
    }
}

impl From<Row> for Contributor {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            kind: row.kind,
            bio: row.bio,
            url: row.url,
            revision: row.revision,
            created_at: row.created_at,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        }
    }
}

pub fn insert(conn: &mut DbConn, contributor: &Contributor) -> Result<()> {
    let row = Row::from(contributor);
    on_backend!(conn, |c| diesel::insert_into(contributors::table)
        .values(&row)
        .execute(c))?;
    Ok(())
}

/// Writes the contributor if it still has the revision that the change was based on; false when it has moved on.
pub fn update(conn: &mut DbConn, contributor: &Contributor, was_revision: i32) -> Result<bool> {
    let row = Row::from(contributor);
    let target = contributors::table
        .filter(contributors::id.eq(contributor.id))
        .filter(contributors::revision.eq(was_revision));
    Ok(on_backend!(conn, |c| diesel::update(target).set(&row).execute(c))? > 0)
}

/// False when there was none. [`Referenced`](super::StoreError::Referenced) while something names it.
pub fn delete(conn: &mut DbConn, id: ContributorId) -> Result<bool> {
    let target = contributors::table.filter(contributors::id.eq(id));
    Ok(on_backend!(conn, |c| diesel::delete(target).execute(c))? > 0)
}

pub fn by_id(conn: &mut DbConn, id: ContributorId) -> Result<Option<Contributor>> {
    let query = contributors::table.filter(contributors::id.eq(id));
    Ok(on_backend!(conn, |c| query.select(Row::as_select()).first(c).optional())?.map(Contributor::from))
}

pub fn by_slug(conn: &mut DbConn, slug: &Slug) -> Result<Option<Contributor>> {
    let query = contributors::table.filter(contributors::slug.eq(slug));
    Ok(on_backend!(conn, |c| query.select(Row::as_select()).first(c).optional())?.map(Contributor::from))
}

/// The contributor, which nobody else changes, deletes or begins to refer to until the transaction ends.
pub fn for_update(conn: &mut DbConn, id: ContributorId) -> Result<Option<Contributor>> {
    let query = contributors::table.filter(contributors::id.eq(id));
    let row = match conn {
        DbConn::Sqlite(c) => query.select(Row::as_select()).first(c).optional(),
        DbConn::Postgres(c) => query.select(Row::as_select()).for_update().first(c).optional(),
    }?;
    Ok(row.map(Contributor::from))
}

pub fn slug_taken(conn: &mut DbConn, slug: &Slug, except: Option<ContributorId>) -> Result<bool> {
    // The nil id is nobody's.
    let except = except.unwrap_or(ContributorId(uuid::Uuid::nil()));
    let others = contributors::table
        .filter(contributors::slug.eq(slug))
        .filter(contributors::id.ne(except));
    let taken = diesel::select(exists(others));
    Ok(on_backend!(conn, |c| taken.get_result(c))?)
}

/// A page, by slug.
pub fn list(conn: &mut DbConn, after: Option<ByWord>, limit: usize) -> Result<Vec<Contributor>> {
    // No slug is empty, so every slug comes after the empty one.
    let after = after.map_or_else(String::new, |ByWord(slug)| slug);
    let query = contributors::table
        .filter(contributors::slug.gt(after))
        .order(contributors::slug)
        .limit(rows(limit));
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(Contributor::from).collect())
}

/// Those of `ids` that there are, in the order of `ids`, each once.
pub fn by_ids(conn: &mut DbConn, ids: &[ContributorId]) -> Result<Vec<Contributor>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = contributors::table.filter(contributors::id.eq_any(ids));
    let mut found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    found.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(found.into_iter().map(Contributor::from).collect())
}
