//! From whatever colours a picture has to sRGB.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, ProfileText, Transform8BitExecutor, TransformOptions};

use super::bytes;
use super::decode::Raw;

/// What a pixel is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Cyan, magenta, yellow and black; 255 is the most ink.
    Inks,
}

impl Channels {
    fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Inks => 4,
        }
    }

    fn layout(self) -> Layout {
        match self {
            Self::Grey => Layout::Gray,
            Self::GreyAlpha => Layout::GrayAlpha,
            Self::Rgb => Layout::Rgb,
            Self::Rgba | Self::Inks => Layout::Rgba,
        }
    }

    fn space(self) -> DataColorSpace {
        match self {
            Self::Grey | Self::GreyAlpha => DataColorSpace::Gray,
            Self::Rgb | Self::Rgba => DataColorSpace::Rgb,
            Self::Inks => DataColorSpace::Cmyk,
        }
    }

    fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }

    /// How many there are in sRGB.
    fn drawn(self) -> usize {
        if self.has_alpha() { 4 } else { 3 }
    }
}

/// The bytes that a pixel is given at most on its way to sRGB.
pub(super) fn widest(channels: Channels) -> usize {
    channels.count().max(channels.drawn())
}

/// Pixels of three or four channels in sRGB, and whether the fourth, alpha, is there. A profile that is broken or of
/// another kind of colours is as if it were not there.
pub(super) fn to_srgb(mut raw: Raw) -> (Vec<u8>, bool) {
    let profile = raw
        .profile
        .take()
        .and_then(|profile| ColorProfile::new_from_slice(&profile).ok());
    let profile = profile.filter(|profile| profile.color_space == raw.channels.space() && !is_srgb(profile));
    let alpha = raw.channels.has_alpha();
    let pixels = match profile.and_then(|profile| transform(&profile, raw.channels)) {
        Some(transform) => transformed(raw, &*transform),
        None => plain(raw),
    };
    if alpha && pixels.as_chunks::<4>().0.iter().all(|[.., alpha]| *alpha == u8::MAX) {
        return (packed(pixels, |[r, g, b, _]: [u8; 4]| [r, g, b]), false);
    }
    (pixels, alpha)
}

fn transform(profile: &ColorProfile, channels: Channels) -> Option<Arc<Transform8BitExecutor>> {
    let to = if channels.has_alpha() {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let (from, srgb) = (channels.layout(), ColorProfile::new_srgb());
    let options = TransformOptions::default();
    profile.create_transform_8bit(from, &srgb, to, options).ok()
}

/// Row by row, in place: from the last one where the pixels grow, so that none is written over before it is read.
fn transformed(raw: Raw, transform: &Transform8BitExecutor) -> Vec<u8> {
    let (from, to) = (raw.channels.count(), raw.channels.drawn());
    let (width, height) = (bytes::size(raw.width), bytes::size(raw.height));
    let mut pixels = raw.pixels;
    if pixels.len() < width * height * from {
        return Vec::new();
    }
    pixels.resize(width * height * from.max(to), 0);
    let mut row = vec![0; width * to];
    for step in 0..height {
        let at = if to > from { height - 1 - step } else { step };
        let given = pixels.get(at * width * from..(at + 1) * width * from);
        // It fails only on rows of another length.
        if given.is_none_or(|given| transform.transform(given, &mut row).is_err()) {
            return Vec::new();
        }
        if let Some(place) = pixels.get_mut(at * width * to..(at + 1) * width * to) {
            place.copy_from_slice(&row);
        }
    }
    pixels.truncate(width * height * to);
    pixels
}

/// Whether the profile is sRGB by name and primaries, as most are: there is nothing to convert.
fn is_srgb(profile: &ColorProfile) -> bool {
    let srgb = ColorProfile::new_srgb();
    let near = |a: f64, b: f64| (a - b).abs() < 0.002;
    let same = [
        (profile.red_colorant, srgb.red_colorant),
        (profile.green_colorant, srgb.green_colorant),
        (profile.blue_colorant, srgb.blue_colorant),
    ]
    .iter()
    .all(|(a, b)| near(a.x, b.x) && near(a.y, b.y) && near(a.z, b.z));
    let named = match &profile.description {
        Some(ProfileText::PlainString(name)) => name.contains("sRGB"),
        Some(ProfileText::Localizable(names)) => names.iter().any(|name| name.value.contains("sRGB")),
        Some(ProfileText::Description(name)) => name.ascii_string.contains("sRGB"),
        None => false,
    };
    same && named && profile.lut_a_to_b_perceptual.is_none()
}

fn plain(raw: Raw) -> Vec<u8> {
    match raw.channels {
        Channels::Rgb | Channels::Rgba => raw.pixels,
        Channels::Grey => spread(raw.pixels, |[grey]: [u8; 1]| [grey; 3]),
        Channels::GreyAlpha => spread(raw.pixels, |[grey, alpha]: [u8; 2]| [grey, grey, grey, alpha]),
        Channels::Inks => packed(raw.pixels, |[cyan, magenta, yellow, black]: [u8; 4]| {
            [cyan, magenta, yellow].map(|ink| product(!ink, !black))
        }),
    }
}

/// Luma, two chromas and the absence of black (Adobe Technical Note 5116) as four inks: the colours of the three stand for
/// the inks themselves.
pub(super) fn ycck_to_inks(pixel: &mut [u8; 4]) {
    let [luma, blue, red, black] = pixel.map(i32::from);
    let (blue, red) = (blue - 128, red - 128);
    // ITU-T T.871 §7, in 16 bits behind the point.
    let colour = |parts: i32| {
        let colour = (luma * 65_536 + parts + 32_768) >> 16;
        u8::try_from(colour.clamp(0, 255)).unwrap_or(u8::MAX)
    };
    *pixel = [
        colour(91_881 * red),
        colour(-22_554 * blue - 46_802 * red),
        colour(116_130 * blue),
        u8::try_from(255 - black).unwrap_or(u8::MAX),
    ];
}

/// What passes two filters, each from 0 to 255.
pub(super) fn product(a: u8, b: u8) -> u8 {
    let product = (u16::from(a) * u16::from(b) + 127) / 255;
    u8::try_from(product).unwrap_or(u8::MAX)
}

/// Pixels that grow, from the last one on in place: a large picture is never in memory twice, where it was given the room.
fn spread<const FROM: usize, const TO: usize>(mut pixels: Vec<u8>, to: impl Fn([u8; FROM]) -> [u8; TO]) -> Vec<u8> {
    let count = pixels.len() / FROM;
    pixels.resize(count * TO, 0);
    (0..count).rev().for_each(|at| put(&mut pixels, at, &to));
    pixels
}

/// Pixels that shrink, in place. The memory stays as it was: what gives some of it back may copy all of it.
pub(super) fn packed<const FROM: usize, const TO: usize>(
    mut pixels: Vec<u8>,
    to: impl Fn([u8; FROM]) -> [u8; TO],
) -> Vec<u8> {
    let count = pixels.len() / FROM;
    (0..count).for_each(|at| put(&mut pixels, at, &to));
    pixels.truncate(count * TO);
    pixels
}

fn put<const FROM: usize, const TO: usize>(pixels: &mut [u8], at: usize, to: &impl Fn([u8; FROM]) -> [u8; TO]) {
    let given = pixels.get(at * FROM..).and_then(|rest| rest.first_chunk::<FROM>());
    let drawn = given.map_or([0; TO], |given| to(*given));
    if let Some(place) = pixels.get_mut(at * TO..(at + 1) * TO) {
        place.copy_from_slice(&drawn);
    }
}
