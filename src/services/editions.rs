//! The one place where an edition goes live and where it ends, with all that follows for readers.

use super::error::slug_race;
use super::{Ctx, Error};
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::search::{IndexEntry, SearchText};
use crate::domain::terms::terms;
use crate::store::{self, Constraint, DbConn};

/// Puts an edition in the place of the article's last one: its words are the ones that are searched, and where the article
/// is found elsewhere from now on, its old path leads on. It is live from where that one ends, should the clock of whoever was
/// there first be ahead, so that no moment has two editions.
///
/// # Errors
/// `SlugTaken` when another live article has the slug.
pub(super) fn go_live(ctx: &Ctx, tx: &mut DbConn, mut edition: Edition) -> Result<(), Error> {
    let article = edition.article_id;
    let last = match store::edition::close_live(tx, article, ctx.now)? {
        Some(closed) => Some(closed),
        None => store::edition::last(tx, article)?,
    };
    edition.live_from = last.as_ref().map_or(ctx.now, |last| last.until.max(ctx.now));
    store::edition::insert(tx, &edition)
        .map_err(|error| slug_race(error, Constraint::LiveSlug, &edition.summary.slug))?;
    let path = &edition.summary.path;
    if last.as_ref().is_none_or(|last| last.path != *path) {
        store::redirect::remove(tx, path)?;
        if let Some(last) = last {
            store::redirect::put(tx, &last.path, article, ctx.now)?;
        }
    }
    store::retraction::remove(tx, article)?;
    let text = SearchText::of(&edition)?;
    store::search::put(tx, &IndexEntry::new(&edition.summary, &text))?;
    Ok(store::terms::put(tx, article, &terms(text.words()))?)
}

/// Puts a changed edition in the place of the live one. What it says of the article and its times stays.
pub(super) fn reissue(ctx: &Ctx, tx: &mut DbConn, mut edition: Edition) -> Result<(), Error> {
    edition.id = EditionId(ctx.app.ids.uuid());
    go_live(ctx, tx, edition)
}

/// Ends what is live of an article.
pub(super) fn take_down(ctx: &Ctx, tx: &mut DbConn, article: ArticleId) -> Result<(), Error> {
    store::edition::close_live(tx, article, ctx.now)?;
    store::search::remove(tx, article)?;
    Ok(store::terms::remove(tx, article)?)
}
