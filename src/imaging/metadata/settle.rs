//! One voice out of three, by the "Guidelines for Handling Image Metadata", version 2.0, of the Metadata Working Group
//! (November 2010, chapters 3 and 5):
//!
//! - Where IPTC and XMP both say something, XMP is taken; but where the digest shows that IPTC was changed since XMP was
//!   written, IPTC is. An IPTC that is but XMP's text cut to the bytes that IIM allows was not changed.
//! - EXIF, where it says something, goes before both: for the description, the creator, the copyright and the time taken.
//!   What of it is but the cut or flattened beginning of the others' text does not.
//! - Of creators the fuller list is taken, since EXIF and IIM often have the first alone.
//! - Only XMP has the alternative text and the usage terms; EXIF has no headline, credit, source or place.
//!
//! A text that says nothing counts as not there. What was not taken stays in `extracted`.

use super::text::{cleaned, cut_characters, in_line, is_junk};
use super::{Read, Sync};
use crate::domain::media::{Facts, Place};
use crate::domain::text::{AltText, Caption, City, CreditLine, Headline, UsageTerms};
use crate::domain::time::Timestamp;

pub(super) fn facts(read: &Read) -> Facts {
    let line = |iim, xmp, most: usize| both(read, iim, xmp).map(|text| cut_characters(&in_line(text), most).to_owned());
    let credit =
        |text: Option<String>| text.and_then(|text| CreditLine::parse(cut_characters(&text, CreditLine::MAX)).ok());
    let copyright = exif_first(read, "Copyright", both(read, "CopyrightNotice", "dc:rights"));
    Facts {
        headline: line("Headline", "photoshop:Headline", Headline::MAX).and_then(|text| Headline::parse(&text).ok()),
        alt: prose(
            said(read.xmp.first("Iptc4xmpCore:AltTextAccessibility")),
            AltText::MAX,
            AltText::parse,
        ),
        caption: prose(
            exif_first(
                read,
                "ImageDescription",
                both(read, "Caption-Abstract", "dc:description"),
            ),
            Caption::MAX,
            Caption::parse,
        ),
        credit: credit(line("Credit", "photoshop:Credit", CreditLine::MAX)),
        creator: credit(creators(read)),
        copyright: credit(copyright.map(in_line)),
        source: credit(line("Source", "photoshop:Source", CreditLine::MAX)),
        usage_terms: prose(
            said(read.xmp.first("xmpRights:UsageTerms")),
            UsageTerms::MAX,
            UsageTerms::parse,
        ),
        taken_at: taken_at(read),
        location: location(read),
    }
}

fn prose<T, E>(text: Option<&str>, most: usize, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
    text.and_then(|text| parse(cut_characters(&cleaned(text), most)).ok())
}

fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !is_junk(text))
}

/// What IPTC and XMP say together.
fn both<'a>(read: &'a Read, iim: &str, xmp: &str) -> Option<&'a str> {
    let (iim, xmp) = (said(read.iptc.first(iim)), said(read.xmp.first(xmp)));
    match (iim, xmp) {
        (Some(iim), Some(xmp)) if read.sync == Sync::Changed && !is_beginning(iim, xmp) => Some(iim),
        (iim, xmp) => xmp.or(iim),
    }
}

fn exif_first<'a>(read: &'a Read, exif: &str, others: Option<&'a str>) -> Option<&'a str> {
    match (said(read.exif.first(exif)), others) {
        (Some(exif), Some(others)) if is_beginning(exif, others) => Some(others),
        (exif, others) => exif.or(others),
    }
}

/// Whether `short` is `long` cut off, or written without what ASCII lacks.
fn is_beginning(short: &str, long: &str) -> bool {
    let (short, long) = (in_line(short), in_line(long));
    let mut long = long.chars();
    short.chars().all(|ours| {
        long.next()
            .is_some_and(|theirs| ours == theirs || (!theirs.is_ascii() && (!ours.is_ascii() || ours == '?')))
    })
}

