//! WebP: chunks of RIFF (RFC 9649 §2).

use std::borrow::Cow;

use super::Parts;
use crate::imaging::bytes::{after, le16, le24, le32, part, size};
use crate::imaging::limits::Refused;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts<'_>, Refused> {
    let mut parts = Parts::default();
    let length = size(le32(bytes, 4).ok_or_else(Refused::cut_off)?);
    let chunks = part(bytes, 8, length).ok_or_else(Refused::cut_off)?;
    let mut at = 4;
    while let Some(name) = part(chunks, at, 4) {
        let length = size(le32(chunks, at + 4).ok_or_else(Refused::cut_off)?);
        let content = part(chunks, at + 8, length).ok_or_else(Refused::cut_off)?;
        match name {
            b"VP8X" => sized(
                &mut parts,
                le24(content, 4).zip(le24(content, 7)).map(|(w, h)| (w + 1, h + 1)),
            )?,
            b"VP8 " => sized(&mut parts, lossy(content))?,
            b"VP8L" => sized(&mut parts, lossless(content))?,
            b"ANMF" => parts.frames = parts.frames.saturating_add(1),
            b"EXIF" => parts.exif = Some(Cow::Borrowed(after(content, b"Exif\0\0").unwrap_or(content))),
            b"XMP " => parts.xmp = Some(content),
            _ => {}
        }
        at = at.saturating_add(8).saturating_add(length).saturating_add(length % 2);
    }
    parts.frames = parts.frames.max(1);
    // The picture, and what the decoder keeps of a frame beside it.
    parts.pixel_bytes = 12;
    parts.kept_bytes = 4;
    parts.alpha = true;
    Ok(parts)
}

/// The first size is that of the canvas.
fn sized(parts: &mut Parts<'_>, size: Option<(u32, u32)>) -> Result<(), Refused> {
    let size = size.ok_or_else(|| Refused::broken("its header has no size"))?;
    if parts.size == (0, 0) {
        parts.size = size;
    }
    Ok(())
}

fn lossy(content: &[u8]) -> Option<(u32, u32)> {
    let side = |at| le16(content, at).map(|side| u32::from(side & 0x3fff));
    Some((side(6)?, side(8)?))
}

fn lossless(content: &[u8]) -> Option<(u32, u32)> {
    let bits = le32(content, 1)?;
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}
