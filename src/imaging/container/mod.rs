//! The files around pixels: sizes, frames, whether they are whole, and where the metadata stands. Nothing is decoded.

mod avif;
mod gif;
mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

use super::limits::{Limits, METADATA, Refused};
use crate::domain::media::MediaType;

/// What a file holds beside its pixels.
#[derive(Debug, Default)]
pub(super) struct Parts<'a> {
    /// As stored, before it is turned upright.
    pub(super) size: (u32, u32),
    /// Pixels that are decoded for the still.
    pub(super) pixels: u64,
    pub(super) frames: u32,
    /// Most bytes that decoding takes for a pixel, its result included.
    pub(super) pixel_bytes: u64,
    /// Bytes that a pixel takes once it is decoded.
    pub(super) kept_bytes: u64,
    /// Whether there may be an alpha channel.
    pub(super) alpha: bool,
    /// TIFF, without a prefix.
    pub(super) exif: Option<Cow<'a, [u8]>>,
    pub(super) xmp: Option<&'a [u8]>,
    /// Photoshop's image resources, which hold IPTC IIM.
    pub(super) resources: Vec<u8>,
    /// Whether it is a JPEG of one pass whose colours are sampled less, each in a scan of its own.
    pub(super) scans_apart: bool,
    /// Whether the file itself says that it is shown turned by a quarter, apart from EXIF.
    pub(super) turned: bool,
}

/// Walks the file of a picture to its end.
///
/// # Errors
/// A file that is cut off or makes no sense, and one beyond the limits.
pub(super) fn parts<'a>(kind: MediaType, bytes: &'a [u8], limits: &Limits) -> Result<Parts<'a>, Refused> {
    let parts = match kind {
        MediaType::Jpeg => jpeg::parts(bytes),
        MediaType::Png => png::parts(bytes),
        MediaType::Webp => webp::parts(bytes),
        MediaType::Gif => gif::parts(bytes, limits),
        MediaType::Avif => avif::parts(bytes),
        _ => Err(Refused::broken("it is not a picture")),
    };
    let mut parts = parts?;
    let (width, height) = parts.size;
    parts.pixels = parts.pixels.max(u64::from(width) * u64::from(height));
    limits.check(parts.size, parts.pixels, parts.frames)?;
    let keeps = |bytes: &[u8]| bytes.len() <= METADATA;
    parts.exif = parts.exif.filter(|exif| keeps(exif));
    parts.xmp = parts.xmp.filter(|xmp| keeps(xmp));
    Ok(parts)
}
