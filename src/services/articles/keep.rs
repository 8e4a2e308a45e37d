//! Writing an article down, with the revision that the write makes.

use super::check;
use crate::domain::article::Article;
use crate::domain::audit::{AuditAction, AuditedKind, Deed};
use crate::domain::revision::{ArticleField, Revision, RevisionReason, Snapshot, Why};
use crate::services::{Ctx, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// Writes a new article.
pub(super) fn insert(ctx: &Ctx, tx: &mut DbConn, article: &Article, why: impl Into<Why>) -> Result<(), Error> {
    store::article::insert(tx, article).map_err(|error| check::slug_race(error, &article.slug))?;
    let revision = Revision::of(article, None, why.into());
    store::revision::insert(tx, &revision, &Snapshot::from(article))?;
    Ok(audit::record(ctx, tx, &deed(AuditAction::Create, article))?)
}

/// What is written down of a write.
pub(super) fn deed(action: AuditAction, article: &Article) -> Deed {
    let name = article.content.headline.as_str();
    Deed::new(action, AuditedKind::Article, article.id.0, name).at_revision(article.revision)
}

/// Writes the article over what it was before. Nobody else can have written in between on either database; the comparison in
/// the statement holds should that ever change.
pub(in crate::services) fn save(
    ctx: &Ctx,
    tx: &mut DbConn,
    before: &Article,
    article: &Article,
    why: impl Into<Why>,
) -> Result<(), Error> {
    let written = store::article::update(tx, before, article);
    if !written.map_err(|error| check::slug_race(error, &article.slug))? {
        return Err(Refusal::Stale(check::current(article)).into());
    }
    if article.schedule != before.schedule {
        store::job::plan(tx, article)?;
    }
    let mut revision = Revision::of(article, Some(before), why.into());
    let last = store::revision::by_number(tx, before.id, before.revision)?;
    let mut new = revision.changed.clone();
    if let Some(last) = &last {
        // Deleting an article for good changes the links of others and makes no revision of them.
        if Snapshot::from(before).is(article) && !article.content.related.has_lost() {
            store::revision::insert_same(tx, &revision, last.holder)?;
            return wrote(ctx, tx, article, &revision.changed, revision.reason);
        }
        // What readers saw, or will see, or are shown in a preview, stays what it was.
        let chosen = article.schedule.as_ref().and_then(|times| times.revision);
        let stays = [before.live_revision, chosen].contains(&Some(last.revision.number));
        let number = last.revision.number;
        if !stays
            && revision.folds(&last.revision)
            && !store::edition::was_shown(tx, before.id, number)?
            && !store::preview::pins(tx, before.id, number, ctx.now)?
        {
            // What it goes on with was written down when that was first saved.
            new.retain(|field| !last.revision.changed.contains(field));
            revision.fold(&last.revision);
            store::revision::remove(tx, before.id, before.revision)?;
        }
    }
    store::revision::insert(tx, &revision, &Snapshot::from(article))?;
    if revision.first != revision.number && new.is_empty() {
        return Ok(());
    }
    wrote(ctx, tx, article, &new, revision.reason)
}

/// Writes down that an article was written.
fn wrote(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &Article,
    changed: &[ArticleField],
    reason: RevisionReason,
) -> Result<(), Error> {
    let changed = changed.iter().map(|field| field.as_str()).collect();
    Ok(audit::record(ctx, tx, &deed(reason.into(), article).changing(changed))?)
}
