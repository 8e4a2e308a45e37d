//! What is found out about a file when it comes in.

use serde_json::{Value, json};

use super::container;
use super::decode;
use super::limits::{Limits, Refused, SVG, at_most};
use super::metadata;
use super::picture::Picture;
use super::placeholder::placeholder;
use crate::domain::media::{Facts, FocalPoint, MediaType, Placeholder, Window};

/// What was found out about a file.
#[derive(Debug, Clone)]
pub struct Examined {
    /// In pixels, upright.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub duration_ms: Option<u64>,
    /// Whether renditions can be made of it.
    pub renders: bool,
    pub animated: bool,
    pub placeholder: Option<Placeholder>,
    pub facts: Facts,
    /// `{"iptc": {…}, "xmp": {…}, "exif": {…}}`: what was read, by the names of the properties, each a string or an array of
    /// strings; without control characters, at most 64 KiB of text.
    pub extracted: Value,
    /// The decoded picture, where it renders.
    pub picture: Option<Picture>,
}

impl Default for Examined {
    fn default() -> Self {
        Self {
            width: None,
            height: None,
            duration_ms: None,
            renders: false,
            animated: false,
            placeholder: None,
            facts: Facts::default(),
            extracted: json!({"iptc": {}, "xmp": {}, "exif": {}}),
            picture: None,
        }
    }
}

/// Examines an image: reads its metadata and decodes it.
///
/// AVIF and SVG are not decoded: of an AVIF the size is read and no metadata, of an SVG nothing.
///
/// # Errors
/// An image beyond the limits, and one that is cut off or broken. Metadata is never a reason.
pub fn examine_image(kind: MediaType, bytes: &[u8], limits: &Limits) -> Result<Examined, Refused> {
    if kind == MediaType::Svg {
        svg(bytes)?;
        return Ok(Examined::default());
    }
    let parts = container::parts(kind, bytes, limits)?;
    let read = metadata::read(parts.exif.as_deref(), parts.xmp, &parts.resources);
    let mut examined = Examined {
        animated: parts.frames > 1,
        facts: read.facts(),
        extracted: read.extracted(),
        ..Examined::default()
    };
    if kind == MediaType::Avif {
        let (width, height) = parts.size;
        let (width, height) = if parts.turned { (height, width) } else { (width, height) };
        (examined.width, examined.height) = (Some(width), Some(height));
        return Ok(examined);
    }
    let orientation = metadata::orientation(parts.exif.as_deref());
    let picture = decode::picture(kind, bytes, &parts, limits, orientation)?;
    let (width, height) = picture.size();
    (examined.width, examined.height) = (Some(width), Some(height));
    examined.placeholder = placeholder(&picture);
    examined.renders = renders((width, height), limits);
    examined.picture = examined.renders.then_some(picture);
    Ok(examined)
}

/// What a file says of itself, without a look at its pixels.
///
/// # Errors
/// An image beyond the limits, and one that is cut off.
pub fn facts(kind: MediaType, bytes: &[u8], limits: &Limits) -> Result<Facts, Refused> {
    if kind == MediaType::Svg {
        return Ok(Facts::default());
    }
    let parts = container::parts(kind, bytes, limits)?;
    Ok(metadata::read(parts.exif.as_deref(), parts.xmp, &parts.resources).facts())
}

/// The memory in bytes that decoding and rendering take at most, told from the headers. Nothing for what is not decoded.
///
/// # Errors
/// An image beyond the limits, and one that is cut off.
pub fn cost(kind: MediaType, bytes: &[u8], limits: &Limits) -> Result<u64, Refused> {
    match kind {
        MediaType::Svg => svg(bytes).map(|()| 0),
        MediaType::Avif => container::parts(kind, bytes, limits).map(|_| 0),
        _ => {
            let parts = container::parts(kind, bytes, limits)?;
            let orientation = metadata::orientation(parts.exif.as_deref());
            decode::memory(&parts, orientation, limits)
        }
    }
}

/// Whether there is a rendition at all: of what is a hundred times as tall as wide, none is short enough.
fn renders(size: (u32, u32), limits: &Limits) -> bool {
    let (width, height) = Window::of(size, None, FocalPoint::CENTRE).fitted(limits.narrowest);
    width.max(height) <= Window::LONGEST
}

fn svg(bytes: &[u8]) -> Result<(), Refused> {
    at_most("bytes as an SVG", SVG, u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}
