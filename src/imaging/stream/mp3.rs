//! MP3: frames of MPEG audio (ISO/IEC 11172-3 §2.4.1), and the counts of frames that encoders put into the first.

use std::io::{Read, Seek};

use super::{Told, float, length, read_at};
use crate::imaging::bytes::{be32, find, part};

/// In kilobits a second, of layer III: MPEG 1, then MPEG 2 and 2.5.
const RATES: [[u32; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// The header of a frame of layer III.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::imaging) struct Frame {
    /// In bits a second.
    rate: u32,
    /// Samples a second.
    frequency: u32,
    samples: u32,
}

impl Frame {
    pub(in crate::imaging) fn read(bytes: &[u8]) -> Option<Self> {
        let bits = be32(bytes, 0)?;
        let field = |shift: u32, mask: u32| bits >> shift & mask;
        // The sync word, and layer III.
        if field(21, 0x7ff) != 0x7ff || field(17, 3) != 1 {
            return None;
        }
        let (first, divisor) = match field(19, 3) {
            3 => (true, 1),
            2 => (false, 2),
            0 => (false, 4),
            _ => return None,
        };
        let frequency = match field(10, 3) {
            0 => 44_100,
            1 => 48_000,
            2 => 32_000,
            _ => return None,
        };
        let rates = RATES.get(usize::from(!first))?;
        let rate = *rates.get(usize::try_from(field(12, 15)).ok()?)?;
        (rate > 0).then_some(Self {
            rate: rate * 1000,
            frequency: frequency / divisor,
            samples: if first { 1152 } else { 576 },
        })
    }
}

pub(super) fn told<R: Read + Seek>(source: &mut R) -> Option<Told> {
    let start = after_id3(&read_at(source, 0, 10)?);
    let head = read_at(source, start, 64 * 1024)?;
    let at = (0..head.len()).find(|at| head.get(*at..).and_then(Frame::read).is_some())?;
    let frame = Frame::read(head.get(at..)?)?;
    let first = head.get(at..head.len().min(at + 256))?;
    let duration = match frames(first) {
        Some(frames) => f64::from(frames) * f64::from(frame.samples) / f64::from(frame.frequency),
        // Of one rate throughout.
        None => float(length(source)?.saturating_sub(start)) * 8.0 / f64::from(frame.rate),
    };
    Some(Told {
        size: None,
        duration: Some(duration),
    })
}

/// Where the tags of `ID3v2` end: their length has seven bits a byte.
fn after_id3(head: &[u8]) -> u64 {
    let digits = part(head, 6, 4).filter(|_| head.starts_with(b"ID3"));
    let length = digits.map(|digits| {
        digits
            .iter()
            .fold(0, |length, digit| length << 7 | u64::from(digit & 0x7f))
    });
    length.map_or(0, |length| length + 10)
}

/// The count that Xing, LAME ("Info") and Fraunhofer ("VBRI") leave.
fn frames(first: &[u8]) -> Option<u32> {
    if let Some(at) = find(first, b"Xing").or_else(|| find(first, b"Info")) {
        let has_count = be32(first, at + 4)? & 1 == 1;
        return has_count.then(|| be32(first, at + 8)).flatten();
    }
    find(first, b"VBRI").and_then(|at| be32(first, at + 14))
}
