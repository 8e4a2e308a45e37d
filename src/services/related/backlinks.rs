//! What leads to an article.

use crate::domain::id::ArticleId;
use crate::domain::page::{ByTime, Limit, Page};
use crate::services::reading::cursor;
use crate::services::{Ctx, Error};
use crate::store::{self, DbConn};

/// A link that leads to an article from the working copy of another.
pub type Backlink = store::related::Referrer;

/// Links that are named when an article is taken from readers; one that more lead to is too well linked to go through by
/// hand.
const NAMED: usize = 100;

/// A page of what leads to an article from working copies, the trash included, those of the last changed articles first.
/// Contributors see their own.
///
/// # Errors
/// `NotFound`, `BadCursor`.
pub async fn backlinks(
    ctx: &Ctx,
    id: ArticleId,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<Backlink>, Error> {
    let of = format!("backlinks {id}");
    let after: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        crate::services::articles::seen(ctx, conn, id)?;
        let rows = store::related::referrers(conn, id, ctx.own_only(), after, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, &of, |link| ByTime {
            at: link.updated_at,
            id: link.link_id.0,
        }))
    })
    .await
}

/// What leads to an article that is being taken from readers, as far as the caller may know: from working copies, and from live
/// pages whose working copies have given the link up.
pub(in crate::services) fn referrers(ctx: &Ctx, conn: &mut DbConn, id: ArticleId) -> Result<Vec<Backlink>, Error> {
    let mut all = store::related::referrers(conn, id, ctx.own_only(), None, NAMED)?;
    all.extend(store::related::live_referrers(
        conn,
        id,
        ctx.own_only(),
        NAMED - all.len(),
    )?);
    Ok(all)
}
