//! What a picture may cost, and how one is refused.

use thiserror::Error;

use crate::domain::media::Ratio;

/// What a picture may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most pixels, width times height.
    pub pixels: u64,
    /// Most frames of an animation.
    pub frames: u32,
    /// Most memory for decoding and rendering, in bytes.
    pub memory: u64,
    /// The widths of the smallest and the largest rendition, and the proportions of crops that are made.
    pub narrowest: u32,
    pub widest: u32,
    pub ratios: Vec<Ratio>,
}

/// Most pixels on a side.
pub(super) const SIDE: u32 = 30_000;
/// Most bytes of metadata that are read; what is beyond is as if it were not there.
pub(super) const METADATA: usize = 4 * 1024 * 1024;
/// Most bytes of an XMP packet.
pub(super) const XMP: usize = 1024 * 1024;
/// Most bytes of an EXIF block: what a JPEG segment holds.
pub(super) const EXIF: usize = 64 * 1024;
/// Most bytes of an SVG.
pub(super) const SVG: u64 = 1024 * 1024;

/// Why a picture is not taken; a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// It costs more than is allowed.
    #[error("the picture has {found} {what}; at most {most} are allowed")]
    Limit {
        /// What is counted, in the plural.
        what: &'static str,
        most: u64,
        found: u64,
    },
    /// It cannot be read to its end.
    #[error("the picture is broken: {0}")]
    Broken(String),
}

impl Refused {
    pub(super) fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }

    pub(super) fn cut_off() -> Self {
        Self::broken("the file ends before the picture does")
    }
}

/// Refuses what is more than is allowed.
pub(super) fn at_most(what: &'static str, most: u64, found: u64) -> Result<(), Refused> {
    if found > most {
        return Err(Refused::Limit { what, most, found });
    }
    Ok(())
}

impl Limits {
    /// Checks sides, pixels and frames.
    pub(super) fn check(&self, size: (u32, u32), pixels: u64, frames: u32) -> Result<(), Refused> {
        let (width, height) = size;
        if width == 0 || height == 0 {
            return Err(Refused::broken("it has no pixels"));
        }
        at_most("pixels", self.pixels, pixels)?;
        at_most("pixels on a side", u64::from(SIDE), u64::from(width.max(height)))?;
        at_most("frames", u64::from(self.frames), u64::from(frames))
    }
}
