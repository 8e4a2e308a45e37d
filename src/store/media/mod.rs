//! Media: rows of what is said of them, and the bytes that they have or had.

mod list;
mod row;

use diesel::prelude::*;

use super::among::Among as _;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{media, media_files};
use crate::domain::id::MediaId;
use crate::domain::media::{Media, MediaType};
use crate::domain::time::Timestamp;
use row::MediaRow;

pub use list::{MediaFilter, count, list};

/// Writes a new one.
pub fn insert(conn: &mut DbConn, new: &Media) -> Result<()> {
    let row = MediaRow::of(new)?;
    on_backend!(conn, |c| diesel::insert_into(media::table).values(&row).execute(c))?;
    remember_file(conn, new)
}

/// Writes it if it still has the revision that the change was based on; false when it has moved on.
pub fn update(conn: &mut DbConn, changed: &Media, was_revision: i32) -> Result<bool> {
    let row = MediaRow::of(changed)?;
    let target = media::table
        .filter(media::id.eq(changed.id))
        .filter(media::revision.eq(was_revision));
    let written = on_backend!(conn, |c| diesel::update(target).set(&row).execute(c))? > 0;
    if written {
        remember_file(conn, changed)?;
    }
    Ok(written)
}

pub fn by_id(conn: &mut DbConn, id: MediaId) -> Result<Option<Media>> {
    let query = media::table.filter(media::id.eq(id));
    let row: Option<MediaRow> = on_backend!(conn, |c| query.select(MediaRow::as_select()).first(c).optional())?;
    row.map(MediaRow::whole).transpose()
}

/// The same, and nobody else changes it or begins to refer to it until the transaction ends.
pub fn for_update(conn: &mut DbConn, id: MediaId) -> Result<Option<Media>> {
    let query = media::table.filter(media::id.eq(id));
    let row: Option<MediaRow> = match conn {
        DbConn::Sqlite(c) => query.select(MediaRow::as_select()).first(c).optional(),
        DbConn::Postgres(c) => query.select(MediaRow::as_select()).for_update().first(c).optional(),
    }?;
    row.map(MediaRow::whole).transpose()
}

/// Those of `ids` that there are, trash included, in the order of `ids`, each once.
pub fn by_ids(conn: &mut DbConn, ids: &[MediaId]) -> Result<Vec<Media>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = media::table.filter(media::id.among(ids));
    let mut found: Vec<MediaRow> = on_backend!(conn, |c| query.select(MediaRow::as_select()).load(c))?;
    found.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id));
    found.into_iter().map(MediaRow::whole).collect()
}

/// The oldest media outside the trash that has these bytes.
pub fn with_bytes(conn: &mut DbConn, sha256: &str) -> Result<Option<Media>> {
    let query = media::table
        .filter(media::sha256.eq(sha256))
        .filter(media::deleted_at.is_null())
        .order((media::created_at, media::id));
    let row: Option<MediaRow> = on_backend!(conn, |c| query.select(MediaRow::as_select()).first(c).optional())?;
    row.map(MediaRow::whole).transpose()
}

/// Of these hashes, those whose bytes some media has or had.
pub fn known_bytes(conn: &mut DbConn, hashes: &[String]) -> Result<Vec<String>> {
    let query = media_files::table
        .filter(media_files::sha256.among(hashes))
        .select(media_files::sha256)
        .distinct();
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// The hashes of all bytes that any media has or had, after one of them, and how many bytes those are where some media has them now;
/// at most so many.
pub fn files(conn: &mut DbConn, after: &str, most: i64) -> Result<Vec<(String, Option<i64>)>> {
    let query = media_files::table
        .left_join(media::table.on(media::sha256.eq(media_files::sha256)))
        .filter(media_files::sha256.gt(after))
        .select((media_files::sha256, media::bytes.nullable()))
        .distinct()
        .order(media_files::sha256)
        .limit(most);
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// The media, trash included, whose present bytes have one of these hashes.
pub fn with_hashes(conn: &mut DbConn, hashes: &[String]) -> Result<Vec<Media>> {
    let query = media::table.filter(media::sha256.among(hashes));
    let found: Vec<MediaRow> = on_backend!(conn, |c| query.select(MediaRow::as_select()).load(c))?;
    found.into_iter().map(MediaRow::whole).collect()
}

/// Bytes that a media has or had.
#[derive(Insertable)]
#[diesel(table_name = media_files)]
struct FileRow<'a> {
    sha256: &'a str,
    media_id: MediaId,
    mime: MediaType,
    created_at: Timestamp,
}

fn remember_file(conn: &mut DbConn, of: &Media) -> Result<()> {
    let row = FileRow {
        sha256: &of.file.sha256,
        media_id: of.id,
        mime: of.file.mime,
        created_at: of.updated_at,
    };
    on_backend!(conn, |c| {
        diesel::insert_into(media_files::table)
            .values(&row)
            .on_conflict((media_files::sha256, media_files::media_id))
            .do_nothing()
            .execute(c)
    })?;
    Ok(())
}
