//! Facts that a database keeps about itself, by name.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::settings;

pub fn get(conn: &mut DbConn, key: &str) -> Result<Option<String>> {
    let query = settings::table.filter(settings::key.eq(key)).select(settings::value);
    Ok(on_backend!(conn, |c| query.first(c).optional())?)
}

pub fn set(conn: &mut DbConn, key: &str, value: &str) -> Result<()> {
    let row = (settings::key.eq(key), settings::value.eq(value));
    on_backend!(conn, |c| {
        diesel::insert_into(settings::table)
            .values(&row)
            .on_conflict(settings::key)
            .do_update()
            .set(settings::value.eq(value))
            .execute(c)
    })?;
    Ok(())
}
