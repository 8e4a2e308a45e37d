//! Videos and sounds: how long they are and how large, where the file tells cheaply. Nothing is decoded.

mod matroska;
pub(super) mod mp3;
mod mp4;
mod ogg;
mod wav;

use std::io::{Read, Seek, SeekFrom};

use super::examine::Examined;
use crate::domain::media::MediaType;

/// What a file tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Told {
    size: Option<(u32, u32)>,
    /// In seconds.
    duration: Option<f64>,
}

/// Most steps from part to part of a file.
const STEPS: usize = 10_000;

/// Examines a video, a sound or a document: its duration and size where it tells them. Reads little of it, and never fails:
/// a file that makes no sense tells nothing.
pub fn examine_stream<R: Read + Seek>(kind: MediaType, source: &mut R) -> Examined {
    let told = match kind {
        MediaType::Mp4 => mp4::told(source),
        MediaType::Webm => matroska::told(source),
        MediaType::Mp3 => mp3::told(source),
        MediaType::Ogg => ogg::told(source),
        MediaType::Wav => wav::told(source),
        _ => None,
    };
    let told = told.unwrap_or_default();
    Examined {
        width: told.size.map(|(width, _)| width),
        height: told.size.map(|(_, height)| height),
        duration_ms: told.duration.and_then(milliseconds),
        ..Examined::default()
    }
}

/// A year of it is no duration.
fn milliseconds(seconds: f64) -> Option<u64> {
    const MOST: f64 = 366.0 * 24.0 * 3600.0;
    // False for what is no number, too.
    if !(seconds > 0.0 && seconds < MOST) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive and below a year"
    )]
    let milliseconds = (seconds * 1000.0).round() as u64;
    Some(milliseconds)
}

/// At most so many bytes from a place; fewer at the end of the file.
fn read_at<R: Read + Seek>(source: &mut R, at: u64, most: u64) -> Option<Vec<u8>> {
    source.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = Vec::new();
    source.by_ref().take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn length<R: Seek>(source: &mut R) -> Option<u64> {
    source.seek(SeekFrom::End(0)).ok()
}

/// Exact up to 2^53, far beyond any file.
#[expect(clippy::cast_precision_loss, reason = "counts of files are far below 2^53")]
fn float(number: u64) -> f64 {
    number as f64
}
