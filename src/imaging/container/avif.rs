//! AVIF: boxes (ISO/IEC 14496-12 §4.2, ISO/IEC 23008-12 §6.5). Only the size is read; pixels are not decoded.

use super::Parts;
use crate::imaging::bytes::{be32, be64, part, size};
use crate::imaging::limits::Refused;

/// More boxes than any picture has.
const MOST: usize = 4096;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts<'_>, Refused> {
    let mut parts = Parts {
        frames: 1,
        ..Parts::default()
    };
    let mut rest = bytes;
    for _ in 0..MOST {
        if rest.is_empty() {
            break;
        }
        let (name, content, next) = next_box(rest).ok_or_else(Refused::cut_off)?;
        // A meta box has a version and flags before its boxes.
        if name == b"meta" {
            properties(content.get(4..).unwrap_or_default(), &mut parts);
        }
        // A sequence of pictures is a track.
        if name == b"moov" {
            parts.frames = 2;
        }
        rest = next;
    }
    Ok(parts)
}

/// A box: its name, its content, and what follows.
fn next_box(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let name = part(bytes, 4, 4)?;
    let (head, length) = match be32(bytes, 0)? {
        0 => (8, bytes.len()),
        1 => (16, usize::try_from(be64(bytes, 8)?).ok()?),
        length => (8, size(length)),
    };
    Some((name, bytes.get(head..length)?, bytes.get(length..)?))
}

fn properties(meta: &[u8], parts: &mut Parts<'_>) {
    for (name, content) in boxes(meta) {
        if name == b"iprp" {
            let containers = boxes(content).filter(|(name, _)| *name == b"ipco");
            containers
                .flat_map(|(_, content)| boxes(content))
                .for_each(|found| property(found, parts));
        }
    }
}

/// The largest picture is the one that is shown: the others are its thumbnails and tiles.
fn property((name, content): (&[u8], &[u8]), parts: &mut Parts<'_>) {
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    match name {
        b"ispe" => {
            let found = be32(content, 4).zip(be32(content, 8)).unwrap_or_default();
            if area(found) > area(parts.size) {
                parts.size = found;
            }
        }
        b"irot" => parts.turned = content.first().is_some_and(|angle| angle & 1 == 1),
        _ => {}
    }
}

fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    let next = move || {
        let (name, content, next) = next_box(rest)?;
        rest = next;
        Some((name, content))
    };
    std::iter::from_fn(next).take(MOST)
}
