//! What sitemaps are made of: addresses in the order in which articles went live, read by ranges of the index of live editions.

use diesel::prelude::*;

use super::super::article::rows;
use super::super::conn::{PublicConn, on_backend};
use super::super::error::Result;
use super::super::schema::editions;
use super::moment::live;
use crate::domain::id::ArticleId;
use crate::domain::time::{Moment, Timestamp};

/// A live article as a sitemap names it.
#[derive(Debug, Clone, Queryable)]
pub struct LiveAddress {
    pub article_id: ArticleId,
    pub locale: String,
    pub path: String,
    pub published_at: Timestamp,
    /// Since when readers see it as it is.
    pub live_from: Timestamp,
}

/// An article's page in another language.
#[derive(Debug, Clone, Queryable)]
pub struct OtherLanguage {
    pub of: ArticleId,
    pub locale: String,
    pub path: String,
}

diesel::alias! {
    // Live editions of the same group.
    const OTHERS: Alias<Others> = editions as others;
}

/// When the first article that went live then or later did so; of those that are live now, as in all of this.
pub fn first_published(conn: &mut PublicConn, from: Timestamp) -> Result<Option<Timestamp>> {
    let query = editions::table
        .filter(live(Moment::Now))
        .filter(editions::published_at.ge(from))
        .order((editions::published_at, editions::article_id))
        .select(editions::published_at);
    Ok(on_backend!(&mut conn.0, |c| query.first(c).optional())?)
}

/// When the first that is behind `many` others of a time went live: reads that many entries of the index, and no row.
pub fn published_behind(
    conn: &mut PublicConn,
    many: usize,
    from: Timestamp,
    until: Timestamp,
) -> Result<Option<Timestamp>> {
    let query = editions::table
        .filter(live(Moment::Now))
        .filter(editions::published_at.ge(from))
        .filter(editions::published_at.lt(until))
        .order((editions::published_at, editions::article_id))
        .offset(rows(many))
        .limit(1)
        .select(editions::published_at);
    Ok(on_backend!(&mut conn.0, |c| query.first(c).optional())?)
}

/// The first of a time, in the order in which they went live.
pub fn live_addresses(
    conn: &mut PublicConn,
    from: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Result<Vec<LiveAddress>> {
    let query = editions::table
        .filter(live(Moment::Now))
        .filter(editions::published_at.ge(from))
        .filter(editions::published_at.lt(until))
        .order((editions::published_at, editions::article_id))
        .limit(rows(limit))
        .select((
            editions::article_id,
            editions::locale,
            editions::path,
            editions::published_at,
            editions::live_from,
        ));
    Ok(on_backend!(&mut conn.0, |c| query.load(c))?)
}

/// The other languages of the articles of a time, both moments included.
pub fn other_languages(conn: &mut PublicConn, from: Timestamp, to: Timestamp) -> Result<Vec<OtherLanguage>> {
    let same = OTHERS
        .field(editions::translation_group)
        .eq(editions::translation_group)
        .and(OTHERS.field(editions::article_id).ne(editions::article_id))
        .and(OTHERS.field(editions::live_until).is_null());
    let query = editions::table
        .inner_join(OTHERS.on(same))
        .filter(live(Moment::Now))
        .filter(editions::published_at.ge(from))
        .filter(editions::published_at.le(to))
        .order((editions::published_at, editions::article_id))
        .select((
            editions::article_id,
            OTHERS.field(editions::locale),
            OTHERS.field(editions::path),
        ));
    Ok(on_backend!(&mut conn.0, |c| query.load(c))?)
}

/// The last changes of what is live, the latest first: when each was, and when its article went live.
pub fn last_changes(conn: &mut PublicConn, limit: usize) -> Result<Vec<(Timestamp, Timestamp)>> {
    let query = editions::table
        .filter(live(Moment::Now))
        .order(editions::live_from.desc())
        .limit(rows(limit))
        .select((editions::live_from, editions::published_at));
    Ok(on_backend!(&mut conn.0, |c| query.load(c))?)
}
