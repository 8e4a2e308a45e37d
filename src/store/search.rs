//! The words of live articles. The full-text index over them is kept by the database itself: by triggers on SQLite, as an
//! index on PostgreSQL.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::search_texts;
use crate::domain::id::ArticleId;
use crate::domain::search::SearchText;

/// Has an article be found by these words and no others.
pub fn put(conn: &mut DbConn, text: &SearchText) -> Result<()> {
    let words = (
        search_texts::locale.eq(&text.locale),
        search_texts::headline.eq(&text.headline),
        search_texts::deck.eq(&text.deck),
        search_texts::byline.eq(&text.byline),
        search_texts::tags.eq(&text.tags),
        search_texts::body.eq(&text.body),
    );
    let row = (search_texts::article_id.eq(text.article_id), words);
    on_backend!(conn, |c| diesel::insert_into(search_texts::table)
        .values(row)
        .on_conflict(search_texts::article_id)
        .do_update()
        .set(words)
        .execute(c))?;
    Ok(())
}

/// Has an article be found no more.
pub fn remove(conn: &mut DbConn, article: ArticleId) -> Result<()> {
    let row = search_texts::table.filter(search_texts::article_id.eq(article));
    on_backend!(conn, |c| diesel::delete(row).execute(c))?;
    Ok(())
}