fn creators(read: &Read) -> Option<String> {
    let list = |values: &[String]| -> Vec<String> {
        let said = values
            .iter()
            .map(|value| in_line(value))
            .filter(|value| !is_junk(value));
        said.collect()
    };
    // EXIF has one text, in which semicolons part names (MWG 2.0 §5.4).
    let exif: Vec<String> = read
        .exif
        .all("Artist")
        .iter()
        .flat_map(|text| text.split(';'))
        .map(str::to_owned)
        .collect();
    let (exif, iim, xmp) = (
        list(&exif),
        list(read.iptc.all("By-line")),
        list(read.xmp.all("dc:creator")),
    );
    let order = match read.sync {
        Sync::Changed => [exif, iim, xmp],
        Sync::Same | Sync::Untold => [exif, xmp, iim],
    };
    let mut taken: Vec<String> = Vec::new();
    for list in order {
        let holds = |name: &String| list.iter().any(|other| is_beginning(name, other));
        if list.len() >= taken.len() && taken.iter().all(holds) {
            taken = list;
        }
    }
    (!taken.is_empty()).then(|| taken.join(", "))
}

fn location(read: &Read) -> Option<Place> {
    let place = |iim, xmp, created: &str| {
        let created = format!("Iptc4xmpExt:LocationCreated/Iptc4xmpExt:{created}");
        let text = both(read, iim, xmp).or_else(|| said(read.xmp.first(&created)))?;
        City::parse(cut_characters(&in_line(text), City::MAX)).ok()
    };
    let place = Place {
        city: place("City", "photoshop:City", "City"),
        state: place("Province-State", "photoshop:State", "ProvinceState"),
        country: place("Country-PrimaryLocationName", "photoshop:Country", "CountryName"),
    };
    (place != Place::default()).then_some(place)
}

/// The time taken; UTC where no offset is told.
fn taken_at(read: &Read) -> Option<Timestamp> {
    let exif = read.exif.first("DateTimeOriginal").and_then(|text| {
        let offset = read.exif.first("OffsetTimeOriginal").unwrap_or_default();
        let fraction = read.exif.first("SubSecTimeOriginal").unwrap_or_default();
        moment(&digits(text), fraction, offset)
    });
    let iim = read.iptc.first("DateCreated").and_then(|day| {
        let time = read.iptc.first("TimeCreated").unwrap_or_default();
        let (time, offset) = time.split_at_checked(6).unwrap_or_default();
        moment(&format!("{}{}", digits(day), digits(time)), "", offset)
    });
    let dated = |name| read.xmp.first(name).and_then(iso);
    let xmp = dated("photoshop:DateCreated").or_else(|| dated("exif:DateTimeOriginal"));
    exif.or(match read.sync {
        Sync::Changed => iim.or(xmp),
        Sync::Same | Sync::Untold => xmp.or(iim),
    })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A moment of ISO 8601, with or without a time, a fraction and an offset.
fn iso(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, offset) = time.split_at_checked(end)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    moment(&format!("{}{}", digits(day), digits(time)), fraction, offset)
}

/// From `20200708` or `20200708094913`, a fraction of a second, and `+02:00`, `-0500` or nothing.
fn moment(digits: &str, fraction: &str, offset: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| digits.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute) = part(8, 12).map_or(Some(("00", "00")), |time| time.split_at_checked(2))?;
    let second = part(12, 14).unwrap_or("00");
    let fraction: String = fraction
        .trim()
        .chars()
        .take_while(char::is_ascii_digit)
        .take(3)
        .collect();
    let fraction = if fraction.is_empty() {
        fraction
    } else {
        format!(".{fraction}")
    };
    let local = format!("{year}-{month}-{day}T{hour}:{minute}:{second}{fraction}");
    let offset = offset.trim();
    let far: String = self::digits(offset);
    let zoned = far
        .split_at_checked(2)
        .filter(|(_, minutes)| minutes.len() == 2 && offset.starts_with(['+', '-']));
    let zoned = zoned.and_then(|(hours, minutes)| {
        let sign = offset.get(..1)?;
        Timestamp::parse(&format!("{local}{sign}{hours}:{minutes}")).ok()
    });
    zoned.or_else(|| Timestamp::parse(&format!("{local}Z")).ok())
}
