//! What shows media: whether it may, what it shows of them, and that live pages follow them.

use std::collections::{BTreeSet, HashSet};

use super::editions::reissue;
use crate::domain::body::MediaAt;
use crate::domain::id::{ArticleId, MediaId, UserId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::media::{Media, MediaCard};
use crate::domain::revision::RevisionReason;
use crate::services::articles::rewrite;
use crate::services::{Ctx, Error, Use, media};
use crate::store::media_use::Holder;
use crate::store::{self, DbConn};

/// The media that are named at these places, as far as there are any, each once.
pub(super) fn shown_at(conn: &mut DbConn, places: &[MediaAt]) -> Result<Vec<Media>, Error> {
    let ids: BTreeSet<MediaId> = places.iter().map(|place| place.media_id).collect();
    let ids: Vec<MediaId> = ids.into_iter().collect();
    Ok(store::media::by_ids(conn, &ids)?)
}

/// The cards of the media at these places, each once, as editors see them: with signed addresses, since no page need show
/// them yet.
pub(super) fn cards(ctx: &Ctx, conn: &mut DbConn, places: &[MediaAt]) -> Result<Vec<MediaCard>, Error> {
    let found = shown_at(conn, places)?;
    let card = |media: Media| {
        let mut card = MediaCard::from(&media);
        card.found_at(media::sources(ctx, &media).1);
        card
    };
    Ok(found.into_iter().map(card).collect())
}

/// Media that are not there, or that are of another kind than their place is for, each at its pointer. One in the trash is
/// not there, unless `holder` showed it before: a change of the deck must not fail for it.
pub(super) fn unfit(conn: &mut DbConn, holder: Option<Holder>, places: &[MediaAt]) -> Result<Invalids, Error> {
    let mut flaws = Invalids::default();
    if places.is_empty() {
        return Ok(flaws);
    }
    let found = shown_at(conn, places)?;
    let before = holder.map_or(Ok(BTreeSet::new()), |holder| store::media_use::of(conn, holder))?;
    for place in places {
        let known = found.iter().find(|one| one.id == place.media_id);
        let known = known.filter(|one| one.deleted_at.is_none() || before.contains(&one.id));
        let flaw = match known.map(|one| one.file.mime.kind()) {
            None => Flaw::new(Rule::UnknownReference, "no media has this id"),
            Some(kind) if place.wants.contains(&kind) => continue,
            Some(kind) => {
                let wanted: Vec<&str> = place.wants.iter().map(|kind| kind.as_str()).collect();
                let message = format!(
                    "is of the kind `{}`; wanted is `{}`",
                    kind.as_str(),
                    wanted.join("` or `")
                );
                Flaw::new(Rule::NotAllowed, message)
            }
        };
        flaws.add(flaw.at(format!("{}/media_id", place.pointer)));
    }
    Ok(flaws)
}

/// After a change of a media: live pages that show it show it as it is now.
pub(super) fn refresh_pages(ctx: &Ctx, tx: &mut DbConn, before: &Media, after: &Media) -> Result<(), Error> {
    let now = MediaCard::from(after);
    if now == MediaCard::from(before) {
        return Ok(());
    }
    for mut edition in store::edition::live_showing_media(tx, after.id)? {
        if edition.show_media(&now) {
            reissue(ctx, tx, edition)?;
        }
    }
    Ok(())
}

/// After a change of a media by somebody who works on their own articles alone: working copies that show it are of another
/// revision, since an editor who read one before is to read it again before it is published.
pub(super) fn move_revisions(ctx: &Ctx, tx: &mut DbConn, before: &Media, after: &Media) -> Result<(), Error> {
    if ctx.own_only().is_none() || MediaCard::from(after) == MediaCard::from(before) {
        return Ok(());
    }
    for article in store::media_use::articles_showing(tx, after.id)? {
        rewrite(ctx, tx, article, RevisionReason::Edit, |_content| ())?;
    }
    Ok(())
}

/// What shows a media, `limit` of each sort at most: working copies (with `own_of` only those of this user), then live
/// pages of other articles, then contributors.
pub(super) fn uses_of(conn: &mut DbConn, id: MediaId, own_of: Option<UserId>, limit: usize) -> Result<Vec<Use>, Error> {
    let working = store::media_use::articles(conn, id, own_of, limit)?;
    let live = store::media_use::live_articles(conn, id, limit)?;
    let contributors = store::media_use::contributors(conn, id, limit)?;
    let named: HashSet<ArticleId> = working.iter().map(|(article, _)| *article).collect();
    let one = |kind, id, name: &str| Use {
        kind,
        id,
        name: name.to_owned(),
    };
    let working = working.iter().map(|(id, name)| one("article", id.0, name.as_str()));
    let live = live.iter().filter(|(id, _)| !named.contains(id));
    let live = live.map(|(id, name)| one("live_article", id.0, name.as_str()));
    let contributors = contributors
        .iter()
        .map(|(id, name)| one("contributor", id.0, name.as_str()));
    Ok(working.chain(live).chain(contributors).collect())
}
