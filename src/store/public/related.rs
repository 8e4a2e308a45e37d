//! The related links of live pages, from both of their ends.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::super::among::Among as _;
use super::super::article::rows;
use super::super::conn::{PublicConn, on_backend};
use super::super::edition_related::RelatedRow;
use super::super::error::Result;
use super::super::schema::{edition_related, editions};
use super::linked::{LiveOf, RelatedOf, StillLive};
use super::moment::live;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::page::ByTime;
use crate::domain::related::{RelatedKind, RelatedLink};
use crate::domain::time::Moment;

/// A link of a live page, and the edition that readers see of the article that it leads to, if they do.
#[derive(Debug, Clone)]
pub struct ShownLink {
    /// Which shows it.
    pub edition: EditionId,
    /// In the list, from 0.
    pub position: i32,
    pub link: RelatedLink,
    pub target: Option<EditionId>,
}

impl ShownLink {
    /// Whether readers see it: [`RelatedLink::card`] makes a card of it.
    pub fn is_shown(&self) -> bool {
        let is_called = self.link.target.url().is_some() && self.link.label(None).is_some();
        self.target.is_some() || is_called
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
    let found: Vec<(RelatedRow, Option<EditionId>)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let mut links: HashMap<EditionId, Vec<ShownLink>> = HashMap::new();
    for (row, target) in found {
        let (edition, position) = (row.edition_id, row.position);
        if let Some(link) = row.link() {
            links.entry(edition).or_default().push(ShownLink {
                edition,
                position,
                link,
                target,
            });
        }
    }
    Ok(links)
}

/// The editions that readers see then of these articles, as far as they see one.
pub fn live_editions(
    conn: &mut PublicConn,
    ids: &[ArticleId],
    moment: Moment,
) -> Result<HashMap<ArticleId, EditionId>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = LiveOf {
        articles: ids,
        shown: live(moment),
    };
    let found: Vec<(ArticleId, EditionId)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    Ok(found.into_iter().collect())
}

/// Whether readers see all of these editions still.
pub fn are_live(conn: &mut PublicConn, ids: &BTreeSet<EditionId>) -> Result<bool> {
    if ids.is_empty() {
        return Ok(true);
    }
    let editions: Vec<EditionId> = ids.iter().copied().collect();
    let query = StillLive {
        editions: &editions,
        shown: live(Moment::Now),
    };
    let found: Vec<EditionId> = on_backend!(&mut conn.0, |c| query.load(c))?;
    Ok(found.into_iter().collect::<BTreeSet<_>>().len() == ids.len())
}

/// A page of the live articles that link to an article, the latest published first, each with the kinds of its links.
pub fn backlinks(
    conn: &mut PublicConn,
    to: ArticleId,
    after: Option<ByTime>,
    limit: usize,
    moment: Moment,
) -> Result<Vec<(EditionId, Vec<RelatedKind>)>> {
    let leading = edition_related::table
        .filter(edition_related::target_article_id.eq(to))
        .select(edition_related::edition_id);
    let ids: Vec<EditionId> = on_backend!(&mut conn.0, |c| {
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
            .select(editions::id)
            .load(c)
    })?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = edition_related::table
        .filter(edition_related::target_article_id.eq(to))
        .filter(edition_related::edition_id.among(&ids))
        .order((edition_related::edition_id, edition_related::position))
        .select((edition_related::edition_id, edition_related::kind));
    let mut kinds: HashMap<EditionId, Vec<RelatedKind>> = HashMap::new();
    for (edition, kind) in on_backend!(&mut conn.0, |c| query.load::<(EditionId, RelatedKind)>(c))? {
        kinds.entry(edition).or_default().push(kind);
    }
    let with_kinds = |id| (id, kinds.remove(&id).unwrap_or_default());
    Ok(ids.into_iter().map(with_kinds).collect())
}
