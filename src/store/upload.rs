//! Files that come in parts.

use diesel::prelude::*;

use super::among::Among as _;
use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::schema::uploads;
use super::types::{from_json, to_json};
use crate::domain::id::{MediaId, UploadId, UserId};
use crate::domain::media::PartialUpload;
use crate::domain::text::Filename;
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = uploads, treat_none_as_default_value = false)]
struct UploadRow {
    id: UploadId,
    length: i64,
    received: i64,
    parts: String,
    filename: Option<Filename>,
    fields: String,
    media_id: Option<MediaId>,
    created_by: UserId,
    created_at: Timestamp,
    expires_at: Timestamp,
}

pub fn insert(conn: &mut DbConn, new: &PartialUpload) -> Result<()> {
    let row = UploadRow {
        id: new.id,
        length: count(new.length)?,
        received: count(new.received())?,
        parts: to_json(&new.parts)?,
        filename: new.filename.clone(),
        fields: to_json(&new.fields)?,
        media_id: new.media_id,
        created_by: new.created_by,
        created_at: new.created_at,
        expires_at: new.expires_at,
    };
    on_backend!(conn, |c| diesel::insert_into(uploads::table).values(&row).execute(c))?;
    Ok(())
}

pub fn by_id(conn: &mut DbConn, id: UploadId) -> Result<Option<PartialUpload>> {
    let query = uploads::table.filter(uploads::id.eq(id));
    let row: Option<UploadRow> = on_backend!(conn, |c| query.select(UploadRow::as_select()).first(c).optional())?;
    row.map(UploadRow::whole).transpose()
}

/// Writes down the parts that are kept by now, and what they became; false when it is not at `from` any more, or became a
/// media.
pub fn advance(conn: &mut DbConn, now: &PartialUpload, from: u64) -> Result<bool> {
    let target = uploads::table
        .filter(uploads::id.eq(now.id))
        .filter(uploads::received.eq(count(from)?))
        .filter(uploads::media_id.is_null());
    let parts = to_json(&now.parts)?;
    let change = (
        uploads::received.eq(count(now.received())?),
        uploads::parts.eq(parts),
        uploads::media_id.eq(now.media_id),
    );
    Ok(on_backend!(conn, |c| diesel::update(target).set(change).execute(c))? > 0)
}

pub fn delete(conn: &mut DbConn, id: UploadId) -> Result<()> {
    let target = uploads::table.filter(uploads::id.eq(id));
    on_backend!(conn, |c| diesel::delete(target).execute(c))?;
    Ok(())
}

/// Forgets those that expired before `now`.
pub fn delete_expired(conn: &mut DbConn, now: Timestamp) -> Result<()> {
    let target = uploads::table.filter(uploads::expires_at.lt(now));
    on_backend!(conn, |c| diesel::delete(target).execute(c))?;
    Ok(())
}

/// Of these, those that are under way.
pub fn open(conn: &mut DbConn, ids: &[UploadId]) -> Result<Vec<UploadId>> {
    let query = uploads::table
        .filter(uploads::id.among(ids))
        .filter(uploads::media_id.is_null())
        .select(uploads::id);
    Ok(on_backend!(conn, |c| query.load(c))?)
}

impl UploadRow {
    fn whole(self) -> Result<PartialUpload> {
        Ok(PartialUpload {
            id: self.id,
            length: u64::try_from(self.length).map_err(StoreError::broken)?,
            parts: from_json(&self.parts)?,
            filename: self.filename,
            fields: from_json(&self.fields)?,
            media_id: self.media_id,
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
}

fn count(bytes: u64) -> Result<i64> {
    i64::try_from(bytes).map_err(StoreError::broken)
}
