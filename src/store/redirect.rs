//! Paths that readers once had, and the article that each leads to now.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::redirects;
use crate::domain::id::ArticleId;
use crate::domain::time::Timestamp;

/// Has a path that is no longer in use lead to its article; to the last one that had it, should there have been several.
pub fn put(conn: &mut DbConn, path: &str, article: ArticleId, now: Timestamp) -> Result<()> {
    let leads = (redirects::article_id.eq(article), redirects::created_at.eq(now));
    let row = (redirects::path.eq(path), leads);
    on_backend!(conn, |c| diesel::insert_into(redirects::table)
        .values(&row)
        .on_conflict(redirects::path)
        .do_update()
        .set(leads)
        .execute(c))?;
    Ok(())
}

/// For a path that is in use again.
pub fn remove(conn: &mut DbConn, path: &str) -> Result<()> {
    let row = redirects::table.filter(redirects::path.eq(path));
    on_backend!(conn, |c| diesel::delete(row).execute(c))?;
    Ok(())
}
