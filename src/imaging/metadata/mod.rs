//! What a picture says of itself in IPTC IIM, XMP and EXIF.
//!
//! Each reader gives properties by name as far as it can read, and `settle` makes one voice of the three.

mod exif;
mod iim;
mod properties;
mod settle;
mod text;
mod xmp;

pub(super) use exif::orientation;

use serde_json::{Value, json};

use self::properties::Properties;
use crate::domain::media::Facts;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    iptc: Properties,
    xmp: Properties,
    exif: Properties,
    sync: Sync,
}

/// What the digest of IPTC that XMP was written with says (Photoshop's image resource 0x0425).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Sync {
    #[default]
    Untold,
    /// XMP was written last.
    Same,
    /// IPTC was changed since by a program that knows no XMP.
    Changed,
}

/// Reads the three: a TIFF without a prefix, a packet, Photoshop's image resources.
pub(super) fn read(exif: Option<&[u8]>, xmp: Option<&[u8]>, resources: &[u8]) -> Read {
    let (iptc, sync) = iim::read(resources);
    Read {
        iptc,
        xmp: xmp.map(xmp::read).unwrap_or_default(),
        exif: exif.map(exif::read).unwrap_or_default(),
        sync,
    }
}

impl Read {
    pub(super) fn facts(&self) -> Facts {
        settle::facts(self)
    }

    /// Everything, within bounds; see [`Examined`](crate::imaging::Examined).
    pub(super) fn extracted(&self) -> Value {
        let mut room = properties::ROOM;
        let mut show = |properties: &Properties| properties.to_json(&mut room);
        json!({"iptc": show(&self.iptc), "xmp": show(&self.xmp), "exif": show(&self.exif)})
    }
}
