//! New media, and new bytes for one.

use std::io::{Read as _, Seek as _, SeekFrom};

use super::incoming::Received;
use super::{MediaView, deed, shown};
use crate::domain::access::Action;
use crate::domain::audit::AuditAction;
use crate::domain::id::MediaId;
use crate::domain::media::{Description, Facts, File, Media, MediaKind, MediaPatch, MediaType};
use crate::domain::text::{Filename, capitalized};
use crate::imaging::{self, Examined, Refused};
use crate::services::{Basis, Ctx, Error, Refusal, audit};
use crate::storage::{Key, Spool};
use crate::store;

/// What is sent beside the bytes.
#[derive(Debug, Default)]
pub struct Uploaded {
    pub filename: Option<Filename>,
    pub patch: MediaPatch,
    /// Makes a media of its own even where there is one with the same bytes.
    pub duplicate: bool,
}

/// What an upload led to.
pub struct Upload {
    pub view: MediaView,
    /// Whether it is a new one; otherwise one with these very bytes was there.
    pub new: bool,
}

/// Makes a media of a file. What the file says of itself fills what the caller left empty. Where there is a media with
/// the same bytes, that one is answered as it is, unless another is asked for.
///
/// # Errors
/// `Forbidden`; `MediaRefused` for a picture that is broken or beyond a limit; `Overloaded`; `StorageFull`.
pub async fn upload(ctx: &Ctx, received: Received, with: Uploaded) -> Result<Upload, Error> {
    ctx.may(Action::UploadMedia, None)?;
    if !with.duplicate {
        if let Some(view) = same_bytes(ctx, &received.sha256).await? {
            return Ok(Upload { view, new: false });
        }
    }
    let (file, facts) = examined(ctx, &received).await?;
    let mut description = Description::default();
    description.apply(with.patch);
    description.fill(&facts);
    let media = Media {
        id: MediaId(ctx.app.ids.uuid()),
        filename: with.filename.unwrap_or_else(|| nameless(file.mime)),
        file,
        description,
        revision: 1,
        created_at: ctx.now,
        created_by: ctx.actor.id,
        updated_at: ctx.now,
        updated_by: ctx.actor.id,
        deleted_at: None,
    };
    let key = Key::original(&media.file.sha256);
    ctx.app.blobs.keep(&key, &received.spool).await?;
    let write = move |ctx: &Ctx, tx: &mut store::DbConn| {
        store::hold::bytes(tx, &media.file.sha256)?;
        // Somebody may have sent the same at the same time.
        let same = store::media::with_bytes(tx, &media.file.sha256)?;
        if let Some(same) = same.filter(|_| !with.duplicate) {
            let view = shown(ctx, tx, same)?;
            return Ok(Upload { view, new: false });
        }
        store::media::insert(tx, &media)?;
        audit::record(ctx, tx, &deed(AuditAction::Create, &media))?;
        let view = shown(ctx, tx, media)?;
        Ok::<_, Error>(Upload { view, new: true })
    };
    let upload = ctx.write(write).await?;
    stay(ctx, key, received.spool).await?;
    tracing::info!(media.id = %upload.view.media.id, bytes = received.bytes, new = upload.new, "Uploaded");
    Ok(upload)
}

/// Whether the caller may put another file in the place of a media's, to be asked before the file is received.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MediaInTrash`.
pub async fn replaceable(ctx: &Ctx, id: MediaId, basis: &Basis) -> Result<(), Error> {
    let before = super::read(ctx, id).await?;
    super::changeable(ctx, &before.media, basis)
}

/// Puts other bytes in the place of a media's own. Its id and its addresses stay, and what editors said of it too; what the
/// old file said of itself gives way to what the new one says. Live pages show the new bytes at once.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `MediaInTrash`; `WrongKind` when a picture is to become something else; `MediaRefused`
/// when readers see it and would not any more; and as [`upload`].
pub async fn replace(
    ctx: &Ctx,
    id: MediaId,
    basis: Basis,
    received: Received,
    with: Uploaded,
) -> Result<MediaView, Error> {
    let before = super::read(ctx, id).await?.media;
    super::changeable(ctx, &before, &basis)?;
    same_kind(&before, received.mime)?;
    let (file, facts) = examined(ctx, &received).await?;
    let old = facts_of(ctx, &before).await?;
    let key = Key::original(&file.sha256);
    ctx.app.blobs.keep(&key, &received.spool).await?;
    let write = move |ctx: &Ctx, tx: &mut store::DbConn| {
        let (before, mut media) = super::held(ctx, tx, id, &basis)?;
        if !same_proportions(&before.file, &file) {
            media.description.focal_point = None;
        }
        media.file = file;
        media.filename = with.filename.unwrap_or(media.filename);
        media.description.forget(&old);
        media.description.apply(with.patch);
        media.description.fill(&facts);
        super::save(ctx, tx, &before, media)
    };
    let view = ctx.write_holding(store::hold::names, write).await?;
    stay(ctx, key, received.spool).await?;
    Ok(view)
}

