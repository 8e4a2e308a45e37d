//! Where media are shown: by working copies, by live editions, by contributors. Each holder's rows are written in the
//! transaction that changes what it shows, and go with it.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::among::Among as _;
use super::article::rows;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::Result;
use super::packed::Document;
use super::schema::{articles, contributors, editions, media_uses};
use super::types::from_json;
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, ContributorId, EditionId, MediaId, UserId};
use crate::domain::text::{Headline, Name};

/// What shows media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Article(ArticleId),
    /// While it is live.
    Edition(EditionId),
    Contributor(ContributorId),
}

#[derive(Insertable)]
#[expect(clippy::struct_field_names, reason = "they are columns")]
#[diesel(table_name = media_uses, treat_none_as_default_value = false)]
struct UseRow {
    media_id: MediaId,
    article_id: Option<ArticleId>,
    edition_id: Option<EditionId>,
    contributor_id: Option<ContributorId>,
}

impl Holder {
    fn shows(self, media_id: MediaId) -> UseRow {
        let none = UseRow {
            media_id,
            article_id: None,
            edition_id: None,
            contributor_id: None,
        };
        match self {
            Self::Article(id) => UseRow {
                article_id: Some(id),
                ..none
            },
            Self::Edition(id) => UseRow {
                edition_id: Some(id),
                ..none
            },
            Self::Contributor(id) => UseRow {
                contributor_id: Some(id),
                ..none
            },
        }
    }
}

/// Writes down all that a holder shows, each once; nothing where it shows nothing any more.
pub fn replace(conn: &mut DbConn, of: Holder, shown: &[MediaId]) -> Result<()> {
    on_backend!(conn, |c| match of {
        Holder::Article(id) => diesel::delete(media_uses::table.filter(media_uses::article_id.eq(id))).execute(c),
        Holder::Edition(id) => diesel::delete(media_uses::table.filter(media_uses::edition_id.eq(id))).execute(c),
        Holder::Contributor(id) => {
            diesel::delete(media_uses::table.filter(media_uses::contributor_id.eq(id))).execute(c)
        }
    })?;
    let once: BTreeSet<&MediaId> = shown.iter().collect();
    let rows: Vec<UseRow> = once.into_iter().map(|id| of.shows(*id)).collect();
    insert_rows!(conn, media_uses::table, rows)
}

/// What a holder showed when it was written last.
pub fn of(conn: &mut DbConn, holder: Holder) -> Result<BTreeSet<MediaId>> {
    let all = media_uses::table.select(media_uses::media_id);
    let found: Vec<MediaId> = on_backend!(conn, |c| match holder {
        Holder::Article(id) => all.filter(media_uses::article_id.eq(id)).load(c),
        Holder::Edition(id) => all.filter(media_uses::edition_id.eq(id)).load(c),
        Holder::Contributor(id) => all.filter(media_uses::contributor_id.eq(id)).load(c),
    })?;
    Ok(found.into_iter().collect())
}

/// Whether anything shows it.
pub fn is_used(conn: &mut DbConn, id: MediaId) -> Result<bool> {
    Ok(!used(conn, &[id])?.is_empty())
}

/// Whether readers see it: on a live page, or as a contributor's picture.
pub fn is_live(conn: &mut DbConn, id: MediaId) -> Result<bool> {
    let found = media_uses::table
        .filter(media_uses::media_id.eq(id))
        .filter(media_uses::article_id.is_null());
    let found = diesel::select(diesel::dsl::exists(found));
    Ok(on_backend!(conn, |c| found.get_result(c))?)
}

/// Whether articles show it that are not this user's own, or that readers have had before: what was read and approved in
/// them must not change by itself.
pub fn is_relied_on(conn: &mut DbConn, id: MediaId, user: UserId) -> Result<bool> {
    let others = articles::created_by
        .ne(user)
        .or(articles::first_published_at.is_not_null());
    let found = media_uses::table
        .inner_join(articles::table.on(articles::id.nullable().eq(media_uses::article_id)))
        .filter(media_uses::media_id.eq(id))
        .filter(others);
    let found = diesel::select(diesel::dsl::exists(found));
    Ok(on_backend!(conn, |c| found.get_result(c))?)
}

/// Of these, those that anything shows.
pub fn used(conn: &mut DbConn, ids: &[MediaId]) -> Result<Vec<MediaId>> {
    let query = media_uses::table
        .filter(media_uses::media_id.among(ids))
        .select(media_uses::media_id)
        .distinct();
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// Articles whose working copy shows it, the trash included, the last made first; with `own_of` only those of this user.
pub fn articles(
    conn: &mut DbConn,
    id: MediaId,
    own_of: Option<UserId>,
    limit: usize,
) -> Result<Vec<(ArticleId, Headline)>> {
    Ok(on_backend!(conn, |c| {
        let mut query = media_uses::table
            .inner_join(articles::table.on(articles::id.nullable().eq(media_uses::article_id)))
            .filter(media_uses::media_id.eq(id))
            .into_boxed::<Db>();
        if let Some(user) = own_of {
            query = query.filter(articles::created_by.eq(user));
        }
        query
            .order(articles::id.desc())
            .limit(rows(limit))
            .select((articles::id, articles::headline))
            .load(c)
    })?)
}

/// All articles whose working copy shows it, in the trash too.
pub fn articles_showing(conn: &mut DbConn, id: MediaId) -> Result<Vec<ArticleId>> {
    let query = media_uses::table
        .filter(media_uses::media_id.eq(id))
        .filter(media_uses::article_id.is_not_null())
        .order(media_uses::article_id)
        .select(media_uses::article_id.assume_not_null());
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// Articles whose live page shows it, the last made first, with the headlines that readers see.
pub fn live_articles(conn: &mut DbConn, id: MediaId, limit: usize) -> Result<Vec<(ArticleId, Headline)>> {
    let query = media_uses::table
        .inner_join(editions::table.on(editions::id.nullable().eq(media_uses::edition_id)))
        .filter(media_uses::media_id.eq(id))
        .order(editions::article_id.desc())
        .limit(rows(limit))
        .select(editions::summary);
    let found: Vec<Document> = on_backend!(conn, |c| query.load(c))?;
    let named = found.iter().map(|summary| {
        let summary: Summary = from_json(summary)?;
        Ok((summary.id, summary.headline))
    });
    named.collect()
}

/// Contributors whose picture it is.
pub fn contributors(conn: &mut DbConn, id: MediaId, limit: usize) -> Result<Vec<(ContributorId, Name)>> {
    let query = contributors::table
        .filter(contributors::avatar_media_id.eq(id))
        .order(contributors::id)
        .limit(rows(limit))
        .select((contributors::id, contributors::name));
    Ok(on_backend!(conn, |c| query.load(c))?)
}
