//! Related links of working copies. The rows of an article are written with it; what leads to an article is asked here.

use std::collections::HashMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::among::Among as _;
use super::article::rows;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::{Result, StoreError};
use super::schema::{articles, deleted_articles, edition_related, editions, related_links};
use crate::domain::article::Article;
use crate::domain::id::{ArticleId, RelatedLinkId, UserId};
use crate::domain::page::ByTime;
use crate::domain::related::{Placement, RelatedKind, RelatedLink, Target};
use crate::domain::text::{Headline, LinkLabel, LinkSource, LinkTitle};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = related_links, treat_none_as_default_value = false)]
pub(super) struct LinkRow {
    id: RelatedLinkId,
    pub(super) article_id: ArticleId,
    pub(super) position: i32,
    kind: RelatedKind,
    placement: Placement,
    target_article_id: Option<ArticleId>,
    url: Option<WebUrl>,
    deleted_headline: Option<Headline>,
    title: Option<LinkTitle>,
    source: Option<LinkSource>,
    label_override: Option<LinkLabel>,
}

impl LinkRow {
    fn of(article_id: ArticleId, position: usize, link: &RelatedLink) -> Result<Self> {
        let link = link.clone();
        let (target_article_id, url, deleted_headline) = link.target.parts();
        Ok(Self {
            id: link.id,
            article_id,
            position: i32::try_from(position).map_err(StoreError::broken)?,
            kind: link.kind,
            placement: link.placement,
            target_article_id,
            url,
            deleted_headline,
            title: link.title,
            source: link.source,
            label_override: link.label_override,
        })
    }

    pub(super) fn link(self) -> Result<RelatedLink> {
        let target = Target::of_parts(self.target_article_id, self.url, self.deleted_headline);
        Ok(RelatedLink {
            id: self.id,
            kind: self.kind,
            placement: self.placement,
            target: target.ok_or_else(|| StoreError::broken(std::io::Error::other("a related link leads nowhere")))?,
            title: self.title,
            source: self.source,
            label_override: self.label_override,
        })
    }
}

/// Writes down all links of an article, in their order.
pub(super) fn replace(conn: &mut DbConn, article: &Article) -> Result<()> {
    let before = related_links::table.filter(related_links::article_id.eq(article.id));
    on_backend!(conn, |c| diesel::delete(before).execute(c))?;
    let links = article.content.related.0.iter().enumerate();
    let rows: Vec<LinkRow> = links
        .map(|(position, link)| LinkRow::of(article.id, position, link))
        .collect::<Result<_>>()?;
    insert_rows!(conn, related_links::table, rows)
}

/// The links of each of these articles, in their order.
pub(super) fn of(conn: &mut DbConn, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<RelatedLink>>> {
    let query = related_links::table
        .filter(related_links::article_id.among(ids))
        .order((related_links::article_id, related_links::position));
    let found: Vec<LinkRow> = on_backend!(conn, |c| query.select(LinkRow::as_select()).load(c))?;
    let mut links: HashMap<ArticleId, Vec<RelatedLink>> = HashMap::new();
    for row in found {
        links.entry(row.article_id).or_default().push(row.link()?);
    }
    Ok(links)
}

/// What stands at the end of a link, as its working copy says.
#[derive(Debug, Clone, Queryable)]
pub struct TargetState {
    pub id: ArticleId,
    pub headline: Headline,
    pub status: Status,
    pub created_by: UserId,
    pub deleted_at: Option<Timestamp>,
    pub live_revision: Option<i32>,
}

/// Those of these articles that there are.
pub fn targets(conn: &mut DbConn, ids: &[ArticleId]) -> Result<HashMap<ArticleId, TargetState>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = articles::table.filter(articles::id.among(ids)).select((
        articles::id,
        articles::headline,
        articles::status,
        articles::created_by,
        articles::deleted_at,
        articles::live_revision,
    ));
    let found: Vec<TargetState> = on_backend!(conn, |c| query.load(c))?;
    Ok(found.into_iter().map(|state| (state.id, state)).collect())
}

/// A link that leads to an article, and where it stands.
#[derive(Debug, Clone, Queryable)]
pub struct Referrer {
    pub article_id: ArticleId,
    pub headline: Headline,
    pub status: Status,
    pub deleted_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    pub link_id: RelatedLinkId,
    pub kind: RelatedKind,
    pub placement: Placement,
}

