//! PNG and APNG: chunks (PNG Third Edition §5).

use std::borrow::Cow;

use super::Parts;
use crate::imaging::bytes::{after, be32, part, size};
use crate::imaging::limits::Refused;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts<'_>, Refused> {
    let mut parts = Parts::default();
    let mut at = 8;
    loop {
        let length = size(be32(bytes, at).ok_or_else(Refused::cut_off)?);
        let name = part(bytes, at + 4, 4).ok_or_else(Refused::cut_off)?;
        let content = part(bytes, at + 8, length).ok_or_else(Refused::cut_off)?;
        match name {
            b"IHDR" => header(content, &mut parts)?,
            b"tRNS" => parts.alpha = true,
            b"fcTL" => parts.frames = parts.frames.saturating_add(1),
            b"eXIf" => parts.exif = Some(Cow::Borrowed(after(content, b"Exif\0\0").unwrap_or(content))),
            b"iTXt" => parts.xmp = parts.xmp.or(xmp(content)),
            b"IEND" => break,
            _ => {}
        }
        // Length, name and check sum.
        at = at.saturating_add(length).saturating_add(12);
    }
    parts.frames = parts.frames.max(1);
    Ok(parts)
}

fn header(content: &[u8], parts: &mut Parts<'_>) -> Result<(), Refused> {
    let sides = be32(content, 0).zip(be32(content, 4)).zip(content.get(8));
    let Some(((width, height), depth)) = sides else {
        return Err(Refused::broken("its header has no size"));
    };
    parts.size = (width, height);
    // Four channels of one or two bytes, at most. Of two, one is let go, but not its memory.
    parts.pixel_bytes = if *depth > 8 { 8 } else { 4 };
    parts.kept_bytes = parts.pixel_bytes;
    parts.alpha = content.get(9).is_some_and(|colours| matches!(colours, 4 | 6));
    Ok(())
}

/// XMP stands in a text of this keyword, without compression (XMP Part 3 §1.1.5).
fn xmp(content: &[u8]) -> Option<&[u8]> {
    let rest = after(content, b"XML:com.adobe.xmp\0")?;
    let rest = after(rest, &[0, 0])?;
    let mut fields = rest.splitn(3, |byte| *byte == 0);
    fields.nth(2)
}
