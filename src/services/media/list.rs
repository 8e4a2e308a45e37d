//! Lists of media, what shows one, and reports of what wants an editor's eye.

use std::collections::HashSet;

use super::{MediaView, view};
use crate::domain::access::Action;
use crate::domain::id::MediaId;
use crate::domain::media::MediaKind;
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::time::Timestamp;
use crate::services::reading::cursor;
use crate::services::{Ctx, Error, Refusal, Use, media_uses};
use crate::store::media::MediaFilter;
use crate::store::{self, DbConn};

/// Uses that are named; a media that more things show is shown by too many to go through by hand.
const USES_NAMED: usize = 1000;
/// Seconds in a day.
const DAY: i64 = 24 * 60 * 60;

/// What a list of media is asked for.
#[derive(Debug, Clone, Default)]
pub struct MediaQuery {
    pub kinds: Vec<MediaKind>,
    pub words: Option<String>,
    pub credit: Option<String>,
    pub unused: bool,
    pub uploaded_after: Option<Timestamp>,
    pub trashed: bool,
    pub count: bool,
    pub limit: Option<Limit>,
    pub cursor: Option<String>,
}

/// What wants an editor's eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Rights that have ended, or end before this; within thirty days unless given.
    RightsExpiring(Option<Timestamp>),
    /// Shown by nothing.
    Unused,
    /// Pictures without a text for who does not see them.
    MissingAlt,
}

/// A page of media, the last uploaded first.
///
/// # Errors
/// `BadCursor`.
pub async fn list(ctx: &Ctx, query: MediaQuery) -> Result<Page<MediaView>, Error> {
    let filter = MediaFilter {
        kinds: query.kinds,
        words: query.words,
        credit: query.credit,
        unused: query.unused,
        uploaded_after: query.uploaded_after,
        trashed: query.trashed,
        ..MediaFilter::default()
    };
    page(ctx, filter, query.count, query.limit, query.cursor).await
}

/// The media that a report names, the last uploaded first.
///
/// # Errors
/// `Forbidden`, `BadCursor`.
pub async fn report(
    ctx: &Ctx,
    report: Report,
    limit: Option<Limit>,
    cursor: Option<String>,
) -> Result<Page<MediaView>, Error> {
    let mut filter = MediaFilter::default();
    match report {
        Report::RightsExpiring(before) => filter.rights_expire_before = before.or_else(|| soon(ctx.now)),
        Report::Unused => filter.unused = true,
        Report::MissingAlt => filter.without_alt = true,
    }
    page(ctx, filter, false, limit, cursor).await
}

/// The end of the thirtieth day from now: one moment all day, so that the cursor of one page is good for the next.
fn soon(now: Timestamp) -> Option<Timestamp> {
    let today = now.seconds().div_euclid(DAY) * DAY;
    Timestamp::from_micros((today + 31 * DAY) * 1_000_000)
}

async fn page(
    ctx: &Ctx,
    filter: MediaFilter,
    count: bool,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<MediaView>, Error> {
    ctx.may(Action::ReadMedia, None)?;
    let of = format!("media {filter:?}");
    let after: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let rows = store::media::list(conn, &filter, after, limit.get() + 1)?;
        let page = Page::cut(rows, limit, &of, |media| ByTime {
            at: media.created_at,
            id: media.id.0,
        });
        let total = count.then(|| store::media::count(conn, &filter)).transpose()?;
        let ids: Vec<MediaId> = page.items.iter().map(|media| media.id).collect();
        let used: HashSet<MediaId> = store::media_use::used(conn, &ids)?.into_iter().collect();
        let page = page.map(|media| {
            let is_used = used.contains(&media.id);
            view(ctx, media, is_used)
        });
        Ok(Page { total, ..page })
    };
    ctx.read(read).await
}

/// What shows a media, articles the last changed first.
///
/// # Errors
/// `NotFound`.
pub async fn usages(ctx: &Ctx, id: MediaId) -> Result<Vec<Use>, Error> {
    ctx.may(Action::ReadMedia, None)?;
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        store::media::by_id(conn, id)?.ok_or(Refusal::NotFound)?;
        media_uses::uses_of(conn, id, ctx.own_only(), USES_NAMED)
    };
    ctx.read(read).await
}
