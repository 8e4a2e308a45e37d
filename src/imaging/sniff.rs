//! What kind of file it is, as its first bytes show.

use infer::{archive, audio, image, video};

use super::bytes;
use super::stream::mp3;
use crate::domain::media::MediaType;

/// The kind of a file by its first bytes, of which 8 KiB are enough; `None` for what is not taken.
pub fn sniff(head: &[u8]) -> Option<MediaType> {
    let found = if image::is_jpeg(head) {
        MediaType::Jpeg
    } else if image::is_png(head) {
        MediaType::Png
    } else if image::is_webp(head) {
        MediaType::Webp
    } else if image::is_gif(head) {
        MediaType::Gif
    } else if video::is_webm(head) {
        MediaType::Webm
    } else if audio::is_wav(head) {
        MediaType::Wav
    } else if audio::is_ogg(head) {
        return (!is_ogg_video(head)).then_some(MediaType::Ogg);
    } else if archive::is_pdf(head) {
        MediaType::Pdf
    } else if head.starts_with(b"ID3") || mp3::Frame::read(head).is_some() {
        MediaType::Mp3
    } else if bytes::part(head, 4, 4) == Some(b"ftyp") {
        return by_brands(head);
    } else if is_svg(head) {
        MediaType::Svg
    } else {
        return None;
    };
    Some(found)
}

/// Ogg is taken as sound; a first stream of Theora makes it a video.
fn is_ogg_video(head: &[u8]) -> bool {
    bytes::part(head, 28, 7) == Some(b"\x80theora")
}

/// ISO base media files say what they are by their brands (ISO/IEC 14496-12 §4.3): the major one, then those that they are
/// compatible with. Apple's QuickTime, sound alone and HEIC have brands of their own and are not taken.
fn by_brands(head: &[u8]) -> Option<MediaType> {
    const VIDEO: &[&[u8]] = &[
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1",
        b"av01", b"dash", b"mmp4", b"M4V ", b"M4VH", b"M4VP", b"cmfc", b"MSNV",
    ];
    const OTHER: &[&[u8]] = &[
        b"qt  ", b"M4A ", b"M4B ", b"M4P ", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"jp2 ", b"crx ",
    ];
    let end = bytes::size(bytes::be32(head, 0)?).min(head.len());
    let brands = head.get(8..end)?;
    let major = bytes::part(brands, 0, 4)?;
    if OTHER.contains(&major) {
        return None;
    }
    let mut all = brands
        .chunks_exact(4)
        .enumerate()
        .filter(|(at, _)| *at != 1)
        .map(|(_, brand)| brand);
    if all.clone().any(|brand| brand == b"avif" || brand == b"avis") {
        return Some(MediaType::Avif);
    }
    all.any(|brand| VIDEO.contains(&brand)).then_some(MediaType::Mp4)
}

/// Whether the root element is `svg`, after what XML allows before it (XML 1.0 §2.8).
fn is_svg(head: &[u8]) -> bool {
    let mut rest = bytes::after(head, b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<!DOCTYPE") {
            // An internal subset is in brackets, and holds ends of its own.
            let first = rest.iter().position(|byte| matches!(byte, b'[' | b'>'));
            if first.and_then(|at| rest.get(at)) == Some(&b'[') {
                b"]>"
            } else {
                b">"
            }
        } else {
            return is_svg_tag(rest);
        };
        let Some(next) = bytes::find(rest, end).and_then(|at| rest.get(at + end.len()..)) else {
            return false;
        };
        rest = next;
    }
}

fn is_svg_tag(tag: &[u8]) -> bool {
    let Some(name) = bytes::after(tag, b"<") else {
        return false;
    };
    let name = name
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
        .next()
        .unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next() == Some(b"svg")
}
