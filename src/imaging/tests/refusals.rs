use image::{DynamicImage, ImageFormat};

use super::super::{Limits, Refused, cost, examine_image};
use super::{LIMITS, draw};
use crate::domain::media::{MediaType, Ratio};

fn refused(kind: MediaType, bytes: &[u8]) -> Refused {
    let refused = examine_image(kind, bytes, &LIMITS).expect_err("the picture is taken");
    assert_eq!(cost(kind, bytes, &LIMITS).err(), Some(refused.clone()));
    refused
}

fn limit(refused: &Refused) -> (&str, u64, u64) {
    match refused {
        Refused::Limit { what, most, found } => (what, *most, *found),
        Refused::Broken(why) => panic!("{why}"),
    }
}

/// A PNG of nothing but a header: it tells of a size, and holds no pixels.
fn promised(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\0\0\0\0");
    bytes
}

#[test]
fn a_bomb_is_refused_by_its_header_with_the_limit_and_both_numbers() {
    let refusal = refused(MediaType::Png, &promised(2000, 1000));
    assert_eq!(limit(&refusal), ("pixels", 1_000_000, 2_000_000));
    assert_eq!(
        refusal.to_string(),
        "the picture has 2000000 pixels; at most 1000000 are allowed"
    );
    assert_eq!(
        limit(&refused(MediaType::Png, &promised(60_000, 1))),
        ("pixels on a side", 30_000, 60_000)
    );
    assert_eq!(limit(&refused(MediaType::Gif, &draw::gif(11))), ("frames", 10, 11));
    let mut frame = draw::gif(1);
    // The size of the frame, behind the canvas, its colours and the extension that tells its time.
    let at = frame.windows(2).position(|pair| pair == [0x2c, 0]).unwrap();
    frame[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(
        limit(&refused(MediaType::Gif, &frame)),
        ("pixels", 1_000_000, 65_535 * 65_535)
    );
    let svg = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(
        limit(&refused(MediaType::Svg, &svg)),
        ("bytes as an SVG", 1_048_576, 1_048_577)
    );
}

#[test]
fn more_memory_than_is_allowed_is_refused_before_decoding() {
    let bytes = draw::png(&draw::quarters(640, 480));
    let tight = Limits {
        memory: 100_000,
        ..LIMITS
    };
    let refusal = examine_image(MediaType::Png, &bytes, &tight).unwrap_err();
    assert_eq!(limit(&refusal).0, "bytes when it is worked on");
    assert!(cost(MediaType::Png, &bytes, &LIMITS).unwrap() > 640 * 480 * 3);
}

#[test]
fn a_picture_that_is_cut_off_anywhere_is_broken() {
    let picture = draw::quarters(64, 48);
    let any = DynamicImage::from(picture.clone());
    for (kind, bytes) in [
        (MediaType::Jpeg, draw::jpeg(&picture, &[draw::turned(3)])),
        (MediaType::Png, draw::png(&picture)),
        (MediaType::Webp, draw::file(&any, ImageFormat::WebP)),
        (MediaType::Gif, draw::gif(2)),
    ] {
        assert!(examine_image(kind, &bytes, &LIMITS).is_ok(), "{kind:?}");
        // A GIF may lack its trailer, and what follows the end of a PNG is no part of it.
        for cut in (0..bytes.len() - 12).step_by(7) {
            let outcome = examine_image(kind, &bytes[..cut], &LIMITS);
            assert!(
                matches!(outcome, Err(Refused::Broken(_))) || kind == MediaType::Gif,
                "{kind:?} {cut}"
            );
        }
        assert!(
            examine_image(kind, &bytes[..bytes.len() * 2 / 3], &LIMITS).is_err(),
            "{kind:?}"
        );
    }
}

#[test]
fn the_end_of_a_thumbnail_is_not_the_end_of_a_picture() {
    let thumbnail = draw::jpeg(&draw::quarters(16, 16), &[]);
    let bytes = draw::jpeg(&draw::quarters(64, 48), &[(2, thumbnail)]);
    assert!(matches!(
        refused(MediaType::Jpeg, &bytes[..bytes.len() - 40]),
        Refused::Broken(_)
    ));
}

#[test]
fn a_kind_that_is_no_picture_is_refused() {
    assert!(matches!(refused(MediaType::Pdf, b"%PDF-1.7"), Refused::Broken(_)));
}

#[test]
fn an_avif_is_taken_with_its_size_and_without_renditions() {
    let sized = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&length, name, content].concat()
    };
    let extent = |width: u32, height: u32| [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
    let properties = [
        sized(b"ispe", &extent(64, 64)),
        sized(b"ispe", &extent(640, 480)),
        sized(b"irot", &[1]),
    ]
    .concat();
    let meta = sized(b"iprp", &sized(b"ipco", &properties));
    let bytes = [
        sized(b"ftyp", b"avif\0\0\0\0avif"),
        sized(b"meta", &[&[0; 4], meta.as_slice()].concat()),
    ]
    .concat();
    let examined = examine_image(MediaType::Avif, &bytes, &LIMITS).unwrap();
    assert_eq!(
        (examined.width, examined.height, examined.renders),
        (Some(480), Some(640), false)
    );
    assert!(matches!(
        refused(MediaType::Avif, &bytes[..bytes.len() - 3]),
        Refused::Broken(_)
    ));
    let huge = sized(b"iprp", &sized(b"ipco", &sized(b"ispe", &extent(u32::MAX, u32::MAX))));
    let huge = sized(b"meta", &[&[0; 4], huge.as_slice()].concat());
    assert_eq!(limit(&refused(MediaType::Avif, &huge)).0, "pixels");
}

