//! WAV: the chunks `fmt ` and `data` of RIFF.

use std::io::{Read, Seek};

use super::{STEPS, Told, float, length, read_at};
use crate::imaging::bytes::{le32, part};

pub(super) fn told<R: Read + Seek>(source: &mut R) -> Option<Told> {
    let end = length(source)?;
    let mut at = 12;
    let mut rate = None;
    for _ in 0..STEPS {
        let head = read_at(source, at, 20)?;
        let size = u64::from(le32(&head, 4)?);
        match part(&head, 0, 4)? {
            b"fmt " => rate = le32(&head, 16).filter(|rate| *rate > 0),
            b"data" => {
                // A recorder that was stopped tells more than there is.
                let bytes = size.min(end.saturating_sub(at + 8));
                let duration = float(bytes) / f64::from(rate?);
                return Some(Told {
                    size: None,
                    duration: Some(duration),
                });
            }
            _ => {}
        }
        at = at.checked_add(8 + size + size % 2)?;
    }
    None
}
