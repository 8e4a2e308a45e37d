//! GIF: blocks (`GIF89a`).

use super::Parts;
use crate::imaging::bytes::{after, le16, part};
use crate::imaging::limits::{Limits, Refused, at_most};

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const APPLICATION: u8 = 0xff;
/// What XMP ends with in a GIF, so that its text can be skipped as blocks (XMP Part 3 §1.1.2).
const XMP_TAIL: usize = 257;

pub(super) fn parts<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Parts<'a>, Refused> {
    let mut parts = Parts {
        size: side(bytes, 6).zip(side(bytes, 8)).ok_or_else(Refused::cut_off)?,
        ..Parts::default()
    };
    let mut at = 13 + table(bytes.get(10).copied().ok_or_else(Refused::cut_off)?);
    loop {
        // Many files lack the trailer; they are whole where the last block is.
        let block = match bytes.get(at) {
            Some(&TRAILER) => break,
            None if parts.frames > 0 => break,
            Some(block) => *block,
            None => return Err(Refused::cut_off()),
        };
        at = match block {
            IMAGE => image(bytes, at, limits, &mut parts)?,
            EXTENSION => extension(bytes, at, &mut parts)?,
            // Seen between blocks, and skipped by readers.
            0 => at + 1,
            _ if parts.frames > 0 => break,
            _ => return Err(Refused::broken("it has a block of an unknown kind")),
        };
    }
    if parts.frames == 0 {
        return Err(Refused::broken("it has no frame"));
    }
    // The canvas, and a frame that is drawn upon it.
    parts.pixel_bytes = 8;
    parts.kept_bytes = 4;
    parts.alpha = true;
    Ok(parts)
}

fn side(bytes: &[u8], at: usize) -> Option<u32> {
    le16(bytes, at).map(u32::from)
}

/// The bytes of the colour table that the flags tell of.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn image(bytes: &[u8], at: usize, limits: &Limits, parts: &mut Parts<'_>) -> Result<usize, Refused> {
    let size = side(bytes, at + 5)
        .zip(side(bytes, at + 7))
        .ok_or_else(Refused::cut_off)?;
    let flags = *bytes.get(at + 9).ok_or_else(Refused::cut_off)?;
    // A frame may be larger than the canvas.
    let pixels = u64::from(size.0) * u64::from(size.1);
    at_most("pixels", limits.pixels, pixels)?;
    if parts.frames == 0 {
        parts.pixels = pixels;
    }
    parts.frames = parts.frames.saturating_add(1);
    // Position, size and flags, the colour table, and the width of codes.
    blocks(bytes, at + 10 + table(flags) + 1)
}

fn extension<'a>(bytes: &'a [u8], at: usize, parts: &mut Parts<'a>) -> Result<usize, Refused> {
    let end = blocks(bytes, at + 2)?;
    if bytes.get(at + 1) == Some(&APPLICATION) {
        let xmp = bytes
            .get(at + 2..end)
            .and_then(|content| after(content, b"\x0bXMP DataXMP"));
        let xmp = xmp.and_then(|text| part(text, 0, text.len().checked_sub(XMP_TAIL + 1)?));
        parts.xmp = parts.xmp.or(xmp);
    }
    Ok(end)
}

/// Steps over blocks that each say their length, to the one of none.
fn blocks(bytes: &[u8], from: usize) -> Result<usize, Refused> {
    let mut at = from;
    loop {
        match bytes.get(at).copied().ok_or_else(Refused::cut_off)? {
            0 => return Ok(at + 1),
            length => at += 1 + usize::from(length),
        }
    }
}
