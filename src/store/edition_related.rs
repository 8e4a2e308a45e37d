//! Related links of editions: as they were at publish, but for where they lead.

use diesel::prelude::*;

use super::among::Among as _;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::{Result, StoreError};
use super::schema::edition_related;
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, EditionId, RelatedLinkId};
use crate::domain::related::{Placement, RelatedKind, RelatedLink, Target};
use crate::domain::text::{LinkLabel, LinkSource, LinkTitle};
use crate::domain::web::WebUrl;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = edition_related, treat_none_as_default_value = false)]
pub(super) struct RelatedRow {
    pub(super) edition_id: EditionId,
    pub(super) position: i32,
    link: RelatedLinkId,
    kind: RelatedKind,
    placement: Placement,
    target_article_id: Option<ArticleId>,
    url: Option<WebUrl>,
    title: Option<LinkTitle>,
    source: Option<LinkSource>,
    label_override: Option<LinkLabel>,
}

impl RelatedRow {
    /// The link; `None` where its target was deleted for good.
    pub(super) fn link(self) -> Option<RelatedLink> {
        let article = self.target_article_id.map(Target::Article);
        Some(RelatedLink {
            id: self.link,
            kind: self.kind,
            placement: self.placement,
            target: article.or(self.url.map(Target::Elsewhere))?,
            title: self.title,
            source: self.source,
            label_override: self.label_override,
        })
    }
}

pub(super) fn insert(conn: &mut DbConn, edition: &Edition) -> Result<()> {
    let mut rows = Vec::with_capacity(edition.related.len());
    for (position, link) in edition.related.iter().enumerate() {
        let link = link.clone();
        rows.push(RelatedRow {
            edition_id: edition.id,
            position: i32::try_from(position).map_err(StoreError::broken)?,
            link: link.id,
            kind: link.kind,
            placement: link.placement,
            target_article_id: link.target.article(),
            url: link.target.url().cloned(),
            title: link.title,
            source: link.source,
            label_override: link.label_override,
        });
    }
    insert_rows!(conn, edition_related::table, rows)
}

/// The rows of these editions, in the order of each.
pub(super) fn of(conn: &mut DbConn, editions: &[EditionId]) -> Result<Vec<RelatedRow>> {
    let query = edition_related::table
        .filter(edition_related::edition_id.among(editions))
        .order((edition_related::edition_id, edition_related::position));
    Ok(on_backend!(conn, |c| query.select(RelatedRow::as_select()).load(c))?)
}
