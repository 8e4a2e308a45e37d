//! Older states of an article.

use super::read::seen;
use crate::domain::diff::Diff;
use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::page::{ByNumber, Limit, Page};
use crate::domain::revision::{Revision, Snapshot};
use crate::services::reading::cursor;
use crate::services::{Ctx, Error, Refusal};
use crate::store::{self, DbConn};

/// A revision with all that the article was.
#[derive(Debug, Clone)]
pub struct WholeRevision {
    pub revision: Revision,
    pub snapshot: Snapshot,
}

/// What is other in one revision than in another.
#[derive(Debug, Clone)]
pub struct RevisionDiff {
    pub from: i32,
    pub to: i32,
    pub diff: Diff,
}

/// A page of the revisions of an article, the newest first.
///
/// # Errors
/// `NotFound`, `BadCursor`.
pub async fn revisions(
    ctx: &Ctx,
    id: ArticleId,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<Revision>, Error> {
    let of = format!("revisions {id}");
    let after: Option<ByNumber> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        seen(ctx, conn, id)?;
        let rows = store::revision::list(conn, id, after.map(|last| last.0), limit.get() + 1)?;
        Ok(Page::cut(rows, limit, &of, |revision| ByNumber(revision.number)))
    })
    .await
}

/// One revision.
///
/// # Errors
/// `NotFound`, also of an autosave that was folded into a later one.
pub async fn revision(ctx: &Ctx, id: ArticleId, number: i32) -> Result<WholeRevision, Error> {
    ctx.read(move |ctx, conn| {
        seen(ctx, conn, id)?;
        Ok(kept(conn, id, number)?.ok_or(Refusal::NotFound)?)
    })
    .await
}

/// What is other in the revision `to`, or in the newest, than in `from`.
///
/// # Errors
/// `NotFound`; `Parameter` for a revision that is not there.
pub async fn diff(ctx: &Ctx, id: ArticleId, from: i32, to: Option<i32>) -> Result<RevisionDiff, Error> {
    let (from, to) = ctx
        .read(move |ctx, conn| {
            let current = seen(ctx, conn, id)?.revision;
            let one = |conn: &mut DbConn, name: &str, number: i32| -> Result<WholeRevision, Error> {
                let flaw = || Flaw::new(Rule::UnknownReference, "is no revision of this article").at(name);
                Ok(kept(conn, id, number)?.ok_or_else(|| Refusal::Parameter(flaw()))?)
            };
            Ok::<_, Error>((one(conn, "from", from)?, one(conn, "to", to.unwrap_or(current))?))
        })
        .await?;
    // Long texts take a while to compare; other requests must not wait for it.
    let compare = move || {
        Diff::new(&from.snapshot, &to.snapshot).map(|diff| RevisionDiff {
            from: from.revision.number,
            to: to.revision.number,
            diff,
        })
    };
    match tokio::task::spawn_blocking(compare).await {
        Ok(found) => Ok(found?),
        Err(why) => Err(Error::Broken(why.into())),
    }
}

/// A revision as it is kept.
pub(super) fn kept(conn: &mut DbConn, id: ArticleId, number: i32) -> Result<Option<WholeRevision>, Error> {
    let Some(held) = store::revision::by_number(conn, id, number)? else {
        return Ok(None);
    };
    Ok(Some(WholeRevision {
        snapshot: store::revision::snapshot(conn, id, held.holder)?,
        revision: held.revision,
    }))
}
