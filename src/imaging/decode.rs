//! From the bytes of a file to pixels.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::alpha;
use super::bytes;
use super::color::{self, Channels};
use super::container::Parts;
use super::limits::{Limits, Refused, SIDE, at_most};
use super::picture::{Picture, length, upright};
use super::render::Drawing;
use crate::domain::media::{FocalPoint, MediaType, Ratio, RenditionFormat, Window};

/// Most bytes of a colour profile.
const PROFILE: u64 = 4 * 1024 * 1024;

/// Pixels as a decoder gives them, 8 bits a channel.
pub(super) struct Raw {
    pub(super) pixels: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
    pub(super) profile: Option<Vec<u8>>,
}

/// The memory that decoding and rendering take at most, in bytes. Many pictures have an alpha channel and everything in them
/// opaque; which those are is seen when they are decoded, and only then is one refused for what its alpha takes.
///
/// # Errors
/// More than is allowed.
pub(super) fn memory(parts: &Parts<'_>, orientation: Orientation, limits: &Limits) -> Result<u64, Refused> {
    allowed_memory(most(parts, orientation, limits, false), limits)?;
    Ok(most(parts, orientation, limits, parts.alpha).min(limits.memory))
}

fn allowed_memory(most: u64, limits: &Limits) -> Result<(), Refused> {
    at_most("bytes when it is worked on", limits.memory, most)
}

fn most(parts: &Parts<'_>, orientation: Orientation, limits: &Limits, alpha: bool) -> u64 {
    // While decoding only the decoder works.
    let decoding = parts.pixels.saturating_mul(parts.pixel_bytes);
    let kept = parts.pixels.saturating_mul(parts.kept_bytes);
    let size = upright(orientation, parts.size);
    let drawing = |ratio: Option<Ratio>| {
        let window = Window::of(size, ratio, FocalPoint::CENTRE);
        Drawing::of(window, window.fitted(limits.widest), alpha, RenditionFormat::Webp)
    };
    let whole = drawing(None);
    let crops = limits.ratios.iter().map(|ratio| drawing(Some(*ratio)));
    // The whole in the largest size is kept for a moment, while others are drawn of the original.
    let beside = kept.saturating_add(whole.drawn);
    let rendering = crops.chain([whole]).map(|one| one.most(beside)).max();
    rendering.unwrap_or_default().max(decoding)
}

pub(super) fn picture(
    kind: MediaType,
    file: &[u8],
    parts: &Parts<'_>,
    limits: &Limits,
    orientation: Orientation,
) -> Result<Picture, Refused> {
    memory(parts, orientation, limits)?;
    let raw = match kind {
        MediaType::Jpeg if parts.scans_apart => jpeg_apart(file)?,
        MediaType::Jpeg => jpeg(file)?,
        MediaType::Png => {
            let allowed = allowed(parts);
            let decoder = PngDecoder::with_limits(Cursor::new(file), allowed).map_err(|error| broken(&error))?;
            other(decoder, parts)?
        }
        MediaType::Webp => other(
            WebPDecoder::new(Cursor::new(file)).map_err(|error| broken(&error))?,
            parts,
        )?,
        MediaType::Gif => other(
            GifDecoder::new(Cursor::new(file)).map_err(|error| broken(&error))?,
            parts,
        )?,
        _ => return Err(Refused::broken("no renditions are made of its kind")),
    };
    let (width, height) = (raw.width, raw.height);
    let (mut pixels, alpha) = color::to_srgb(raw);
    let channels = if alpha { 4 } else { 3 };
    if pixels.len() != length(width, height, channels) {
        return Err(Refused::cut_off());
    }
    if alpha {
        allowed_memory(most(parts, orientation, limits, true), limits)?;
        alpha::multiplied(&mut pixels);
    }
    Ok(Picture {
        pixels: Arc::new(pixels),
        width,
        height,
        alpha,
        orientation,
        original: upright(orientation, (width, height)),
    })
}

fn broken(why: &dyn std::fmt::Display) -> Refused {
    // One of the decoders puts what it says in quotes.
    Refused::broken(why.to_string().trim_matches('"'))
}

