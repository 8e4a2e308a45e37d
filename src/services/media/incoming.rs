//! Bytes on their way in: written to disk and hashed as they come, looked at as soon as they tell what they are.

use bytes::Bytes;

use crate::domain::access::Action;
use crate::domain::media::{MediaKind, MediaType};
use crate::imaging;
use crate::services::{Ctx, Error, Refusal};
use crate::storage::Spool;

/// What a file is told by.
const HEAD: usize = 8 * 1024;

/// A file that is being received.
pub struct Incoming {
    spool: Spool,
    head: Vec<u8>,
    mime: Option<MediaType>,
    length: u64,
    limits: Limits,
}

/// What may come.
#[derive(Clone, Copy)]
struct Limits {
    image: u64,
    file: u64,
    svg: bool,
}

/// A whole file, on disk and not yet in the store.
pub struct Received {
    pub(super) spool: Spool,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) mime: MediaType,
}

impl Received {
    /// What the bytes are known by, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl Incoming {
    /// Makes room for a file that the caller may send.
    ///
    /// # Errors
    /// `Forbidden`, `StorageFull`.
    pub async fn begin(ctx: &Ctx) -> Result<Self, Error> {
        ctx.may(Action::UploadMedia, None)?;
        let config = &ctx.app.config.media;
        Ok(Self {
            spool: ctx.app.blobs.spool().await?,
            head: Vec::new(),
            mime: None,
            length: 0,
            limits: Limits {
                image: config.max_image_bytes,
                file: config.max_file_bytes,
                svg: config.allow_svg,
            },
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `UnsupportedMedia` as soon as the bytes are those of nothing that is taken, `MediaTooLarge`, `StorageFull`.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), Error> {
        self.length += chunk.len() as u64;
        if self.mime.is_none() {
            let wanted = HEAD.saturating_sub(self.head.len()).min(chunk.len());
            self.head.extend(chunk.iter().take(wanted));
            if self.head.len() >= HEAD {
                self.mime = Some(self.sniffed()?);
            }
        }
        self.limits.hold(self.mime, self.length)?;
        Ok(self.spool.write(chunk).await?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn finish(mut self) -> Result<Received, Error> {
        let mime = match self.mime {
            Some(mime) => mime,
            None => self.sniffed()?,
        };
        self.limits.hold(Some(mime), self.length)?;
        let (bytes, sha256) = self.spool.finish().await?;
        Ok(Received {
            spool: self.spool,
            sha256,
            bytes,
            mime,
        })
    }

    fn sniffed(&self) -> Result<MediaType, Error> {
        let found = imaging::sniff(&self.head).filter(|mime| self.limits.svg || *mime != MediaType::Svg);
        found.ok_or_else(|| Refusal::UnsupportedMedia.into())
    }
}

impl Limits {
    fn hold(self, mime: Option<MediaType>, length: u64) -> Result<(), Error> {
        let most = match mime.map(MediaType::kind) {
            Some(MediaKind::Image) => self.image,
            Some(_) => self.file,
            None => self.image.max(self.file),
        };
        if length > most {
            return Err(Refusal::MediaTooLarge { most }.into());
        }
        Ok(())
    }
}

impl Received {
    /// What the bytes are.
    pub fn mime(&self) -> MediaType {
        self.mime
    }
}
