//! Real pictures that nobody here wrote, read and rendered without HTTP; see `samples` for where they lie.

use std::path::{Path, PathBuf};

use copydesk::domain::media::{FocalPoint, MediaType, Rendition, RenditionFormat};
use copydesk::imaging::{Examined, Limits, Refused, Said, cost, examine_image, sniff};

use crate::samples::samples;

const LIMITS: Limits = Limits {
    pixels: 100_000_000,
    frames: 1000,
    memory: 512 * 1024 * 1024,
    narrowest: 160,
    widest: 1920,
    ratios: Vec::new(),
};
const FORMATS: [RenditionFormat; 2] = [RenditionFormat::Webp, RenditionFormat::Jpeg];

fn read(path: &Path) -> (Option<MediaType>, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap();
    (sniff(&bytes[..bytes.len().min(8192)]), bytes)
}

fn examined(name: &str) -> Option<Examined> {
    let path = samples(&format!("images/{name}"))?;
    let (kind, bytes) = read(&path);
    Some(examine_image(kind.unwrap(), &bytes, &LIMITS).unwrap())
}

fn files(folder: &str) -> Vec<PathBuf> {
    let Some(folder) = samples(&format!("images/{folder}")) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn rendered(examined: &Examined, width: u32, format: RenditionFormat) -> Vec<u8> {
    let of = Rendition {
        width,
        ratio: None,
        format,
    };
    let picture = examined.picture.as_ref().unwrap();
    picture.render(of, FocalPoint::CENTRE, &Said::default()).unwrap().bytes
}

fn pixels(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let image = image::load_from_memory(bytes).unwrap().to_rgb8();
    (image.width(), image.height(), image.into_raw())
}

macro_rules! said {
    ($fact:expr) => {
        $fact.as_ref().map(|fact| fact.as_str())
    };
}

#[test]
fn the_reference_picture_of_the_iptc_says_what_is_written_in_it() {
    let Some(examined) = examined("metadata/IPTC-PhotometadataRef-Std2017.1.jpg") else {
        return;
    };
    let facts = &examined.facts;
    assert_eq!(said!(facts.headline), Some("The Headline (ref2017.1)"));
    assert_eq!(said!(facts.caption), Some("The description aka caption (ref2017.1)"));
    assert_eq!(said!(facts.credit), Some("Credit Line (ref2017.1)"));
    assert_eq!(said!(facts.creator), Some("Creator1 (ref2017.1), Creator2 (ref2017.1)"));
    assert_eq!(
        said!(facts.copyright),
        Some(
            "Copyright (Notice) 2017.1 IPTC - www.iptc.org  (ref2017.1)"
                .replace("  ", " ")
                .as_str()
        )
    );
    let place = facts.location.as_ref().unwrap();
    assert_eq!(said!(place.state), Some("Province/State (Core) (ref2017.1)"));
    let extracted = &examined.extracted;
    assert_eq!(
        extracted["xmp"]["dc:subject"].as_array().unwrap().len(),
        3,
        "{extracted:#}"
    );
    assert_eq!(extracted["iptc"]["Keywords"].as_array().unwrap().len(), 3);
}

#[test]
fn an_alternative_text_is_read_from_xmp() {
    let Some(examined) = examined("metadata/alt-text.jpg") else {
        return;
    };
    assert_eq!(said!(examined.facts.alt), Some("A man in a suit gestures at a lectern"));
}

#[test]
fn an_agency_picture_keeps_its_conflict_and_its_instructions_to_itself() {
    let Some(examined) = examined("metadata/cp.jpg") else {
        return;
    };
    let facts = &examined.facts;
    assert_eq!(said!(facts.creator), Some("Paul Chiasson"));
    assert_eq!(said!(facts.credit), Some("The Canadian Press"));
    assert_eq!(said!(facts.location.as_ref().unwrap().city), Some("Montreal"));
    // Four hours behind UTC, by its own offset.
    assert!(
        facts.taken_at.unwrap().to_string().starts_with("2020-07-08T13:49:13"),
        "{:?}",
        facts.taken_at
    );
    let extracted = &examined.extracted;
    assert_eq!(extracted["iptc"]["SpecialInstructions"], "EDS NOTE:A FILE PHOTO");
    assert_eq!(extracted["iptc"]["DateCreated"], "20240530");
    assert_eq!(extracted["exif"]["DateTimeOriginal"], "2020:07:08 09:49:13");
    assert_eq!(extracted["exif"]["OffsetTimeOriginal"], "-04:00");
    assert!(!format!("{facts:?}").contains("EDS NOTE"));
}

#[test]
fn where_a_picture_was_taken_is_in_no_rendition_of_it() {
    let Some(examined) = examined("gps/DSCN0010.jpg") else {
        return;
    };
    assert_eq!(examined.facts.caption, None);
    let extracted = &examined.extracted;
    assert_eq!(extracted["exif"]["GPSPosition"], "43.46745, 11.88513", "{extracted:#}");
    for format in FORMATS {
        let bytes = rendered(&examined, 640, format);
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        for trace in [
            b"Exif" as &[u8],
            b"EXIF",
            b"xmpmeta",
            b"8BIM",
            b"GPS",
            b"NIKON",
            b"COOLPIX",
        ] {
            assert!(!holds(trace), "{format:?}: {}", String::from_utf8_lossy(trace));
        }
    }
}

#[test]
fn all_eight_orientations_come_out_as_the_same_picture() {
    let mut first: Option<Vec<u8>> = None;
    for path in files("orientation") {
        let (kind, bytes) = read(&path);
        let examined = examine_image(kind.unwrap(), &bytes, &LIMITS).unwrap();
        assert_eq!(
            (examined.width, examined.height),
            (Some(600), Some(450)),
            "{}",
            path.display()
        );
        let (width, height, pixels) = pixels(&rendered(&examined, 1920, RenditionFormat::Jpeg));
        assert_eq!((width, height), (600, 450), "{}", path.display());
        let first = first.get_or_insert_with(|| pixels.clone());
        // The pixel that differs most of a thousand: edges move by a pixel where a block was turned.
        let mut apart: Vec<u8> = first.iter().zip(&pixels).map(|(a, b)| a.abs_diff(*b)).collect();
        apart.sort_unstable();
        let mean: f64 =
            apart.iter().map(|apart| f64::from(*apart)).sum::<f64>() / f64::from(u32::try_from(apart.len()).unwrap());
        // A picture that lies or is mirrored is 40 apart and more.
        assert!(mean < 10.0, "{}: {mean}", path.display());
    }
}

#[test]
fn every_format_on_the_list_gives_a_still() {
    for path in files("formats") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (kind, bytes) = read(&path);
        if name == "favicon.ico" {
            assert_eq!(kind, None);
            continue;
        }
        let kind = kind.unwrap();
        let examined = examine_image(kind, &bytes, &LIMITS).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(examined.width.is_some() && examined.height.is_some(), "{name}");
        assert_eq!(examined.renders, kind != MediaType::Avif, "{name}");
        assert_eq!(
            examined.animated,
            matches!(name.as_str(), "anim.webp" | "cogs.gif"),
            "{name}"
        );
        if examined.renders {
            assert!(examined.placeholder.is_some(), "{name}");
            for format in FORMATS {
                let (width, ..) = pixels(&rendered(&examined, 64, format));
                assert!(width <= 64, "{name}");
            }
            let taken = examined.picture.as_ref().unwrap().bytes();
            assert!(cost(kind, &bytes, &LIMITS).unwrap() >= taken, "{name}");
        }
    }
}

#[test]
fn the_sizes_of_avif_pictures_are_told() {
    if let Some(examined) = examined("formats/32Bit-72dpi-sRGB-800x600.avif") {
        assert_eq!((examined.width, examined.height), (Some(800), Some(600)));
    }
}

#[test]
fn a_bomb_is_refused() {
    for path in files("bombs") {
        let (kind, bytes) = read(&path);
        let refused = examine_image(kind.unwrap(), &bytes, &LIMITS).unwrap_err();
        eprintln!("{}: {refused}", path.display());
    }
}

#[test]
fn a_broken_picture_is_refused_or_read_and_one_that_is_cut_off_is_refused() {
    for path in files("broken") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (kind, bytes) = read(&path);
        let outcome = kind.map(|kind| examine_image(kind, &bytes, &LIMITS));
        eprintln!(
            "{name}: {kind:?} {:?}",
            outcome
                .as_ref()
                .map(|o| o.as_ref().map(|e| e.width).map_err(ToString::to_string))
        );
        if name.starts_with("truncated_") || name == "truncated.gif" {
            assert!(matches!(outcome, Some(Err(Refused::Broken(_)))), "{name}");
        }
    }
}
