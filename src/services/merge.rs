//! Two that are one: every article that names the one names the other, and the one is gone.

use std::collections::HashMap;

use super::editions::reissue;
use super::taxonomy::{Counted, Kind, counted, deed, held};
use crate::domain::article::Content;
use crate::domain::audit::AuditAction;
use crate::domain::edition::{Edition, Summary};
use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::revision::RevisionReason;
use crate::services::articles::rewrite;
use crate::services::{Basis, Ctx, Error, audit};
use crate::store::{self, DbConn, StoreError};

/// What stands in lists of articles, where another can take its place: contributors and tags.
pub trait Listed: Kind {
    /// All articles whose working copy names it, in the trash too.
    fn articles_naming(tx: &mut DbConn, id: Self::Id) -> Result<Vec<ArticleId>, StoreError>;

    /// Has the content name `by` where it named `named`.
    fn replace(content: &mut Content, named: Self::Id, by: Self::Id);

    /// The live editions that show it.
    fn live_showing(tx: &mut DbConn, id: Self::Id) -> Result<Vec<Edition>, StoreError>;

    /// Has readers see this one where `named` was shown; true when something changed.
    fn show(&self, summary: &mut Summary, named: Self::Id) -> bool;
}

/// Has every live page that shows it show it as it is now.
pub(super) fn show_everywhere<T: Listed>(one: &T, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error> {
    for mut edition in T::live_showing(tx, one.id())? {
        if one.show(&mut edition.summary, one.id()) {
            reissue(ctx, tx, edition)?;
        }
    }
    Ok(())
}

/// Puts `into` in the place of `id` wherever articles name it, in working copies and on live pages, and deletes `id`.
/// Working copies change by that, so their revisions move; what had no unpublished changes has none afterwards.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `Invalid` where `into` is not another one that is there.
pub async fn merge<T: Listed>(ctx: &Ctx, id: T::Id, basis: Basis, into: T::Id) -> Result<Counted<T>, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let goes = held::<T>(ctx, tx, id, &basis)?;
        let stays: T = other(tx, id, into)?;
        let mut live_revisions = HashMap::new();
        for article in T::articles_naming(tx, id)? {
            let live = rewrite(ctx, tx, article, RevisionReason::Merge, |content| {
                T::replace(content, id, into);
            })?;
            live_revisions.extend(live.map(|revision| (article, revision)));
        }
        for mut edition in T::live_showing(tx, id)? {
            stays.show(&mut edition.summary, id);
            if let Some(revision) = live_revisions.get(&edition.article_id) {
                edition.revision = *revision;
            }
            reissue(ctx, tx, edition)?;
        }
        // Editions that are no longer live are not found by it any more; what they showed stays as it was.
        T::forget_media(tx, id)?;
        T::delete(tx, id)?;
        let deed = deed(AuditAction::Merge, &goes).into_other(stays.audited().1);
        audit::record(ctx, tx, &deed)?;
        tracing::info!(into = stays.slug().as_str(), "Merged a {}", T::NOUN);
        counted(tx, stays, ctx.own_only())
    };
    ctx.write_holding(store::hold::names, write).await
}

/// The one that stays, which must be there and not be the one that goes.
fn other<T: Listed>(tx: &mut DbConn, goes: T::Id, stays: T::Id) -> Result<T, Error> {
    let refuse = |rule, message: String| Error::from(Invalids::from(Flaw::new(rule, message).at("/into")));
    if stays == goes {
        return Err(refuse(
            Rule::NotAllowed,
            format!("a {} cannot be merged into itself", T::NOUN),
        ));
    }
    T::for_update(tx, stays)?.ok_or_else(|| refuse(Rule::UnknownReference, format!("no {} has this id", T::NOUN)))
}
