//! What readers are told of articles that were taken back.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::retractions;
use crate::domain::correction::Retraction;
use crate::domain::id::ArticleId;
use crate::domain::text::CorrectionText;
use crate::domain::time::Timestamp;

/// Writes down that an article was taken back, in the place of what was told before.
pub fn put(conn: &mut DbConn, article: ArticleId, retraction: &Retraction) -> Result<()> {
    remove(conn, article)?;
    let row = (
        retractions::article_id.eq(article),
        retractions::notice.eq(retraction.notice.as_ref()),
        retractions::retracted_at.eq(retraction.retracted_at),
    );
    on_backend!(conn, |c| diesel::insert_into(retractions::table).values(row).execute(c))?;
    Ok(())
}

/// Has readers be told otherwise.
pub fn set_notice(conn: &mut DbConn, article: ArticleId, notice: Option<&CorrectionText>) -> Result<()> {
    let row = retractions::table.filter(retractions::article_id.eq(article));
    on_backend!(conn, |c| diesel::update(row)
        .set(retractions::notice.eq(notice))
        .execute(c))?;
    Ok(())
}

/// Forgets it, when readers have the article again.
pub fn remove(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let row = retractions::table.filter(retractions::article_id.eq(article));
    on_backend!(conn, |c| diesel::delete(row).execute(c))?;
    Ok(())
}

pub(super) fn of(conn: &mut DbConn, article: ArticleId) -> Result<Option<Retraction>> {
    let query = retractions::table
        .filter(retractions::article_id.eq(article))
        .select((retractions::notice, retractions::retracted_at));
    let found: Option<(Option<CorrectionText>, Timestamp)> = on_backend!(conn, |c| query.first(c).optional())?;
    Ok(found.map(|(notice, retracted_at)| Retraction { notice, retracted_at }))
}
