//! Whatever the bytes are, nothing panics, and metadata never fails a picture.

use std::io::Cursor;

use proptest::prelude::*;

use super::super::{cost, examine_image, examine_stream, sniff};
use super::LIMITS;
use super::draw::{self, Entry};
use crate::domain::media::MediaType;

const KINDS: &[MediaType] = MediaType::ALL;

fn with_metadata() -> Vec<(u8, Vec<u8>)> {
    let own = [
        (0x9003, Entry::Text("2020:07:08 09:49:13")),
        (0x9011, Entry::Text("+02:00")),
    ];
    let gps = [
        (1, Entry::Text("N")),
        (2, Entry::Angle([43, 30, 0])),
        (3, Entry::Text("E")),
        (4, Entry::Angle([11, 0, 0])),
    ];
    let tiff = draw::exif(
        &[(0x0112, Entry::Short(6)), (0x010e, Entry::Text("A caption"))],
        &own,
        &gps,
    );
    let iim = draw::iim_segment(&[
        (1, 90, b"\x1b%G"),
        (2, 105, b"Headline"),
        (2, 55, b"20240530"),
        (2, 60, b"120000-0500"),
    ]);
    let xmp = draw::xmp_segment(
        "<dc:creator><rdf:Seq><rdf:li>One</rdf:li></rdf:Seq></dc:creator><photoshop:City>&#x41;</photoshop:City>",
    );
    vec![draw::exif_segment(&tiff), iim, xmp]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn random_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..600), at in 0..KINDS.len()) {
        let kind = KINDS[at];
        let _ = sniff(&bytes);
        let _ = examine_image(kind, &bytes, &LIMITS);
        let _ = cost(kind, &bytes, &LIMITS);
        let _ = examine_stream(kind, &mut Cursor::new(&bytes));
    }

    #[test]
    fn wrong_metadata_never_fails_a_picture(
        changes in prop::collection::vec((0..3_usize, any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut segments = with_metadata();
        for (segment, at, byte) in changes {
            let content = &mut segments[segment].1;
            let at = at.index(content.len());
            content[at] = byte;
        }
        let last = segments.len() - 1;
        let length = cut.index(segments[last].1.len());
        segments[last].1.truncate(length);
        let bytes = draw::jpeg(&draw::quarters(16, 8), &segments);
        let examined = examine_image(MediaType::Jpeg, &bytes, &LIMITS);
        prop_assert!(examined.is_ok(), "{:?}", examined.err());
    }

    #[test]
    fn changed_files_are_refused_or_read(
        which in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let picture = draw::quarters(24, 16);
        let (kind, mut bytes) = match which {
            0 => (MediaType::Jpeg, draw::jpeg(&picture, &with_metadata())),
            1 => (MediaType::Png, draw::png(&picture)),
            2 => (MediaType::Webp, draw::file(&picture.into(), image::ImageFormat::WebP)),
            _ => (MediaType::Gif, draw::gif(2)),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = examine_image(kind, &bytes, &LIMITS);
        let _ = cost(kind, &bytes, &LIMITS);
    }
}
