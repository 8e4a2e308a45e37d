//! WebM: elements of EBML (RFC 8794) as Matroska names them (RFC 9559 §5.1.2, §5.1.4).

use std::io::{Read, Seek};

use super::{STEPS, Told, read_at};
use crate::imaging::bytes::part;

const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_A966;
const TIMESTAMP_SCALE: u64 = 0x2A_D7B1;
const DURATION: u64 = 0x4489;
const TRACKS: u64 = 0x1654_AE6B;
const TRACK: u64 = 0xAE;
const VIDEO: u64 = 0xE0;
const PIXEL_WIDTH: u64 = 0xB0;
const PIXEL_HEIGHT: u64 = 0xBA;
const CLUSTER: u64 = 0x1F43_B675;

/// Both stand before the first cluster.
const HEAD: u64 = 1024 * 1024;

#[derive(Default)]
struct Found {
    scale: Option<u64>,
    units: Option<f64>,
    width: Option<u32>,
    height: Option<u32>,
    steps: usize,
}

pub(super) fn told<R: Read + Seek>(source: &mut R) -> Option<Told> {
    let head = read_at(source, 0, HEAD)?;
    let mut found = Found::default();
    walk(&head, &mut found, 0);
    // Nanoseconds in a unit; a million by default.
    let scale = f64::from(u32::try_from(found.scale.unwrap_or(1_000_000)).ok()?);
    Some(Told {
        size: found
            .width
            .zip(found.height)
            .filter(|(width, height)| *width > 0 && *height > 0),
        duration: found.units.map(|units| units * scale / 1e9),
    })
}

fn walk(bytes: &[u8], found: &mut Found, depth: u8) {
    let mut rest = bytes;
    while let Some((name, content, next)) = element(rest) {
        found.steps += 1;
        if found.steps > STEPS || name == CLUSTER {
            return;
        }
        match name {
            SEGMENT | INFO | TRACKS | TRACK | VIDEO if depth < 6 => walk(content, found, depth + 1),
            TIMESTAMP_SCALE => found.scale = number(content),
            DURATION => found.units = float(content),
            PIXEL_WIDTH => found.width = found.width.or_else(|| u32::try_from(number(content)?).ok()),
            PIXEL_HEIGHT => found.height = found.height.or_else(|| u32::try_from(number(content)?).ok()),
            _ => {}
        }
        rest = next;
    }
}

/// An element: its name, its content as far as it is there, and what follows.
fn element(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let (name, name_length) = variable(bytes, true)?;
    let (length, length_length) = variable(bytes.get(name_length..)?, false)?;
    let rest = bytes.get(name_length + length_length..)?;
    // All ones is a length that is not known: to the end.
    let unknown = (1_u64 << (7 * length_length)) - 1;
    let length = if length == unknown {
        rest.len()
    } else {
        usize::try_from(length).ok()?
    };
    let end = length.min(rest.len());
    Some((name, rest.get(..end)?, rest.get(end..)?))
}

/// A number of variable length, with or without the mark of its length.
fn variable(bytes: &[u8], marked: bool) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = usize::try_from(first.leading_zeros()).ok()? + 1;
    let digits = part(bytes, 0, length).filter(|digits| digits.len() <= 8)?;
    let whole = number(digits)?;
    let mark = 1_u64 << (7 * length);
    Some((if marked { whole } else { whole & (mark - 1) }, length))
}

fn number(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => bytes.try_into().ok().map(f32::from_be_bytes).map(f64::from),
        8 => bytes.try_into().ok().map(f64::from_be_bytes),
        _ => None,
    }
}
