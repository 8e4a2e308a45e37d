//! What contributors have of their own: bylines name them.

use super::media_uses;
use super::merge::{Listed, show_everywhere};
use super::taxonomy::{Counts, Kind, USES_SHOWN, article_uses};
use crate::domain::article::Content;
use crate::domain::body::MediaAt;
use crate::domain::contributor::Contributor;
use crate::domain::edition::{Edition, Summary};
use crate::domain::id::{ArticleId, ContributorId, UserId};
use crate::domain::invalid::{Flaw, Invalid, Invalids, Rule};
use crate::domain::media::MediaKind;
use crate::services::{Ctx, Error, Use};
use crate::store::media_use::Holder;
use crate::store::{self, Constraint, DbConn, StoreError};

impl Kind for Contributor {
    const LIST: &'static str = "contributors";
    const SLUG: Constraint = Constraint::ContributorSlug;

    fn check(&self, tx: &mut DbConn) -> Result<(), Error> {
        let avatar = self.avatar_media_id.map(|media_id| MediaAt {
            pointer: String::new(),
            media_id,
            wants: &[MediaKind::Image],
            alt: None,
            credit: None,
        });
        let at = "/avatar_media_id";
        let mut flaws = Invalids::default();
        for flaw in media_uses::unfit(tx, Some(Holder::Contributor(self.id)), avatar.as_slice())?.0 {
            flaws.add(Invalid {
                pointer: at.to_owned(),
                ..flaw
            });
        }
        let before = store::media_use::of(tx, Holder::Contributor(self.id))?;
        // Readers see it at once: nothing is published first, where it would be asked for.
        for media in media_uses::shown_at(tx, avatar.as_slice())? {
            let file = &media.file;
            if file.mime.kind() == MediaKind::Image && !file.renders && !before.contains(&media.id) {
                let message = format!(
                    "no renditions are made of this {}; readers would see nothing",
                    file.mime.as_str()
                );
                flaws.add(Flaw::new(Rule::NotAllowed, message).at(at));
            }
        }
        Ok(flaws.into_result()?)
    }

    fn remember_media(&self, tx: &mut DbConn) -> Result<(), StoreError> {
        store::media_use::replace(tx, Holder::Contributor(self.id), self.avatar_media_id.as_slice())
    }

    fn forget_media(tx: &mut DbConn, id: ContributorId) -> Result<(), StoreError> {
        store::media_use::replace(tx, Holder::Contributor(id), &[])
    }

    fn refresh_pages(&self, before: &Self, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error> {
        let face = |one: &Self| (one.name.clone(), one.slug.clone(), one.kind, one.url.clone());
        if face(self) == face(before) {
            return Ok(());
        }
        show_everywhere(self, ctx, tx)
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

impl Listed for Contributor {
    fn articles_naming(tx: &mut DbConn, id: ContributorId) -> Result<Vec<ArticleId>, StoreError> {
        store::article::naming_contributor(tx, id)
    }

    fn replace(content: &mut Content, named: ContributorId, by: ContributorId) {
        content.byline.contributors.replace(named, by);
    }

    fn live_showing(tx: &mut DbConn, id: ContributorId) -> Result<Vec<Edition>, StoreError> {
        store::edition::live_showing_contributor(tx, id)
    }

    fn show(&self, summary: &mut Summary, named: ContributorId) -> bool {
        summary.byline.show(named, self)
    }
}