fn same_kind(before: &Media, mime: MediaType) -> Result<(), Error> {
    let (wanted, found) = (before.file.mime.kind(), mime.kind());
    if wanted == found {
        return Ok(());
    }
    Err(Refusal::WrongKind { wanted, found }.into())
}

/// Whether a point of one picture means the same in the other.
fn same_proportions(a: &File, b: &File) -> bool {
    let sides = |file: &File| Some((u64::from(file.width?), u64::from(file.height?)));
    matches!((sides(a), sides(b)), (Some((aw, ah)), Some((bw, bh))) if aw * bh == bw * ah)
}

/// What the present file of a media says of itself.
async fn facts_of(ctx: &Ctx, media: &Media) -> Result<Facts, Error> {
    let file = &media.file;
    if file.mime.kind() != MediaKind::Image {
        return Ok(Facts::default());
    }
    let turn = ctx.app.pool.turn().await?;
    let bytes = ctx.app.blobs.load(&Key::original(&file.sha256)).await?;
    let (mime, limits) = (file.mime, ctx.app.limits());
    let (found, _) = turn.run(move || imaging::facts(mime, &bytes, &limits)).await?;
    // It was taken under limits that may have been others.
    Ok(found.unwrap_or_default())
}

/// A clean-up that looked at the bytes before the record was there may have taken them since; after this none does.
async fn stay(ctx: &Ctx, key: Key, spool: Spool) -> Result<(), Error> {
    let blobs = ctx.app.blobs.clone();
    let then = async move {
        if blobs.size(&key).await?.is_none() {
            blobs.keep(&key, &spool).await?;
        }
        Ok(())
    };
    ctx.afterwards(then).await
}

async fn same_bytes(ctx: &Ctx, sha256: &str) -> Result<Option<MediaView>, Error> {
    let sha256 = sha256.to_owned();
    let read = move |ctx: &Ctx, conn: &mut store::DbConn| match store::media::with_bytes(conn, &sha256)? {
        Some(media) => shown(ctx, conn, media).map(Some),
        None => Ok(None),
    };
    ctx.read(read).await
}

/// What the bytes are and say, found out in the pool.
async fn examined(ctx: &Ctx, received: &Received) -> Result<(File, Facts), Error> {
    let mut source = received.spool.reopen().await?;
    let mime = received.mime;
    let limits = ctx.app.limits();
    let turn = ctx.app.pool.turn().await?;
    let found = if mime.kind() == MediaKind::Image {
        let read = move || {
            let bytes = whole(&mut source)?;
            let cost = imaging::cost(mime, &bytes, &limits).map_err(refused)?;
            Ok::<_, Error>((bytes, cost, limits))
        };
        let (read, turn) = turn.run(read).await?;
        let (bytes, cost, limits) = read?;
        let (pictures, sha256) = (ctx.app.pictures.clone(), received.sha256.clone());
        let examine = move || {
            let mut found = imaging::examine_image(mime, &bytes, &limits).map_err(refused)?;
            // It goes before the turn does.
            if let Some(picture) = found.picture.take() {
                // The page that it was uploaded for asks for renditions in a moment.
                pictures.put(&sha256, &picture);
            }
            Ok::<_, Error>(found)
        };
        turn.lingering().with(cost).await?.run(examine).await?.0?
    } else {
        turn.run(move || imaging::examine_stream(mime, &mut source)).await?.0
    };
    ctx.app.pictures.watch();
    let facts = found.facts.clone();
    Ok((file(received, found), facts))
}

fn file(received: &Received, found: Examined) -> File {
    File {
        mime: received.mime,
        sha256: received.sha256.clone(),
        bytes: received.bytes,
        width: found.width,
        height: found.height,
        duration_ms: found.duration_ms,
        renders: found.renders,
        animated: found.animated,
        placeholder: found.placeholder,
        extracted: found.extracted,
    }
}

fn whole(source: &mut std::fs::File) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = source
        .seek(SeekFrom::Start(0))
        .and_then(|_| source.read_to_end(&mut bytes));
    read.map_err(|error| Error::Broken(error.into()))?;
    Ok(bytes)
}

/// As a sentence.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
pub(super) fn refused(refused: Refused) -> Error {
    Refusal::MediaRefused(format!("{}.", capitalized(&refused.to_string()))).into()
}

/// The name of a file that came without one.
fn nameless(mime: MediaType) -> Filename {
    Filename::trusted(format!("{}.{}", mime.kind().as_str(), mime.extension()))
}
