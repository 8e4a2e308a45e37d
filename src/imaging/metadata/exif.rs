//! EXIF (CIPA DC-008), read by `kamadak-exif`.

use exif::{Exif, Field, In, Rational, Reader, Tag, Value};
use image::metadata::Orientation;

use super::properties::Properties;
use super::text::{cut, guessed};
use crate::imaging::limits::EXIF;

/// The tags that are read. Not all there are: what a camera keeps for itself is binary and large.
const TAGS: &[(Tag, &str)] = &[
    (Tag::ImageDescription, "ImageDescription"),
    (Tag::Artist, "Artist"),
    (Tag::Copyright, "Copyright"),
    (Tag::DateTimeOriginal, "DateTimeOriginal"),
    (Tag::OffsetTimeOriginal, "OffsetTimeOriginal"),
    (Tag::SubSecTimeOriginal, "SubSecTimeOriginal"),
    (Tag::DateTimeDigitized, "DateTimeDigitized"),
    (Tag::OffsetTimeDigitized, "OffsetTimeDigitized"),
    (Tag::DateTime, "DateTime"),
    (Tag::OffsetTime, "OffsetTime"),
    (Tag::Make, "Make"),
    (Tag::Model, "Model"),
    (Tag::Software, "Software"),
    (Tag::Orientation, "Orientation"),
    (Tag::XResolution, "XResolution"),
    (Tag::YResolution, "YResolution"),
    (Tag::ExposureTime, "ExposureTime"),
    (Tag::FNumber, "FNumber"),
    (Tag::ExposureProgram, "ExposureProgram"),
    (Tag::PhotographicSensitivity, "PhotographicSensitivity"),
    (Tag::ExposureBiasValue, "ExposureBiasValue"),
    (Tag::MeteringMode, "MeteringMode"),
    (Tag::Flash, "Flash"),
    (Tag::FocalLength, "FocalLength"),
    (Tag::FocalLengthIn35mmFilm, "FocalLengthIn35mmFilm"),
    (Tag::ColorSpace, "ColorSpace"),
    (Tag::WhiteBalance, "WhiteBalance"),
    (Tag::LensMake, "LensMake"),
    (Tag::LensModel, "LensModel"),
    (Tag::LensSerialNumber, "LensSerialNumber"),
    (Tag::BodySerialNumber, "BodySerialNumber"),
    (Tag::CameraOwnerName, "CameraOwnerName"),
    (Tag::ImageUniqueID, "ImageUniqueID"),
    (Tag::GPSDateStamp, "GPSDateStamp"),
    (Tag::GPSTimeStamp, "GPSTimeStamp"),
    (Tag::GPSAltitude, "GPSAltitude"),
    (Tag::GPSImgDirection, "GPSImgDirection"),
    (Tag::GPSMapDatum, "GPSMapDatum"),
];

/// One block of EXIF.
///
/// The library keeps each value that it has read, and thousands of entries may name the same bytes: so each is read from a
/// parse of its own, and what it took is given back.
struct Block<'a>(&'a [u8]);

impl Block<'_> {
    fn parse(&self) -> Option<Exif> {
        let parsed = Reader::new().continue_on_error(true).read_raw(self.0.to_vec());
        parsed.or_else(|error| error.distill_partial_result(|_| {})).ok()
    }

    fn with<T>(&self, tag: Tag, read: impl FnOnce(&Field) -> Option<T>) -> Option<T> {
        self.parse()?.get_field(tag, In::PRIMARY).and_then(read)
    }
}

/// What is beyond a segment of a JPEG is not read in other files either.
fn bounded(exif: &[u8]) -> Block<'_> {
    Block(exif.get(..EXIF).unwrap_or(exif))
}

pub(super) fn read(exif: &[u8]) -> Properties {
    let mut properties = Properties::default();
    let block = bounded(exif);
    if block.parse().is_none() {
        return properties;
    }
    for (tag, name) in TAGS {
        let shown = block.with(*tag, |field| Some(show(field)));
        shown.iter().flatten().for_each(|value| properties.add(name, value));
    }
    if let Some(position) = position(&block) {
        properties.add("GPSPosition", &position);
    }
    properties
}

/// Texts as they are, the rest as the library words it.
fn show(field: &Field) -> Vec<String> {
    match &field.value {
        Value::Ascii(texts) => texts.iter().take(10).map(|text| guessed(text).into_owned()).collect(),
        // Numbers are few where they are not a camera's own.
        value if values(value) > 16 => Vec::new(),
        _ => vec![cut(&field.display_value().to_string(), 200).to_owned()],
    }
}

fn values(value: &Value) -> usize {
    match value {
        Value::Byte(values) | Value::Undefined(values, _) => values.len(),
        Value::Short(values) => values.len(),
        Value::Long(values) => values.len(),
        Value::Rational(values) => values.len(),
        Value::SRational(values) => values.len(),
        Value::SByte(values) => values.len(),
        Value::SShort(values) => values.len(),
        Value::SLong(values) => values.len(),
        Value::Float(values) => values.len(),
        Value::Double(values) => values.len(),
        Value::Ascii(_) | Value::Unknown(..) => 0,
    }
}

/// Latitude and longitude in decimal degrees, north and east positive.
fn position(block: &Block<'_>) -> Option<String> {
    let degrees = |tag, reference, negative: u8| {
        let degrees = block.with(tag, degrees)?;
        let letter = block.with(reference, |field| match &field.value {
            Value::Ascii(texts) => texts.first()?.first().copied(),
            _ => None,
        });
        Some(if letter == Some(negative) { -degrees } else { degrees })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    let real = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    real.then(|| format!("{latitude:.5}, {longitude:.5}"))
}

fn degrees(field: &Field) -> Option<f64> {
    let Value::Rational(parts) = &field.value else {
        return None;
    };
    let number = |part: &Rational| (part.denom != 0).then(|| f64::from(part.num) / f64::from(part.denom));
    let part = |at: usize| parts.get(at).map_or(Some(0.0), number);
    let degrees = parts.first().and_then(number)?;
    Some(degrees + part(1)? / 60.0 + part(2)? / 3600.0)
}

/// How the picture is turned; as it is where nothing or nonsense is said.
pub(in crate::imaging) fn orientation(exif: Option<&[u8]>) -> Orientation {
    let number = exif.and_then(|exif| bounded(exif).with(Tag::Orientation, |field| field.value.get_uint(0)));
    let number = number.and_then(|number| u8::try_from(number).ok());
    number
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms)
}