/// Inks are stored inverted, as Adobe does, whose files are nearly all that have four.
fn jpeg(file: &[u8]) -> Result<Raw, Refused> {
    let side = bytes::size(SIDE);
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(side)
        .set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|error| broken(&error))?;
    let (space, channels) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Channels::Grey),
        Some(space @ (ColorSpace::CMYK | ColorSpace::YCCK)) => (space, Channels::Inks),
        _ => (ColorSpace::RGB, Channels::Rgb),
    };
    let profile = decoder.icc_profile();
    // Lenient with headers, strict with pixels: by itself the decoder paints grey what it cannot read.
    let options = options.jpeg_set_out_colorspace(space).set_strict_mode(true);
    decoder.set_options(options);
    let mut pixels = decoder.decode().map_err(|error| broken(&error))?;
    match space {
        ColorSpace::CMYK => pixels.iter_mut().for_each(|absent| *absent = !*absent),
        ColorSpace::YCCK => pixels.as_chunks_mut::<4>().0.iter_mut().for_each(color::ycck_to_inks),
        _ => {}
    }
    let info = decoder.info().ok_or_else(Refused::cut_off)?;
    Ok(Raw {
        pixels,
        width: u32::from(info.width),
        height: u32::from(info.height),
        channels,
        profile,
    })
}

/// JPEGs of a kind that the usual reader gets wrong, by another one.
fn jpeg_apart(file: &[u8]) -> Result<Raw, Refused> {
    let mut decoder = jpeg_decoder::Decoder::new(file);
    let pixels = decoder.decode().map_err(|error| broken(&error))?;
    let info = decoder.info().ok_or_else(Refused::cut_off)?;
    let channels = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => Channels::Grey,
        jpeg_decoder::PixelFormat::RGB24 => Channels::Rgb,
        _ => return Err(Refused::broken("its inks are stored one after the other")),
    };
    Ok(Raw {
        pixels,
        width: u32::from(info.width),
        height: u32::from(info.height),
        channels,
        profile: decoder.icc_profile(),
    })
}

/// What was reckoned with for the pixels, and a profile: one that unfolds to more is none.
fn allowed(parts: &Parts<'_>) -> image::Limits {
    let mut allowed = image::Limits::default();
    allowed.max_image_width = Some(SIDE);
    allowed.max_image_height = Some(SIDE);
    allowed.max_alloc = Some(parts.pixels.saturating_mul(parts.pixel_bytes) + PROFILE);
    allowed
}

fn other(mut decoder: impl ImageDecoder, parts: &Parts<'_>) -> Result<Raw, Refused> {
    decoder.set_limits(allowed(parts)).map_err(|error| broken(&error))?;
    let (width, height) = decoder.dimensions();
    let kind = decoder.color_type();
    let pixels = u64::from(width) * u64::from(height);
    // What was reckoned with stands in the header that the file was walked by; a decoder that reads another size is at odds
    // with it.
    if pixels > parts.pixels || u64::from(kind.bytes_per_pixel()) > parts.pixel_bytes {
        return Err(Refused::broken("its headers are at odds"));
    }
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| profile.len() as u64 <= PROFILE);
    let channels = match kind {
        ColorType::L8 | ColorType::L16 => Channels::Grey,
        ColorType::La8 | ColorType::La16 => Channels::GreyAlpha,
        ColorType::Rgb8 | ColorType::Rgb16 => Channels::Rgb,
        ColorType::Rgba8 | ColorType::Rgba16 => Channels::Rgba,
        _ => return Err(Refused::broken("its colours are of an unknown kind")),
    };
    let given = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    // With room for the pixels to grow in place.
    let grown = usize::try_from(pixels)
        .unwrap_or(usize::MAX)
        .saturating_mul(color::widest(channels));
    let mut pixels = Vec::with_capacity(given.max(grown));
    pixels.resize(given, 0);
    decoder.read_image(&mut pixels).map_err(|error| broken(&error))?;
    if matches!(
        kind,
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16
    ) {
        pixels = eight_bits(pixels);
    }
    Ok(Raw {
        pixels,
        width,
        height,
        channels,
        profile,
    })
}

/// 16-bit samples in 8 bits, rounded.
fn eight_bits(pixels: Vec<u8>) -> Vec<u8> {
    color::packed(pixels, |sample: [u8; 2]| {
        let sample = u32::from(u16::from_ne_bytes(sample));
        [u8::try_from((sample * 255 + 32_767) / 65_535).unwrap_or(u8::MAX)]
    })
}
