//! The one place where an edition goes live and where it ends, with all that follows for readers.

use super::error::slug_race;
use super::{Ctx, Error};
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::search::SearchText;
use crate::domain::terms::terms;
use crate::store::{self, Constraint, DbConn};

/// Puts an edition in the place of the article's last one: its words are the ones that are searched, and where the article
/// is found elsewhere from now on, its old path leads on.
///
/// # Errors
/// `SlugTaken` when another live article has the slug.
pub(super) fn go_live(ctx: &Ctx, tx: &mut DbConn, edition: &Edition) -> Result<(), Error> {
    let (article, path) = (edition.article_id, &edition.summary.path);
    let last = match store::edition::close_live(tx, article, ctx.now)? {
        Some(path) => Some(path),
        None => store::edition::last_path(tx, article)?,
    };
    store::edition::insert(tx, edition)
        .map_err(|error| slug_race(error, Constraint::LiveSlug, &edition.summary.slug))?;
    if last.as_ref() != Some(path) {
        store::redirect::remove(tx, path)?;
        if let Some(last) = last {
            store::redirect::put(tx, &last, article, ctx.now)?;
        }
    }
    store::retraction::remove(tx, article)?;
    let text = SearchText::of(edition)?;
    store::search::put(tx, &text)?;
    Ok(store::terms::put(tx, article, &terms(text.words()))?)
}

/// Puts a changed edition in the place of the live one. What it says of the article and its times stays.
pub(super) fn reissue(ctx: &Ctx, tx: &mut DbConn, mut edition: Edition) -> Result<(), Error> {
    edition.id = EditionId(ctx.app.ids.uuid());
    edition.live_from = ctx.now;
    go_live(ctx, tx, &edition)
}

/// Ends what is live of an article.
pub(super) fn take_down(ctx: &Ctx, tx: &mut DbConn, article: ArticleId) -> Result<(), Error> {
    store::edition::close_live(tx, article, ctx.now)?;
    store::search::remove(tx, article)?;
    Ok(store::terms::remove(tx, article)?)
}
