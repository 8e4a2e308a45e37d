//! Media: pictures, videos, sounds and documents, as editors keep them and as the public gets them.

pub mod check;
mod edit;
pub mod gc;
mod incoming;
mod list;
pub mod parts;
mod pictures;
mod pool;
mod renditions;
mod signature;
mod upload;

pub use edit::{edit, restore, trash};
pub use incoming::{Incoming, Received};
pub use list::{MediaQuery, Report, list, report, usages};
pub use renditions::{Form, Stored, signed_media, stored};
pub use signature::Signed;
pub use upload::{Upload, Uploaded, replace, replaceable, upload};

pub(in crate::services) use pictures::Pictures;
pub(in crate::services) use pool::Pool;
pub(in crate::services) use renditions::Making;
pub(in crate::services) use signature::Signer;

use crate::domain::access::{Action, Subject};
use crate::domain::audit::{AuditAction, AuditedKind, Deed};
use crate::domain::id::MediaId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::media::{Addressed, Media, MediaKind, Sources};
use crate::domain::workflow::Status;
use crate::services::{Basis, Ctx, Current, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// A media as an editor gets it.
#[derive(Debug, Clone)]
pub struct MediaView {
    pub media: Media,
    /// Where its file is, for whoever has the address, for a day or two.
    pub original_url: String,
    /// Where its renditions are, in the same way.
    pub sources: Sources,
    /// Whether anything shows it.
    pub used: bool,
}

/// # Errors
/// `NotFound`.
pub async fn read(ctx: &Ctx, id: MediaId) -> Result<MediaView, Error> {
    ctx.may(Action::ReadMedia, None)?;
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let media = store::media::by_id(conn, id)?.ok_or(Refusal::NotFound)?;
        shown(ctx, conn, media)
    };
    ctx.read(read).await
}

fn shown(ctx: &Ctx, conn: &mut DbConn, media: Media) -> Result<MediaView, Error> {
    let used = store::media_use::is_used(conn, media.id)?;
    Ok(view(ctx, media, used))
}

fn view(ctx: &Ctx, media: Media, used: bool) -> MediaView {
    let (original_url, sources) = sources(ctx, &media);
    MediaView {
        media,
        original_url,
        sources,
        used,
    }
}

/// Signed addresses: of the file itself, and of its renditions.
pub(in crate::services) fn sources(ctx: &Ctx, media: &Media) -> (String, Sources) {
    let signature = ctx.app.signer.sign(media.id, ctx.now).to_string();
    let addressed = Addressed {
        id: media.id,
        mime: media.file.mime,
        size: media.file.width.zip(media.file.height),
        renders: media.file.renders,
        version: &media.version(),
        signature: Some(&signature),
    };
    (ctx.app.addresses.original(addressed), ctx.app.addresses.of(addressed))
}

/// Whether the caller may change it, and has seen its current revision.
fn changeable(ctx: &Ctx, media: &Media, basis: &Basis) -> Result<(), Error> {
    ctx.may(Action::EditMedia, Some(subject(media)))?;
    if !basis.admits(media.revision) {
        return Err(Refusal::Stale(current(media)).into());
    }
    if media.deleted_at.is_some() {
        return Err(Refusal::MediaInTrash.into());
    }
    Ok(())
}

/// Held for a change, and a copy to change. Names are held by then.
fn held(ctx: &Ctx, tx: &mut DbConn, id: MediaId, basis: &Basis) -> Result<(Media, Media), Error> {
    ctx.may_use(Action::EditMedia)?;
    let media = store::media::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    changeable(ctx, &media, basis)?;
    Ok((media.clone(), media))
}

/// Writes a changed one, and has live pages that show it show it as it is now; a contributor's change is a change of their
/// articles, too.
fn save(ctx: &Ctx, tx: &mut DbConn, before: &Media, mut media: Media) -> Result<MediaView, Error> {
    if media == *before {
        return shown(ctx, tx, media);
    }
    let is_shared = match ctx.own_only() {
        Some(user) => store::media_use::is_relied_on(tx, media.id, user)?,
        None => false,
    };
    let is_live = store::media_use::is_live(tx, media.id)?;
    if is_live || is_shared {
        ctx.may(Action::EditLiveMedia, Some(subject(before)))?;
    }
    if is_live {
        keeps_credit(ctx, before, &media)?;
        keeps_renditions(before, &media)?;
    }
    media.revision += 1;
    media.updated_at = ctx.now;
    media.updated_by = ctx.actor.id;
    if !store::media::update(tx, &media, before.revision)? {
        return Err(Refusal::Stale(current(before)).into());
    }
    super::media_uses::refresh_pages(ctx, tx, before, &media)?;
    super::media_uses::move_revisions(ctx, tx, before, &media)?;
    let action = match (before.deleted_at, media.deleted_at) {
        (None, Some(_)) => AuditAction::Trash,
        (Some(_), None) => AuditAction::Restore,
        _ => AuditAction::Edit,
    };
    let deed = deed(action, &media).changing(media.changed_since(before));
    audit::record(ctx, tx, &deed)?;
    shown(ctx, tx, media)
}

/// What is written down of a write.
fn deed(action: AuditAction, media: &Media) -> Deed {
    Deed::new(action, AuditedKind::Media, media.id.0, media.filename.as_str()).at_revision(media.revision)
}

/// A media is as open to a contributor as a draft is.
fn subject(media: &Media) -> Subject {
    Subject {
        created_by: media.created_by,
        status: Status::Draft,
    }
}

/// A picture that readers see keeps a credit, as it had to have one to be published.
fn keeps_credit(ctx: &Ctx, before: &Media, after: &Media) -> Result<(), Error> {
    let lost = before.description.credit.is_some() && after.description.credit.is_none();
    let is_asked = ctx.app.config.media.require_credit && after.file.mime.kind() == MediaKind::Image;
    if lost && is_asked {
        let flaw = Flaw::new(Rule::Required, "readers see the picture; it keeps a credit");
        return Err(Invalids::from(flaw.at("/credit")).into());
    }
    Ok(())
}

/// A picture that readers see stays one that they can see, as it had to be to be published.
fn keeps_renditions(before: &Media, after: &Media) -> Result<(), Error> {
    if !before.file.renders || after.file.renders {
        return Ok(());
    }
    let kind = after.file.mime.as_str();
    let why = format!("Readers see the picture, and no renditions are made of this {kind}; they would see nothing.");
    Err(Refusal::MediaRefused(why).into())
}

fn current(media: &Media) -> Current {
    Current {
        revision: media.revision,
        updated_at: media.updated_at,
        updated_by: Some(media.updated_by),
        changed: None,
    }
}
