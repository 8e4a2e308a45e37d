//! What editors say of a media, and its way to the trash and back.

use super::{MediaView, current, held, save, shown, subject};
use crate::domain::access::Action;
use crate::domain::id::MediaId;
use crate::domain::media::MediaPatch;
use crate::services::taxonomy::USES_SHOWN;
use crate::services::{Basis, Ctx, Error, Refusal, media_uses};
use crate::store::{self, DbConn};

/// Applies a merge patch; live pages that show the media show the change at once. A patch that changes nothing leaves the
/// revision where it is.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MediaInTrash`.
pub async fn edit(ctx: &Ctx, id: MediaId, basis: Basis, patch: MediaPatch) -> Result<MediaView, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let (before, mut media) = held(ctx, tx, id, &basis)?;
        if let crate::domain::change::Change::Set(filename) = &patch.filename {
            media.filename = filename.clone();
        }
        media.description.apply(patch);
        save(ctx, tx, &before, media)
    };
    ctx.write_holding(store::hold::names, write).await
}

/// Puts a media that nothing shows into the trash.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MediaInTrash`, `InUse` with the first of what shows it.
pub async fn trash(ctx: &Ctx, id: MediaId, basis: Basis) -> Result<MediaView, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let (before, mut media) = held(ctx, tx, id, &basis)?;
        if store::media_use::is_used(tx, id)? {
            // Of the working copies of others a contributor is not told, but that there are some.
            return Err(Refusal::InUse(media_uses::uses_of(tx, id, ctx.own_only(), USES_SHOWN)?).into());
        }
        media.deleted_at = Some(ctx.now);
        save(ctx, tx, &before, media)
    };
    ctx.write_holding(store::hold::names, write).await
}

/// Takes a media out of the trash. One that is not there is left as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`.
pub async fn restore(ctx: &Ctx, id: MediaId, basis: Basis) -> Result<MediaView, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let before = store::media::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
        ctx.may(Action::EditMedia, Some(subject(&before)))?;
        if !basis.admits(before.revision) {
            return Err(Refusal::Stale(current(&before)).into());
        }
        if before.deleted_at.is_none() {
            return shown(ctx, tx, before);
        }
        let mut media = before.clone();
        media.deleted_at = None;
        save(ctx, tx, &before, media)
    };
    ctx.write_holding(store::hold::names, write).await
}
