//! What tags have of their own: articles list them.

use super::merge::{Listed, show_everywhere};
use super::taxonomy::{Counts, Kind, USES_SHOWN, article_uses};
use crate::domain::article::Content;
use crate::domain::edition::{Edition, Summary};
use crate::domain::id::{ArticleId, TagId, UserId};
use crate::domain::tag::{Tag, TagCard};
use crate::services::{Ctx, Error, Use};
use crate::store::{self, Constraint, DbConn, StoreError};

impl Kind for Tag {
    const LIST: &'static str = "tags";
    const SLUG: Constraint = Constraint::TagSlug;

    fn refresh_pages(&self, before: &Self, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error> {
        if TagCard::from(self) == TagCard::from(before) {
            return Ok(());
        }
        show_everywhere(self, ctx, tx)
    }

    fn uses(tx: &mut DbConn, id: TagId) -> Result<Vec<Use>, Error> {
        Ok(article_uses(store::article::using_tag(tx, id, USES_SHOWN)?))
    }

    fn count(conn: &mut DbConn, ids: &[TagId], own_of: Option<UserId>) -> Result<Counts<TagId>, StoreError> {
        let working = store::count::working_with_tags(conn, ids, own_of)?;
        Ok((working, store::count::live_with_tags(conn, ids)?))
    }
}

impl Listed for Tag {
    fn articles_naming(tx: &mut DbConn, id: TagId) -> Result<Vec<ArticleId>, StoreError> {
        store::article::naming_tag(tx, id)
    }

    fn replace(content: &mut Content, named: TagId, by: TagId) {
        content.tag_ids.replace(named, by);
    }

    fn live_showing(tx: &mut DbConn, id: TagId) -> Result<Vec<Edition>, StoreError> {
        store::edition::live_showing_tag(tx, id)
    }

    fn show(&self, summary: &mut Summary, named: TagId) -> bool {
        summary.show_tag(named, self)
    }
}
