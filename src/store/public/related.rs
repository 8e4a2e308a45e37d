//! The related links of live pages, from both of their ends.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::among::Among as _;
use super::super::article::rows;
use super::super::conn::{PublicConn, on_backend};
use super::super::edition_related::RelatedRow;
use super::super::error::Result;
use super::super::packed::{Document, Unread};
use super::super::schema::{edition_related, editions};
use super::super::types::from_json;
use super::linked::RelatedOf;
use super::moment::live;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::page::ByTime;
use crate::domain::related::{RelatedArticleCard, RelatedKind, RelatedLink};
use crate::domain::time::Moment;

/// A link of a live page, and what readers see of the article that it leads to, if they do.
#[derive(Debug, Clone)]
pub struct ShownLink {
    /// In the list, from 0.
    pub position: i32,
    pub link: RelatedLink,
    pub target: Option<LinkedArticle>,
}

/// A live article that a link leads to. Most are not shown, so what is shown of it is read when it is.
#[derive(Debug, Clone)]
pub struct LinkedArticle {
    summary: Unread,
}

impl LinkedArticle {
    pub fn card(&self) -> Result<RelatedArticleCard> {
        from_json(&self.summary.read()?)
    }
}

/// The links of each of these editions, in their order, in one statement.
pub fn related(conn: &mut PublicConn, of: &[EditionId], moment: Moment) -> Result<HashMap<EditionId, Vec<ShownLink>>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let query = RelatedOf {
        editions: of,
        shown: live(moment),
    };
    let found: Vec<(RelatedRow, Option<Unread>)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let mut links: HashMap<EditionId, Vec<ShownLink>> = HashMap::new();
    for (row, summary) in found {
        let (edition, position) = (row.edition_id, row.position);
        if let Some(link) = row.link() {
            links.entry(edition).or_default().push(ShownLink {
                position,
                link,
                target: summary.map(|summary| LinkedArticle { summary }),
            });
        }
    }
    Ok(links)
}

/// Those of the articles that readers see now.
pub fn linked_articles(conn: &mut PublicConn, ids: &[ArticleId]) -> Result<HashMap<ArticleId, LinkedArticle>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = editions::table
        .filter(live(Moment::Now))
        .filter(editions::article_id.among(ids))
        .select((editions::article_id, editions::summary));
    let found: Vec<(ArticleId, Unread)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let linked = found.into_iter().map(|(id, summary)| (id, LinkedArticle { summary }));
    Ok(linked.collect())
}

/// A page of the live articles that link to an article, the latest published first, each with the kinds of its links.
pub fn backlinks(
    conn: &mut PublicConn,
    to: ArticleId,
    after: Option<ByTime>,
    limit: usize,
    moment: Moment,
) -> Result<Vec<(RelatedArticleCard, Vec<RelatedKind>)>> {
    let leading = edition_related::table
        .filter(edition_related::target_article_id.eq(to))
        .select(edition_related::edition_id);
    let found: Vec<(EditionId, Document)> = on_backend!(&mut conn.0, |c| {
        let mut query = editions::table
            .filter(live(moment))
            .filter(editions::id.eq_any(leading))
            .into_boxed::<Db>();
        if let Some(ByTime { at, id }) = after {
            let older = editions::published_at.lt(at).or(editions::article_id.lt(ArticleId(id)));
            query = query.filter(editions::published_at.le(at)).filter(older);
        }
        query
            .order((editions::published_at.desc(), editions::article_id.desc()))
            .limit(rows(limit))
            .select((editions::id, editions::summary))
            .load(c)
    })?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EditionId> = found.iter().map(|(id, _)| *id).collect();
    let query = edition_related::table
        .filter(edition_related::target_article_id.eq(to))
        .filter(edition_related::edition_id.among(&ids))
        .order((edition_related::edition_id, edition_related::position))
        .select((edition_related::edition_id, edition_related::kind));
    let mut kinds: HashMap<EditionId, Vec<RelatedKind>> = HashMap::new();
    for (edition, kind) in on_backend!(&mut conn.0, |c| query.load::<(EditionId, RelatedKind)>(c))? {
        kinds.entry(edition).or_default().push(kind);
    }
    let whole =
        |(id, summary): (EditionId, Document)| Ok((from_json(&summary)?, kinds.remove(&id).unwrap_or_default()));
    found.into_iter().map(whole).collect()
}
