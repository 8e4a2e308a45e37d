//! What tags have of their own: articles list them.

use super::editions::reissue;
use super::taxonomy::{Counts, Kind, USES_SHOWN, article_uses};
use crate::domain::id::{TagId, UserId};
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
        for mut edition in store::edition::live_showing_tag(tx, self.id)? {
            if edition.summary.rename_tag(self) {
                reissue(ctx, tx, edition)?;
            }
        }
        Ok(())
    }

    fn uses(tx: &mut DbConn, id: TagId) -> Result<Vec<Use>, Error> {
        Ok(article_uses(store::article::using_tag(tx, id, USES_SHOWN)?))
    }

    fn count(conn: &mut DbConn, ids: &[TagId], own_of: Option<UserId>) -> Result<Counts<TagId>, StoreError> {
        let working = store::count::working_with_tags(conn, ids, own_of)?;
        Ok((working, store::count::live_with_tags(conn, ids)?))
    }
}
