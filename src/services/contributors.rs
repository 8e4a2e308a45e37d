//! What contributors have of their own: bylines name them.

use super::editions::reissue;
use super::taxonomy::{Counts, Kind, USES_SHOWN, article_uses};
use crate::domain::contributor::Contributor;
use crate::domain::id::{ContributorId, UserId};
use crate::services::{Ctx, Error, Use};
use crate::store::{self, Constraint, DbConn, StoreError};

impl Kind for Contributor {
    const LIST: &'static str = "contributors";
    const SLUG: Constraint = Constraint::ContributorSlug;

    fn refresh_pages(&self, before: &Self, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error> {
        let face = |one: &Self| (one.name.clone(), one.slug.clone(), one.kind, one.url.clone());
        if face(self) == face(before) {
            return Ok(());
        }
        for mut edition in store::edition::live_showing_contributor(tx, self.id)? {
            if edition.summary.byline.rename(self) {
                reissue(ctx, tx, edition)?;
            }
        }
        Ok(())
    }

    fn uses(tx: &mut DbConn, id: ContributorId) -> Result<Vec<Use>, Error> {
        Ok(article_uses(store::article::using_contributor(tx, id, USES_SHOWN)?))
    }

    fn count(
        conn: &mut DbConn,
        ids: &[ContributorId],
        own_of: Option<UserId>,
    ) -> Result<Counts<ContributorId>, StoreError> {
        let working = store::count::working_crediting(conn, ids, own_of)?;
        Ok((working, store::count::live_crediting(conn, ids)?))
    }
}
