//! A change of what working copies name, by a use case that is about what they name.

use super::keep::save;
use crate::domain::article::Content;
use crate::domain::id::ArticleId;
use crate::domain::revision::Why;
use crate::services::{Ctx, Error, Refusal};
use crate::store::{self, DbConn};

/// Changes the content of an article, whatever state it is in, in the trash too. What had no unpublished changes is taken
/// for live in its new revision, which is answered: the caller issues its page anew.
pub(in crate::services) fn rewrite(
    ctx: &Ctx,
    tx: &mut DbConn,
    id: ArticleId,
    why: impl Into<Why>,
    change: impl FnOnce(&mut Content),
) -> Result<Option<i32>, Error> {
    let before = store::article::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    let mut article = before.clone();
    let live_as_it_is = !article.has_unpublished_changes();
    change(&mut article.content);
    article.touch(ctx.actor.id, ctx.now);
    let live = live_as_it_is.then_some(article.revision);
    article.live_revision = live.or(article.live_revision);
    save(ctx, tx, &before, &article, why)?;
    Ok(live)
}
