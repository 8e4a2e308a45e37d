//! Texts as they come out of files: their encodings, what is no text in them, and what says nothing.

use std::borrow::Cow;

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// A text in an encoding that is not told: UTF-8 where it is valid, else what it looks like of the two that newsrooms
/// wrote in, Windows-1252 (which holds Latin-1) or MacRoman.
pub(super) fn guessed(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if looks_like_mac_roman(bytes) => MACINTOSH.decode_without_bom_handling(bytes).0,
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Letters with accents are from 0x80 to 0x9f in MacRoman, where Windows-1252 has marks, and from 0xc0 on in Windows-1252,
/// where MacRoman has marks. The quotation marks and dashes of Windows-1252 stand beside letters too, and tell nothing.
fn looks_like_mac_roman(bytes: &[u8]) -> bool {
    let (mut mac, mut windows) = (0, 0);
    for trio in bytes.windows(3) {
        if let [before, high, after] = trio
            && (before.is_ascii_alphabetic() || after.is_ascii_alphabetic())
        {
            match *high {
                0x82 | 0x85 | 0x91..=0x97 => {}
                0x80..=0x9f => mac += 1,
                0xc0..=0xff => windows += 1,
                _ => {}
            }
        }
    }
    mac > windows
}

/// Without control characters: line ends are `\n`, others a blank. Trimmed.
pub(super) fn cleaned(text: &str) -> String {
    let text = text.trim_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = text.chars().map(|c| match c {
        '\n' | '\t' => c,
        c if c.is_control() => ' ',
        c => c,
    });
    plain.collect::<String>().trim().to_owned()
}

/// The same in one line.
pub(super) fn in_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning, of at most so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// The beginning, of at most so many characters.
pub(super) fn cut_characters(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// What cameras and programs write where nobody wrote anything, in lower case.
const JUNK: &[&str] = &[
    "olympus digital camera",
    "minolta digital camera",
    "konica minolta digital camera",
    "samsung digital camera",
    "samsung camera pictures",
    "sony dsc",
    "kodak digital still camera",
    "hp photosmart",
    "digital camera",
    "dcim",
    "exif_jpeg_picture",
    "exif jpeg picture",
    "jpeg image",
    "created by dji",
    "dji",
    "default",
    "untitled",
    "unknown",
    "none",
    "n/a",
    "null",
    "image description",
    "imagedescription",
    "caption",
    "description",
    "title",
    "headline",
    "photographer",
    "artist",
    "author",
    "copyright",
    "your name",
    "ascii",
    "<empty>",
    "(none)",
    "charset=ascii",
    "lead technologies inc. v1.01",
    "picasa",
    "photo editor",
];

/// Whether a text says nothing: no letter and no digit, or a default of a camera or a program.
pub(super) fn is_junk(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    !text.chars().any(char::is_alphanumeric) || JUNK.contains(&text.as_str())
}
