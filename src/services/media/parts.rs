//! Files that come in parts, so that a broken connection costs one part and not the file.

use futures_util::StreamExt as _;

use super::incoming::Incoming;
use super::upload::{Upload, Uploaded, upload};
use crate::domain::access::Action;
use crate::domain::id::{MediaId, UploadId};
use crate::domain::invalid::Invalids;
use crate::domain::media::{FilePart, MediaPatch, PartialUpload};
use crate::domain::text::Filename;
use crate::services::{Ctx, Error, Refusal};
use crate::storage::{Blobs, Key, Spool};
use crate::store::{self, DbConn};

/// How long the parts of a file are kept, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// Most parts of one file.
const PARTS: usize = 10_000;

/// Where an upload stands.
pub enum Progress {
    /// More is to come.
    Open(PartialUpload),
    /// It is whole, and became a media.
    Done(PartialUpload),
}

/// Bytes that continue a file.
pub struct Part {
    upload: PartialUpload,
    spool: Spool,
    written: u64,
}

/// Begins a file of `length` bytes. `fields` are those of a change of a media; they are checked now, since the last part is
/// too late to hear of them.
///
/// # Errors
/// `Forbidden`, `Invalid`, `MediaTooLarge`.
pub async fn begin(
    ctx: &Ctx,
    length: u64,
    filename: Option<Filename>,
    fields: serde_json::Value,
) -> Result<PartialUpload, Error> {
    ctx.may(Action::UploadMedia, None)?;
    let config = &ctx.app.config.media;
    let most = config.max_image_bytes.max(config.max_file_bytes);
    if length > most {
        return Err(Refusal::MediaTooLarge { most }.into());
    }
    deserr::deserialize::<MediaPatch, _, Invalids>(fields.clone())?;
    let new = PartialUpload {
        id: UploadId(ctx.app.ids.uuid()),
        length,
        parts: Vec::new(),
        filename,
        fields,
        media_id: None,
        created_by: ctx.actor.id,
        created_at: ctx.now,
        expires_at: ctx.now.plus_seconds(KEPT),
    };
    let kept = new.clone();
    let write = move |_: &Ctx, tx: &mut DbConn| store::upload::insert(tx, &kept).map_err(Error::from);
    ctx.write(write).await?;
    Ok(new)
}

/// Where the caller's upload stands.
///
/// # Errors
/// `NotFound` for one that is not the caller's, or has expired.
pub async fn progress(ctx: &Ctx, id: UploadId) -> Result<PartialUpload, Error> {
    ctx.may_use(Action::UploadMedia)?;
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let found = store::upload::by_id(conn, id)?;
        let found = found.filter(|upload| upload.created_by == ctx.actor.id && upload.expires_at > ctx.now);
        found.ok_or_else(|| Refusal::NotFound.into())
    };
    ctx.read(read).await
}

/// Gives an upload up.
///
/// # Errors
/// `NotFound`.
pub async fn cancel(ctx: &Ctx, id: UploadId) -> Result<(), Error> {
    progress(ctx, id).await?;
    let write = move |_: &Ctx, tx: &mut DbConn| store::upload::delete(tx, id).map_err(Error::from);
    ctx.write(write).await?;
    let blobs = ctx.app.blobs.clone();
    ctx.afterwards(async move { remove_parts(&blobs, id).await }).await
}

impl Part {
    /// Makes room for what comes next of the caller's upload, from `offset` on.
    ///
    /// # Errors
    /// `NotFound`; `OffsetMismatch` with where it stands.
    pub async fn begin(ctx: &Ctx, id: UploadId, offset: u64) -> Result<Self, Error> {
        let upload = progress(ctx, id).await?;
        if upload.received() != offset || upload.media_id.is_some() {
            return Err(Refusal::OffsetMismatch(upload.received()).into());
        }
        Ok(Self {
            upload,
            spool: ctx.app.blobs.spool().await?,
            written: 0,
        })
    }

    /// # Errors
    /// `MediaTooLarge` beyond the length that was announced; `StorageFull`.
    pub async fn write(&mut self, chunk: bytes::Bytes) -> Result<(), Error> {
        self.written += chunk.len() as u64;
        let most = self.upload.length;
        if self.upload.received() + self.written > most {
            return Err(Refusal::MediaTooLarge { most }.into());
        }
        Ok(self.spool.write(chunk).await?)
    }

