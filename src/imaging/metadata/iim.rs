//! IPTC IIM, as it stands in Photoshop's image resources (IIM 4.2; Adobe Photoshop File Formats Specification, "Image
//! Resource Blocks").

use std::borrow::Cow;

use md5::{Digest, Md5};

use super::Sync;
use super::properties::Properties;
use super::text::guessed;
use crate::imaging::bytes::{after, be16, be32, part, size};

const IIM: u16 = 0x0404;
const DIGEST: u16 = 0x0425;
/// Each data set begins with it.
const TAG: u8 = 0x1c;
/// How ISO 2022 says UTF-8.
const UTF8: &[u8] = b"\x1b%G";
/// More data sets than any editor writes.
const MOST: usize = 2000;

/// Data sets of record 2, by the names of the IPTC standard.
const NAMES: &[(u8, &str)] = &[
    (3, "ObjectTypeReference"),
    (4, "ObjectAttributeReference"),
    (5, "ObjectName"),
    (7, "EditStatus"),
    (10, "Urgency"),
    (12, "SubjectReference"),
    (15, "Category"),
    (20, "SupplementalCategories"),
    (22, "FixtureIdentifier"),
    (25, "Keywords"),
    (26, "ContentLocationCode"),
    (27, "ContentLocationName"),
    (30, "ReleaseDate"),
    (35, "ReleaseTime"),
    (37, "ExpirationDate"),
    (38, "ExpirationTime"),
    (40, "SpecialInstructions"),
    (55, "DateCreated"),
    (60, "TimeCreated"),
    (62, "DigitalCreationDate"),
    (63, "DigitalCreationTime"),
    (65, "OriginatingProgram"),
    (70, "ProgramVersion"),
    (75, "ObjectCycle"),
    (80, "By-line"),
    (85, "By-lineTitle"),
    (90, "City"),
    (92, "Sub-location"),
    (95, "Province-State"),
    (100, "Country-PrimaryLocationCode"),
    (101, "Country-PrimaryLocationName"),
    (103, "OriginalTransmissionReference"),
    (105, "Headline"),
    (110, "Credit"),
    (115, "Source"),
    (116, "CopyrightNotice"),
    (118, "Contact"),
    (120, "Caption-Abstract"),
    (122, "Writer-Editor"),
    (130, "ImageType"),
    (131, "ImageOrientation"),
    (135, "LanguageIdentifier"),
    (187, "UniqueDocumentID"),
];

/// The properties, and whether they are those that XMP was written with.
pub(super) fn read(resources: &[u8]) -> (Properties, Sync) {
    let mut iim = Cow::Borrowed(&[] as &[u8]);
    let mut digest = None;
    for (name, content) in blocks(resources) {
        match name {
            // Some programs split what is large.
            IIM if iim.is_empty() => iim = Cow::Borrowed(content),
            IIM => iim.to_mut().extend_from_slice(content),
            DIGEST => digest = Some(content),
            _ => {}
        }
    }
    let sync = match digest {
        // Zeros are written by programs that do not reckon.
        Some(digest) if digest.len() == 16 && digest.iter().any(|byte| *byte != 0) => {
            let same = Md5::digest(&iim).as_slice() == digest;
            if same { Sync::Same } else { Sync::Changed }
        }
        _ => Sync::Untold,
    };
    (properties(&iim), sync)
}

/// Resource blocks: a signature, a number, a name, a length, the content; names and contents are padded to even.
fn blocks(resources: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    let next = move || {
        let signature = part(resources, at, 4)?;
        if !matches!(signature, b"8BIM" | b"MeSa" | b"PHUT" | b"AgHg" | b"DCSR") {
            return None;
        }
        let number = be16(resources, at + 4)?;
        let name = usize::from(*resources.get(at + 6)?) + 1;
        let head = at + 6 + name + name % 2;
        let length = size(be32(resources, head)?);
        // The last one may be cut off: what is there of it is read.
        let rest = resources.get(head + 4..)?;
        let content = rest.get(..length).unwrap_or(rest);
        at = (head + 4).saturating_add(length).saturating_add(length % 2);
        Some((number, content))
    };
    std::iter::from_fn(next)
}

fn properties(iim: &[u8]) -> Properties {
    let mut properties = Properties::default();
    let is_utf8 = data_sets(iim).any(|(record, number, value)| (record, number) == (1, 90) && value.starts_with(UTF8));
    for (record, number, value) in data_sets(iim) {
        let Some((_, name)) = NAMES.iter().find(|(known, _)| record == 2 && *known == number) else {
            continue;
        };
        let text = if is_utf8 {
            String::from_utf8_lossy(value)
        } else {
            guessed(value)
        };
        properties.add(name, &text);
    }
    properties
}

/// Data sets: record, number, content. One that is cut off ends them, as do bytes that are none.
fn data_sets(iim: &[u8]) -> impl Iterator<Item = (u8, u8, &[u8])> {
    let mut rest = iim;
    let next = move || {
        // Zeros between data sets are padding.
        let start = rest.iter().position(|byte| *byte != 0)?;
        let tagged = after(rest.get(start..)?, &[TAG])?;
        let (record, number) = (*tagged.first()?, *tagged.get(1)?);
        let length = be16(tagged, 2)?;
        let (head, length) = match length & 0x7fff {
            short if length & 0x8000 == 0 => (4, usize::from(short)),
            // An extended data set tells the length of its length (IIM 4.2 §1.5.4).
            digits => extended(tagged, usize::from(digits))?,
        };
        let content = part(tagged, head, length)?;
        rest = tagged.get(head + length..)?;
        Some((record, number, content))
    };
    std::iter::from_fn(next).take(MOST)
}

fn extended(tagged: &[u8], digits: usize) -> Option<(usize, usize)> {
    let digits = part(tagged, 4, digits).filter(|digits| digits.len() <= 8)?;
    let length = digits
        .iter()
        .fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
    Some((4 + digits.len(), usize::try_from(length).ok()?))
}