/// A page of the links that lead to an article from working copies, the trash included, those of the last changed articles
/// first. With `own_of`, only from articles of this user.
pub fn referrers(
    conn: &mut DbConn,
    target: ArticleId,
    own_of: Option<UserId>,
    after: Option<ByTime>,
    limit: usize,
) -> Result<Vec<Referrer>> {
    Ok(on_backend!(conn, |c| {
        let mut query = related_links::table
            .inner_join(articles::table.on(articles::id.eq(related_links::article_id)))
            .filter(related_links::target_article_id.eq(target))
            .into_boxed::<Db>();
        if let Some(user) = own_of {
            query = query.filter(articles::created_by.eq(user));
        }
        if let Some(ByTime { at, id }) = after {
            let later = articles::updated_at.lt(at).or(related_links::id.lt(RelatedLinkId(id)));
            query = query.filter(articles::updated_at.le(at)).filter(later);
        }
        query
            .order((articles::updated_at.desc(), related_links::id.desc()))
            .limit(rows(limit))
            .select((
                articles::id,
                articles::headline,
                articles::status,
                articles::deleted_at,
                articles::updated_at,
                related_links::id,
                related_links::kind,
                related_links::placement,
            ))
            .load(c)
    })?)
}

/// The articles from which links of a kind lead to these, a few more than `limit` at most.
pub fn before(conn: &mut DbConn, to: &[ArticleId], kind: RelatedKind, limit: usize) -> Result<Vec<ArticleId>> {
    let query = related_links::table
        .filter(related_links::target_article_id.eq_any(to))
        .filter(related_links::kind.eq(kind))
        .select(related_links::article_id)
        .distinct()
        .limit(rows(limit + 1));
    Ok(on_backend!(conn, |c| query.load(c))?)
}

/// Links that lead to an article from live pages only: those of the working copies behind them are gone. With `own_of`, only from
/// articles of this user.
pub fn live_referrers(
    conn: &mut DbConn,
    target: ArticleId,
    own_of: Option<UserId>,
    limit: usize,
) -> Result<Vec<Referrer>> {
    Ok(on_backend!(conn, |c| {
        let still = related_links::table.filter(related_links::id.eq(edition_related::link));
        let mut query = edition_related::table
            .inner_join(editions::table.on(editions::id.eq(edition_related::edition_id)))
            .inner_join(articles::table.on(articles::id.eq(editions::article_id)))
            .filter(edition_related::target_article_id.eq(target))
            .filter(editions::live_until.is_null())
            .filter(not(exists(still)))
            .into_boxed::<Db>();
        if let Some(user) = own_of {
            query = query.filter(articles::created_by.eq(user));
        }
        query
            .order((articles::updated_at.desc(), edition_related::link.desc()))
            .limit(rows(limit))
            .select((
                articles::id,
                articles::headline,
                articles::status,
                articles::deleted_at,
                articles::updated_at,
                edition_related::link,
                edition_related::kind,
                edition_related::placement,
            ))
            .load(c)
    })?)
}

/// Has every link to an article say what it was called, those of older revisions too, because the article is about to be deleted
/// for good.
pub fn bury(conn: &mut DbConn, target: ArticleId, headline: &Headline, by: UserId, at: Timestamp) -> Result<()> {
    let leading = related_links::table.filter(related_links::target_article_id.eq(target));
    let change = (
        related_links::target_article_id.eq(None::<ArticleId>),
        related_links::deleted_headline.eq(headline),
    );
    on_backend!(conn, |c| diesel::update(leading).set(change).execute(c))?;
    let row = (
        deleted_articles::id.eq(target),
        deleted_articles::headline.eq(headline),
        deleted_articles::deleted_at.eq(at),
        deleted_articles::deleted_by.eq(by),
    );
    on_backend!(conn, |c| diesel::insert_into(deleted_articles::table)
        .values(row)
        .execute(c))?;
    Ok(())
}

/// What those of these articles were called that were deleted for good.
pub fn buried(conn: &mut DbConn, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Headline>> {
    let query = deleted_articles::table
        .filter(deleted_articles::id.among(ids))
        .select((deleted_articles::id, deleted_articles::headline));
    let found: Vec<(ArticleId, Headline)> = on_backend!(conn, |c| query.load(c))?;
    Ok(found.into_iter().collect())
}