    /// Keeps what came, even where more was to come, and makes the media once nothing is missing. Until then the upload
    /// stands where the last part begins: a client that was cut off sends that part again. It is finished although whoever
    /// sent the part may have gone. Should the server be stopped in between, a part without bytes finishes it.
    ///
    /// # Errors
    /// `OffsetMismatch` when another part was faster; for the last part what [`upload`] refuses, which ends the upload.
    pub async fn keep(self, ctx: &Ctx) -> Result<Progress, Error> {
        let ctx = ctx.clone();
        let kept = tokio::spawn(async move { kept(self, &ctx).await });
        kept.await.map_err(|lost| Error::Broken(lost.into()))?
    }
}

async fn kept(part: Part, ctx: &Ctx) -> Result<Progress, Error> {
    let Part {
        mut upload,
        mut spool,
        written,
    } = part;
    let before = upload.clone();
    let from = upload.received();
    if upload.parts.len() >= PARTS {
        let why = format!("An upload has at most {PARTS} parts; send larger ones.");
        return Err(Refusal::MediaRefused(why).into());
    }
    if written > 0 {
        let (bytes, sha256) = spool.finish().await?;
        ctx.app.blobs.keep(&Key::part(upload.id, &sha256), &spool).await?;
        upload.parts.push(FilePart { sha256, bytes });
    }
    // Of several parts that come at once, the database takes one. Only who sent that one goes on to make the media.
    if !advanced(ctx, &upload, from).await? {
        return Err(overtaken(ctx, &upload).await);
    }
    if !upload.is_whole() {
        return Ok(Progress::Open(upload));
    }
    upload.media_id = Some(finished(ctx, &upload, before).await?);
    let length = upload.length;
    if !advanced(ctx, &upload, length).await? {
        // Given up meanwhile, or finished by who asked again.
        upload = progress(ctx, upload.id).await?;
    }
    remove_parts(&ctx.app.blobs, upload.id).await?;
    Ok(Progress::Done(upload))
}

/// Writes down where an upload stands now; false when it is not at `from` any more, or is finished.
async fn advanced(ctx: &Ctx, now: &PartialUpload, from: u64) -> Result<bool, Error> {
    let now = now.clone();
    let write = move |_: &Ctx, tx: &mut DbConn| store::upload::advance(tx, &now, from).map_err(Error::from);
    ctx.write(write).await
}

/// That another part was faster. What this one brought goes, unless the other brought the very same.
async fn overtaken(ctx: &Ctx, late: &PartialUpload) -> Error {
    let stands = match progress(ctx, late.id).await {
        Ok(stands) => stands,
        Err(gone) => return gone,
    };
    if let Some(part) = late.parts.last().filter(|part| !stands.parts.contains(part)) {
        if let Err(error) = ctx.app.blobs.remove(&Key::part(late.id, &part.sha256)).await {
            return error.into();
        }
    }
    Refusal::OffsetMismatch(stands.received()).into()
}

/// The media that a whole file becomes. One that is refused ends the upload; otherwise it stands where it stood `before`.
async fn finished(ctx: &Ctx, of: &PartialUpload, before: PartialUpload) -> Result<MediaId, Error> {
    match whole(ctx, of).await {
        Ok(made) => Ok(made.view.media.id),
        // Asking again may help; sending other bytes to this upload cannot.
        Err(error @ (Error::Refused(Refusal::Overloaded | Refusal::StorageFull) | Error::Broken(_))) => {
            // Who gave it up while it was put together is told so.
            progress(ctx, of.id).await?;
            advanced(ctx, &before, of.length).await?;
            Err(error)
        }
        Err(refused) => {
            cancel(ctx, of.id).await?;
            Err(refused)
        }
    }
}

/// The media of all parts.
async fn whole(ctx: &Ctx, of: &PartialUpload) -> Result<Upload, Error> {
    let mut incoming = Incoming::begin(ctx).await?;
    for part in &of.parts {
        let key = Key::part(of.id, &part.sha256);
        let mut bytes = std::pin::pin!(ctx.app.blobs.read(&key, 0..part.bytes).await?);
        while let Some(chunk) = bytes.next().await {
            incoming.write(chunk?).await?;
        }
    }
    let patch = deserr::deserialize::<MediaPatch, _, Invalids>(of.fields.clone())?;
    let with = Uploaded {
        filename: of.filename.clone(),
        patch,
        duplicate: false,
    };
    upload(ctx, incoming.finish().await?, with).await
}

async fn remove_parts(blobs: &Blobs, id: UploadId) -> Result<(), Error> {
    for part in blobs.list(&Key::parts_of(id)).await? {
        blobs.remove(&part.key).await?;
    }
    Ok(())
}
