//! Small pictures and the metadata in them, byte by byte.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};

pub(super) const RED: [u8; 3] = [220, 20, 30];
pub(super) const GREEN: [u8; 3] = [20, 200, 40];
pub(super) const BLUE: [u8; 3] = [30, 40, 210];
pub(super) const YELLOW: [u8; 3] = [230, 220, 20];

/// Red, green, blue and yellow quarters, from the upper left corner to the lower right.
pub(super) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
}

pub(super) fn jpeg(picture: &RgbImage, segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    jpeg_of(
        picture.as_raw(),
        (picture.width(), picture.height()),
        ColorType::Rgb,
        segments,
    )
}

pub(super) fn jpeg_of(pixels: &[u8], size: (u32, u32), kind: ColorType, segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    for (number, content) in segments {
        encoder.add_app_segment(*number, content.clone()).unwrap();
    }
    let (width, height) = (u16::try_from(size.0).unwrap(), u16::try_from(size.1).unwrap());
    encoder.encode(pixels, width, height, kind).unwrap();
    bytes
}

pub(super) fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn png(picture: &RgbImage) -> Vec<u8> {
    file(&picture.clone().into(), ImageFormat::Png)
}

/// Half of it is opaque red, half is nothing.
pub(super) fn half_nothing(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgba([220, 20, 30, 255])
        } else {
            Rgba([0, 0, 0, 0])
        }
    })
}

pub(super) fn gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for _ in 0..frames {
        let frame = image::Frame::new(DynamicImage::from(quarters(16, 16)).into_rgba8());
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    bytes
}

/// A TIFF, little-endian: texts and short numbers of its first directory, of EXIF's, and of GPS's.
pub(super) fn exif(first: &[(u16, Entry<'_>)], own: &[(u16, Entry<'_>)], gps: &[(u16, Entry<'_>)]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let pointers = [(0x8769, own), (0x8825, gps)];
    let first_length = 2 + 12 * (first.len() + 2) + 4;
    let mut tails = Vec::new();
    let mut at = 8 + first_length;
    let mut directory = first.to_vec();
    for (tag, entries) in pointers {
        directory.push((tag, Entry::Long(u32::try_from(at).unwrap())));
        let (entries, tail) = directory_at(entries, at);
        at += entries.len() + tail.len();
        tails.extend([entries, tail]);
    }
    let (entries, tail) = directory_at_with(&directory, 8, at);
    bytes.extend(entries);
    bytes.extend(tails.concat());
    bytes.extend(tail);
    bytes
}

#[derive(Clone, Copy)]
pub(super) enum Entry<'a> {
    Text(&'a str),
    Short(u16),
    Long(u32),
    /// Degrees, minutes, seconds.
    Angle([u32; 3]),
}

fn directory_at(entries: &[(u16, Entry<'_>)], at: usize) -> (Vec<u8>, Vec<u8>) {
    directory_at_with(entries, at, at + 2 + 12 * entries.len() + 4)
}

fn directory_at_with(entries: &[(u16, Entry<'_>)], _at: usize, values: usize) -> (Vec<u8>, Vec<u8>) {
    let mut directory = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut tail: Vec<u8> = Vec::new();
    for (tag, entry) in entries {
        let (kind, count, mut value) = match entry {
            Entry::Text(text) => (2_u16, text.len() + 1, [text.as_bytes(), b"\0"].concat()),
            Entry::Short(number) => (3, 1, number.to_le_bytes().to_vec()),
            Entry::Long(number) => (4, 1, number.to_le_bytes().to_vec()),
            Entry::Angle(parts) => (
                5,
                3,
                parts
                    .iter()
                    .flat_map(|part| [*part, 1])
                    .flat_map(u32::to_le_bytes)
                    .collect(),
            ),
        };
        directory.extend(tag.to_le_bytes());
        directory.extend(kind.to_le_bytes());
        directory.extend(u32::try_from(count).unwrap().to_le_bytes());
        if value.len() > 4 {
            directory.extend(u32::try_from(values + tail.len()).unwrap().to_le_bytes());
            tail.append(&mut value);
        } else {
            value.resize(4, 0);
            directory.append(&mut value);
        }
    }
    directory.extend([0; 4]);
    (directory, tail)
}

pub(super) fn exif_segment(tiff: &[u8]) -> (u8, Vec<u8>) {
    (1, [b"Exif\0\0", tiff].concat())
}

pub(super) fn turned(orientation: u16) -> (u8, Vec<u8>) {
    exif_segment(&exif(&[(0x0112, Entry::Short(orientation))], &[], &[]))
}

/// Data sets of record 2, or of the envelope where the number is 90 of record 1.
pub(super) fn iim(sets: &[(u8, u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (record, number, value) in sets {
        bytes.extend([0x1c, *record, *number]);
        bytes.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        bytes.extend(*value);
    }
    bytes
}

pub(super) fn resource(number: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"8BIM".to_vec();
    bytes.extend(number.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

pub(super) fn photoshop_segment(resources: &[u8]) -> (u8, Vec<u8>) {
    (13, [b"Photoshop 3.0\0", resources].concat())
}

pub(super) fn iim_segment(sets: &[(u8, u8, &[u8])]) -> (u8, Vec<u8>) {
    photoshop_segment(&resource(0x0404, &iim(sets)))
}

/// A packet around properties, in which the usual prefixes are declared.
pub(super) fn xmp(properties: &str) -> String {
    format!(
        "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
        <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
        xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' \
        xmlns:core='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/' xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' \
        xmlns:xmpRights='http://ns.adobe.com/xap/1.0/rights/'>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

pub(super) fn xmp_segment(properties: &str) -> (u8, Vec<u8>) {
    (
        1,
        [b"http://ns.adobe.com/xap/1.0/\0", xmp(properties).as_bytes()].concat(),
    )
}
