//! JPEG: markers and segments (ITU-T T.81 Annex B).

use std::borrow::Cow;

use super::Parts;
use crate::imaging::bytes::{after, be16, part};
use crate::imaging::limits::{METADATA, Refused, at_most};

const START_OF_IMAGE: u8 = 0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;
const APP1: u8 = 0xe1;
const APP13: u8 = 0xed;
/// Progressive pictures have about ten.
const SCANS: u64 = 100;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts<'_>, Refused> {
    let mut parts = Parts::default();
    let mut at = 0;
    let mut scans = 0;
    let mut components = 1;
    loop {
        let (marker, next) = marker(bytes, at).ok_or_else(Refused::cut_off)?;
        at = next;
        match marker {
            END_OF_IMAGE if scans > 0 => break,
            // Stands alone.
            0x01 | START_OF_IMAGE | 0xd0..=0xd7 | END_OF_IMAGE => continue,
            _ => {}
        }
        let length = usize::from(be16(bytes, at).ok_or_else(Refused::cut_off)?);
        let content = length
            .checked_sub(2)
            .ok_or_else(|| Refused::broken("a segment has no length"))?;
        let content = part(bytes, at + 2, content).ok_or_else(Refused::cut_off)?;
        at += length;
        match marker {
            // Frames of all processes; the numbers left out are tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && parts.frames == 0 => {
                components = frame(content, marker, &mut parts)?;
            }
            APP1 => application(content, &mut parts),
            APP13 => resources(content, &mut parts),
            START_OF_SCAN => {
                // The first scan counts its components.
                if scans == 0 && content.first().is_none_or(|count| u64::from(*count) >= components) {
                    parts.scans_apart = false;
                }
                scans += 1;
                // Each costs a walk over all of the picture, however little it says.
                at_most("scans", SCANS, scans)?;
            }
            _ => {}
        }
    }
    if parts.frames == 0 {
        return Err(Refused::broken("it has no frame"));
    }
    if parts.scans_apart {
        if scans > components {
            return Err(Refused::broken("it has more scans than colours"));
        }
        parts.pixel_bytes += 2 * components;
    }
    Ok(parts)
}

/// The next marker and where what follows it begins. Zeros after 0xff are data of a scan, and 0xff itself fills.
fn marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)? + 1;
        match *bytes.get(at)? {
            0x00 | 0xff => {}
            marker => return Some((marker, at + 1)),
        }
    }
}

fn frame(content: &[u8], marker: u8, parts: &mut Parts<'_>) -> Result<u64, Refused> {
    let sides = be16(content, 3).zip(be16(content, 1)).zip(content.get(5));
    let Some(((width, height), count)) = sides else {
        return Err(Refused::broken("its frame has no size"));
    };
    parts.size = (u32::from(width), u32::from(height));
    parts.frames = 1;
    let components = u64::from(*count).clamp(1, 4);
    // Until its first scan shows otherwise. Each component is three bytes, the second of which is its sampling.
    let sampled_less = content.iter().skip(7).step_by(3).any(|sampling| *sampling != 0x11);
    parts.scans_apart = matches!(marker, 0xc0 | 0xc1) && components > 1 && sampled_less;
    // In more than one scan, the decoder keeps two bytes of each sample.
    let coefficients = if marker == 0xc0 { 0 } else { 2 * components };
    // A grey picture is spread to three channels.
    parts.pixel_bytes = components.max(4) + coefficients;
    parts.kept_bytes = components.max(3);
    Ok(components)
}

fn application<'a>(content: &'a [u8], parts: &mut Parts<'a>) {
    if let Some(exif) = after(content, b"Exif\0") {
        // One zero or, by mistake, any other byte follows.
        let exif = exif.get(1..).unwrap_or_default();
        parts.exif.get_or_insert(Cow::Borrowed(exif));
    } else if let Some(xmp) = after(content, b"http://ns.adobe.com/xap/1.0/\0") {
        parts.xmp.get_or_insert(xmp);
    }
}

/// Resources that do not fit a segment go on in the next one.
fn resources(content: &[u8], parts: &mut Parts<'_>) {
    let Some(more) = after(content, b"Photoshop 3.0\0") else {
        return;
    };
    if parts.resources.len() + more.len() <= METADATA {
        parts.resources.extend_from_slice(more);
    }
}
