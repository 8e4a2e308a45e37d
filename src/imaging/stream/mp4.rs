//! MP4: the boxes `mvhd` and `tkhd` (ISO/IEC 14496-12 §8.2.2, §8.3.2).

use std::io::{Read, Seek};

use super::{STEPS, Told, float, read_at};
use crate::imaging::bytes::{be32, be64, part, size};

/// More than any header of a film has; its tables beyond are not needed.
const MOVIE: u64 = 8 * 1024 * 1024;
const DEEPEST: u8 = 8;

pub(super) fn told<R: Read + Seek>(source: &mut R) -> Option<Told> {
    let mut at = 0;
    for _ in 0..STEPS {
        let head = read_at(source, at, 16)?;
        let (header, length) = match be32(&head, 0)? {
            0 => (8, MOVIE),
            1 => (16, be64(&head, 8)?),
            length => (8, u64::from(length)),
        };
        if part(&head, 4, 4)? == b"moov" {
            let content = read_at(source, at + header, length.checked_sub(header)?.min(MOVIE))?;
            let mut told = Told::default();
            walk(&content, &mut told, 0);
            return Some(told);
        }
        at = at.checked_add(length.max(8))?;
    }
    None
}

fn walk(bytes: &[u8], told: &mut Told, depth: u8) {
    let mut rest = bytes;
    for _ in 0..STEPS {
        let Some((length, name)) = be32(rest, 0).zip(part(rest, 4, 4)) else {
            return;
        };
        let length = if length == 0 { rest.len() } else { size(length).max(8) };
        // The last one may be cut off by the bound.
        let content = rest.get(8..length.min(rest.len())).unwrap_or_default();
        match name {
            b"mvhd" => told.duration = duration(content),
            b"tkhd" => told.size = told.size.or_else(|| picture_size(content)),
            b"trak" if depth < DEEPEST => walk(content, told, depth + 1),
            _ => {}
        }
        let Some(next) = rest.get(length..) else { return };
        rest = next;
    }
}

fn duration(content: &[u8]) -> Option<f64> {
    let (scale, units) = if content.first() == Some(&1) {
        (be32(content, 20)?, be64(content, 24)?)
    } else {
        (be32(content, 12)?, u64::from(be32(content, 16)?))
    };
    (scale > 0).then(|| float(units) / f64::from(scale))
}

/// Whole pixels of a track with a picture, turned by a quarter where its matrix says so.
fn picture_size(content: &[u8]) -> Option<(u32, u32)> {
    let matrix = if content.first() == Some(&1) { 52 } else { 40 };
    let (width, height) = (be32(content, matrix + 36)? >> 16, be32(content, matrix + 40)? >> 16);
    let turned = be32(content, matrix)? == 0 && be32(content, matrix + 4)? != 0;
    let size = if turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(size)
}
