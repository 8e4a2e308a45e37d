//! What pages elsewhere that related links lead to answered last, and links that lead readers nowhere.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::among::Among as _;
use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::related::LinkRow;
use super::schema::{articles, link_checks, related_links};
use crate::domain::id::{ArticleId, RelatedLinkId, UserId};
use crate::domain::related::RelatedLink;
use crate::domain::text::Headline;
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;

/// The lowest status of HTTP that says that a page is not to be had.
pub const FAILED: i32 = 400;

/// What a page answered, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = link_checks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LinkCheck {
    pub url: WebUrl,
    /// Of HTTP; `None` where nothing answered.
    pub status: Option<i32>,
    /// Why nothing answered.
    pub failure: Option<String>,
    pub checked_at: Timestamp,
}

/// A link that leads readers nowhere, and where it stands.
#[derive(Debug, Clone)]
pub struct BrokenLink {
    pub article_id: ArticleId,
    pub headline: Headline,
    pub status: Status,
    /// In the list, from 0.
    pub position: i32,
    pub link: RelatedLink,
    /// What the page elsewhere answered last.
    pub check: Option<LinkCheck>,
}

diesel::alias! {
    const TARGETS: Alias<Targets> = articles as targets;
}

/// Pages elsewhere that links of articles outside the trash lead to: those that were never asked, half of
/// `limit` at most, then those that were asked longest ago.
pub fn due(conn: &mut DbConn, limit: usize) -> Result<Vec<WebUrl>> {
    let asked = link_checks::table.filter(link_checks::url.nullable().eq(related_links::url));
    let never = related_links::table
        .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
        .filter(articles::deleted_at.is_null())
        .filter(related_links::url.is_not_null())
        .filter(not(exists(asked)))
        .order(related_links::url)
        // New ones, however many, leave room for asking others again.
        .limit(rows(limit.div_ceil(2)))
        .select(related_links::url.assume_not_null())
        .distinct();
    let mut due: Vec<WebUrl> = on_backend!(conn, |c| never.load(c))?;
    let leading = related_links::table
        .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
        .filter(articles::deleted_at.is_null())
        .filter(related_links::url.eq(link_checks::url.nullable()));
    let again = link_checks::table
        .filter(exists(leading))
        .order((link_checks::checked_at, link_checks::url))
        .limit(rows(limit.saturating_sub(due.len())))
        .select(link_checks::url);
    due.extend(on_backend!(conn, |c| again.load::<WebUrl>(c))?);
    Ok(due)
}

/// Writes down what a page answered.
pub fn put(conn: &mut DbConn, check: &LinkCheck) -> Result<()> {
    on_backend!(conn, |c| diesel::insert_into(link_checks::table)
        .values(check)
        .on_conflict(link_checks::url)
        .do_update()
        .set(check)
        .execute(c))?;
    Ok(())
}

/// A page of links that lead readers nowhere, from working copies outside the trash, the newest links first: to articles that are not
/// live or are deleted, and to pages that failed when they were asked last. With `own_of` only those in articles of this user.
pub fn broken(
    conn: &mut DbConn,
    own_of: Option<UserId>,
    before: Option<RelatedLinkId>,
    limit: usize,
) -> Result<Vec<BrokenLink>> {
    type Row = (LinkRow, Headline, Status, Option<LinkCheck>);
    let ids = broken_ids(conn, own_of, before, limit)?;
    let query = related_links::table
        .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
        .left_join(link_checks::table.on(link_checks::url.nullable().eq(related_links::url)))
        .filter(related_links::id.among(&ids))
        .order(related_links::id.desc());
    let found: Vec<Row> = on_backend!(conn, |c| {
        let whole = (
            LinkRow::as_select(),
            articles::headline,
            articles::status,
            Option::<LinkCheck>::as_select(),
        );
        query.select(whole).load(c)
    })?;
    let whole = |(row, headline, status, check): Row| {
        Ok(BrokenLink {
            article_id: row.article_id,
            position: row.position,
            headline,
            status,
            link: row.link()?,
            check,
        })
    };
    found.into_iter().map(whole).collect()
}

/// Which links these are. Each reason is asked for by itself, beginning with what is not there: one question for all of them goes through
/// every link that there is.
fn broken_ids(
    conn: &mut DbConn,
    own_of: Option<UserId>,
    before: Option<RelatedLinkId>,
    limit: usize,
) -> Result<Vec<RelatedLinkId>> {
    macro_rules! that {
        ($reason:expr) => {
            on_backend!(conn, |c| {
                let mut query = related_links::table
                    .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
                    .filter(articles::deleted_at.is_null())
                    .filter($reason)
                    .into_boxed::<Db>();
                if let Some(user) = own_of {
                    query = query.filter(articles::created_by.eq(user));
                }
                if let Some(before) = before {
                    query = query.filter(related_links::id.lt(before));
                }
                query
                    .order(related_links::id.desc())
                    .limit(rows(limit))
                    .select(related_links::id)
                    .load::<RelatedLinkId>(c)
            })?
        };
    }
    let hidden = TARGETS.filter(TARGETS.field(articles::live_revision).is_null());
    let hidden = hidden.select(TARGETS.field(articles::id).nullable());
    let failed = link_checks::status.ge(FAILED).or(link_checks::failure.is_not_null());
    let failed = link_checks::table.filter(failed).select(link_checks::url.nullable());
    let mut ids = that!(related_links::target_article_id.eq_any(hidden));
    ids.extend(that!(related_links::url.eq_any(failed)));
    ids.extend(that!(related_links::deleted_headline.is_not_null()));
    ids.sort_by(|a, b| b.cmp(a));
    ids.truncate(limit);
    Ok(ids)
}
