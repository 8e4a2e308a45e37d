//! Ogg (RFC 3533 §6): the position that the last page tells, in samples of Vorbis or of Opus (RFC 7845 §4).

use std::io::{Read, Seek};

use super::{Told, float, length, read_at};
use crate::imaging::bytes::{find, le16, le32, le64};

/// A page is at most a little less.
const PAGE: u64 = 66 * 1024;

pub(super) fn told<R: Read + Seek>(source: &mut R) -> Option<Told> {
    let head = read_at(source, 0, 512)?;
    let (rate, skipped) = if let Some(at) = find(&head, b"\x01vorbis") {
        (le32(&head, at + 12)?, 0)
    } else {
        let at = find(&head, b"OpusHead")?;
        (48_000, u64::from(le16(&head, at + 10)?))
    };
    let end = length(source)?;
    let tail = read_at(source, end.saturating_sub(PAGE), PAGE)?;
    let page = tail.windows(4).rposition(|window| window == b"OggS")?;
    let samples = le64(&tail, page + 6).filter(|position| *position != u64::MAX)?;
    (rate > 0).then(|| Told {
        size: None,
        duration: Some(float(samples.saturating_sub(skipped)) / f64::from(rate)),
    })
}
