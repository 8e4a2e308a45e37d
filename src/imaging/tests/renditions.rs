use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageFormat, Pixel as _, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::super::{Picture, Said, examine_image};
use super::draw::{self, BLUE, GREEN, RED, YELLOW};
use super::{LIMITS, decoded, of, rendered};
use crate::domain::media::{FocalPoint, MediaType, RenditionFormat, Window};

const FORMATS: [RenditionFormat; 2] = [RenditionFormat::Webp, RenditionFormat::Jpeg];

fn read(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

#[track_caller]
fn near(found: Rgb<u8>, wanted: [u8; 3]) {
    let apart = found.0.iter().zip(wanted).map(|(a, b)| a.abs_diff(b)).max().unwrap();
    assert!(apart < 24, "{found:?} is not {wanted:?}");
}

/// Quarters that lie in a file so that the orientation brings them upright, and the file.
fn lying(orientation: u8, width: u32, height: u32) -> Vec<u8> {
    let mut picture = DynamicImage::from(draw::quarters(width, height));
    // Turns by a quarter undo each other; all others undo themselves.
    picture.apply_orientation(match Orientation::from_exif(orientation).unwrap() {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        other => other,
    });
    draw::jpeg(&picture.into_rgb8(), &[draw::turned(orientation.into())])
}

#[test]
fn all_orientations_come_out_upright_whole_cropped_and_reduced() {
    for orientation in 1..=8 {
        let picture = decoded(MediaType::Jpeg, &lying(orientation, 320, 200));
        assert_eq!(picture.size(), (320, 200), "{orientation}");
        for format in FORMATS {
            for picture in [picture.clone(), picture.reduced(200)] {
                let image = read(&rendered(&picture, of(160, None, format)));
                assert_eq!(image.dimensions(), (160, 100), "{orientation}");
                near(*image.get_pixel(20, 20), RED);
                near(*image.get_pixel(140, 20), GREEN);
                near(*image.get_pixel(20, 80), BLUE);
                near(*image.get_pixel(140, 80), YELLOW);
                let corner = FocalPoint { x: 1.0, y: 0.0 };
                let crop = picture
                    .render(of(50, Some((1, 2)), format), corner, &Said::default())
                    .unwrap();
                let image = read(&crop.bytes);
                assert_eq!((image.dimensions(), (crop.width, crop.height)), ((50, 100), (50, 100)));
                near(*image.get_pixel(25, 20), GREEN);
                near(*image.get_pixel(25, 80), YELLOW);
            }
        }
    }
}

#[test]
fn a_rendition_of_a_reduced_picture_has_the_size_that_the_original_gives() {
    let picture = decoded(MediaType::Png, &draw::png(&draw::quarters(997, 613)));
    for ratio in [None, Some((16, 9)), Some((1, 1)), Some((9, 16)), Some((100, 1))] {
        for width in [1, 7, 320, 996, 5000] {
            let rendition = of(width, ratio, RenditionFormat::Jpeg);
            let wanted = Window::of((997, 613), rendition.ratio, FocalPoint::CENTRE).fitted(width);
            let needed = picture.needed(rendition, FocalPoint::CENTRE);
            for picture in [picture.clone(), picture.reduced(600), picture.reduced(needed)] {
                let made = picture.render(rendition, FocalPoint::CENTRE, &Said::default()).unwrap();
                assert_eq!((made.width, made.height), wanted, "{ratio:?} {width}");
                assert_eq!(read(&made.bytes).dimensions(), wanted, "{ratio:?} {width}");
            }
        }
    }
    assert_eq!(
        picture.needed(of(300, Some((1, 1)), RenditionFormat::Webp), FocalPoint::CENTRE),
        488
    );
}

#[test]
fn a_picture_is_never_enlarged() {
    let picture = decoded(MediaType::Png, &draw::png(&draw::quarters(40, 30)));
    assert_eq!(picture.reduced(4000).size(), (40, 30));
    assert_eq!(
        read(&rendered(&picture, of(640, None, RenditionFormat::Webp))).dimensions(),
        (40, 30)
    );
}

#[test]
fn transparency_stays_in_webp_and_is_white_in_jpeg() {
    let bytes = draw::file(&draw::half_nothing(64, 32).into(), ImageFormat::Png);
    let picture = decoded(MediaType::Png, &bytes);
    let webp = image::load_from_memory(&rendered(&picture, of(32, None, RenditionFormat::Webp)))
        .unwrap()
        .into_rgba8();
    assert_eq!((webp.get_pixel(4, 8).0[3], webp.get_pixel(28, 8).0[3]), (255, 0));
    // Nothing has no colour: red does not darken where it ends.
    near(
        Rgb([
            webp.get_pixel(14, 8).0[0],
            webp.get_pixel(14, 8).0[1],
            webp.get_pixel(14, 8).0[2],
        ]),
        RED,
    );
    let jpeg = read(&rendered(&picture, of(32, None, RenditionFormat::Jpeg)));
    near(*jpeg.get_pixel(4, 8), RED);
    near(*jpeg.get_pixel(28, 8), [255; 3]);
}

#[test]
fn grey_with_alpha_and_thin_colours_are_drawn_as_they_are() {
    let grey = DynamicImage::from(draw::half_nothing(64, 32)).into_luma_alpha8();
    let picture = decoded(MediaType::Png, &draw::file(&grey.into(), ImageFormat::Png));
    let drawn = |picture: &Picture, at: u32| {
        let webp = rendered(picture, of(32, None, RenditionFormat::Webp));
        *image::load_from_memory(&webp).unwrap().into_rgba8().get_pixel(at, 8)
    };
    near(drawn(&picture, 4).to_rgb(), [67; 3]);
    assert_eq!((drawn(&picture, 4).0[3], drawn(&picture, 28).0[3]), (255, 0));
    let thin = image::RgbaImage::from_pixel(32, 16, image::Rgba([220, 20, 30, 100]));
    let picture = decoded(MediaType::Png, &draw::file(&thin.into(), ImageFormat::Png));
    near(drawn(&picture, 4).to_rgb(), RED);
    let jpeg = read(&rendered(&picture, of(32, None, RenditionFormat::Jpeg)));
    near(*jpeg.get_pixel(4, 8), [241, 163, 167]);
}

#[test]
fn other_kinds_of_colours_end_as_srgb_of_eight_bits() {
    let deep = ImageBuffer::from_pixel(16, 16, Rgb([60_000_u16, 20_000, 1000]));
    let deep = draw::file(&DynamicImage::ImageRgb16(deep), ImageFormat::Png);
    let grey = draw::jpeg_of(&[128; 256], (16, 16), ColorType::Luma, &[]);
    let inks = [0_u8, 255, 255, 0].repeat(256);
    let cmyk = draw::jpeg_of(&inks, (16, 16), ColorType::Cmyk, &[]);
    let ycck = draw::jpeg_of(&inks, (16, 16), ColorType::CmykAsYcck, &[]);
    for (kind, bytes, wanted) in [
        (MediaType::Png, deep, [233, 78, 4]),
        (MediaType::Jpeg, grey, [128; 3]),
        (MediaType::Jpeg, cmyk, [255, 0, 0]),
        (MediaType::Jpeg, ycck, [255, 0, 0]),
    ] {
        let image = read(&rendered(&decoded(kind, &bytes), of(16, None, RenditionFormat::Jpeg)));
        near(*image.get_pixel(8, 8), wanted);
    }
}

#[test]
fn colours_in_scans_of_their_own_are_read_right() {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(draw::quarters(64, 48).as_raw(), 64, 48, ColorType::Rgb)
        .unwrap();
    let image = read(&rendered(
        &decoded(MediaType::Jpeg, &bytes),
        of(64, None, RenditionFormat::Webp),
    ));
    near(*image.get_pixel(8, 8), RED);
    near(*image.get_pixel(56, 40), YELLOW);
}

fn with_profile(profile: &[u8]) -> Vec<u8> {
    let grey = RgbImage::from_pixel(16, 16, Rgb([200, 60, 60]));
    draw::jpeg(&grey, &[(2, [b"ICC_PROFILE\0\x01\x01", profile].concat())])
}

#[test]
fn a_colour_profile_is_applied_and_a_broken_one_is_ignored() {
    let wide = moxcms::ColorProfile::new_adobe_rgb().encode().unwrap();
    let plain = with_profile(b"");
    let shown = |bytes: &[u8]| {
        *read(&rendered(
            &decoded(MediaType::Jpeg, bytes),
            of(16, None, RenditionFormat::Jpeg),
        ))
        .get_pixel(8, 8)
    };
    near(shown(&plain), [200, 60, 60]);
    let red = shown(&with_profile(&wide)).0[0];
    assert!(red > 220, "Adobe RGB's red is redder: {red}");
    for broken in [&wide[..200], &wide[..wide.len() / 2], b"nonsense"] {
        near(shown(&with_profile(broken)), [200, 60, 60]);
    }
    let grey = moxcms::ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    near(shown(&with_profile(&grey)), [200, 60, 60]);
}

#[test]
fn the_first_frame_of_an_animation_is_its_still() {
    let examined = examine_image(MediaType::Gif, &draw::gif(3), &LIMITS).unwrap();
    assert!(examined.animated && examined.renders);
    let image = read(&rendered(
        examined.picture.as_ref().unwrap(),
        of(16, None, RenditionFormat::Webp),
    ));
    near(*image.get_pixel(2, 2), RED);
}

#[test]
fn what_is_said_is_written_back_and_nothing_else() {
    let said = Said {
        creator: Some("Mirel <Dahn> & \"Co\""),
        credit: Some("Northlight\u{1} Pictures"),
        copyright: Some("© Northlight"),
        usage_terms: Some("https://northlight.example/terms?a=1&b=2"),
    };
    let tiff = draw::exif(
        &[
            (0x010f, draw::Entry::Text("CameraMaker")),
            (0x013b, draw::Entry::Text("Secret")),
        ],
        &[],
        &[],
    );
    let segments = [draw::exif_segment(&tiff), draw::iim_segment(&[(2, 90, b"Secret")])];
    let picture = decoded(MediaType::Jpeg, &draw::jpeg(&draw::quarters(64, 48), &segments));
    let alpha = decoded(
        MediaType::Png,
        &draw::file(&draw::half_nothing(64, 48).into(), ImageFormat::Png),
    );
    for (picture, format) in [(&picture, FORMATS[0]), (&picture, FORMATS[1]), (&alpha, FORMATS[0])] {
        let bytes = picture
            .render(of(32, None, format), FocalPoint::CENTRE, &said)
            .unwrap()
            .bytes;
        let kind = if format == RenditionFormat::Jpeg {
            MediaType::Jpeg
        } else {
            MediaType::Webp
        };
        let again = examine_image(kind, &bytes, &LIMITS).unwrap();
        assert_eq!((again.width, again.height), (Some(32), Some(24)));
        let xmp = &again.extracted["xmp"];
        assert_eq!(xmp["dc:creator"], "Mirel <Dahn> & \"Co\"");
        assert_eq!(xmp["photoshop:Credit"], "Northlight Pictures");
        assert_eq!(xmp["dc:rights"], "© Northlight");
        assert_eq!(xmp["xmpRights:UsageTerms"], "https://northlight.example/terms?a=1&b=2");
        assert_eq!(xmp["xmpRights:WebStatement"], xmp["xmpRights:UsageTerms"]);
        assert_eq!(again.extracted["exif"], serde_json::json!({}));
        assert_eq!(again.extracted["iptc"], serde_json::json!({}));
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(!holds(b"Secret") && !holds(b"CameraMaker") && !holds(b"Exif"));
    }
}

#[test]
fn a_placeholder_tells_the_blur_and_the_colour_there_is_most_of() {
    let mut picture = RgbImage::from_pixel(300, 200, Rgb([58, 95, 125]));
    (0..100).for_each(|x| (0..100).for_each(|y| picture.put_pixel(x, y, Rgb(YELLOW))));
    let placeholder = examine_image(MediaType::Png, &draw::png(&picture), &LIMITS)
        .unwrap()
        .placeholder
        .unwrap();
    assert_eq!(placeholder.color, "#3a5f7d");
    assert!(
        (20..48).contains(&placeholder.thumbhash.len()),
        "{}",
        placeholder.thumbhash
    );
    for (width, height) in [(1, 1), (1, 900), (900, 1), (100, 101)] {
        let bytes = draw::png(&draw::quarters(width, height));
        assert!(
            examine_image(MediaType::Png, &bytes, &LIMITS)
                .unwrap()
                .placeholder
                .is_some()
        );
    }
}

#[test]
fn a_rendition_that_its_format_cannot_hold_is_refused() {
    let tall = decoded(MediaType::Png, &draw::png(&draw::quarters(20, 20_000)));
    let render = |format| Picture::render(&tall, of(20, None, format), FocalPoint::CENTRE, &Said::default());
    assert!(render(RenditionFormat::Jpeg).is_ok());
    let refused = render(RenditionFormat::Webp).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the picture has 20000 pixels on a side of a WebP; at most 16383 are allowed"
    );
}

#[test]
fn what_is_too_tall_for_every_rendition_does_not_render() {
    for (width, height, renders) in [
        (20, 16_384, false),
        (20, 16_383, true),
        (160, 6000, true),
        (6000, 1, true),
    ] {
        let bytes = draw::png(&draw::quarters(width, height));
        let examined = examine_image(MediaType::Png, &bytes, &LIMITS).unwrap();
        assert_eq!(
            (examined.renders, examined.picture.is_some()),
            (renders, renders),
            "{width}x{height}"
        );
        assert_eq!((examined.width, examined.height), (Some(width), Some(height)));
    }
}