#[test]
fn more_scans_than_any_picture_has_are_refused_before_they_are_walked() {
    let mut bytes = b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x10\x03\x01\x22\0\x02\x11\0\x03\x11\0".to_vec();
    let scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x55";
    (0..4).for_each(|_| bytes.extend(scan));
    let few = [bytes.as_slice(), b"\xff\xd9"].concat();
    assert_eq!(
        refused(MediaType::Jpeg, &few),
        Refused::Broken("it has more scans than colours".to_owned())
    );
    (4..101).for_each(|_| bytes.extend(scan));
    bytes.extend(b"\xff\xd9");
    assert_eq!(limit(&refused(MediaType::Jpeg, &bytes)), ("scans", 100, 101));
}

#[test]
fn what_alpha_takes_is_refused_only_where_there_is_some() {
    let opaque = DynamicImage::from(draw::quarters(640, 480)).into_rgba8();
    let bytes = draw::file(&opaque.into(), ImageFormat::Png);
    let half = draw::file(&draw::half_nothing(640, 480).into(), ImageFormat::Png);
    // Enough for pixels of four bytes and for writing three of them.
    let tight = Limits {
        memory: 640 * 480 * 19,
        ..LIMITS
    };
    assert!(examine_image(MediaType::Png, &bytes, &tight).unwrap().renders);
    assert_eq!(cost(MediaType::Png, &bytes, &tight), Ok(tight.memory));
    let refusal = examine_image(MediaType::Png, &half, &tight).unwrap_err();
    assert_eq!(
        limit(&refusal),
        ("bytes when it is worked on", tight.memory, 640 * 480 * 52)
    );
}

#[test]
fn crops_are_reckoned_with() {
    let bytes = draw::png(&draw::quarters(1000, 100));
    let wide = Limits { widest: 100, ..LIMITS };
    let square = Limits {
        ratios: vec![Ratio { width: 1, height: 1 }],
        ..wide.clone()
    };
    assert_eq!(
        cost(MediaType::Png, &bytes, &wide),
        Ok(1000 * 100 * 4 + 1000 * 10 * 3 + 2 * 100 * 10 * 3)
    );
    assert_eq!(
        cost(MediaType::Png, &bytes, &square),
        Ok(1000 * 100 * 4 + 100 * 10 * 3 + 2 * 100 * 100 * 3)
    );
}
