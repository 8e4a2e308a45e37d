//! Renditions: a picture cut, resized, turned upright, and written in a form of the web, with nothing of the original's
//! metadata but what is said of its rights.

use fast_image_resize::{FilterType, ResizeAlg};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use webp::WebPConfig;

use super::alpha;
use super::color;
use super::limits::{Refused, at_most};
use super::picture::{Picture, upright};
use super::said::Said;
use crate::domain::media::{FocalPoint, Rendition, RenditionFormat, Window};

/// Where 4:2:0 JPEGs of photographs look like their originals at the size of a page.
const JPEG_QUALITY: u8 = 82;
const WEBP_QUALITY: f32 = 80.0;
/// libwebp's own middle between 0, fast, and 6, small.
const WEBP_METHOD: i32 = 4;
/// What the formats can hold on a side.
const WEBP_SIDE: u32 = 16_383;
const JPEG_SIDE: u32 = 65_535;
/// Bytes of memory that writing takes for a pixel: two copies, 4 of the encoder's own and 6 more of libwebp's planes and
/// statistics.
const WRITTEN: u64 = 18;
/// Two copies: the encoder of JPEG works on a few rows.
const WRITTEN_JPEG: u64 = 8;
/// libwebp writes alpha without loss, and for that keeps up to 39 bytes of a pixel besides (measured, where every one is another).
const WRITTEN_ALPHA: u64 = 52;

/// The bytes of a rendition, and its exact size in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// A rendition that is yet to be written: pixels in their final place, colours multiplied by alpha.
pub struct Drawn {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    alpha: bool,
    format: RenditionFormat,
}

/// What drawing a part of a picture takes, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// The pixels of the rendition.
    pub(super) drawn: u64,
    /// What is resized on the way.
    on_the_way: u64,
    /// What writing takes, where the picture is needed no more.
    written: u64,
}

impl Drawing {
    pub(super) fn of(window: Window, (width, height): (u32, u32), alpha: bool, format: RenditionFormat) -> Self {
        let channels = if alpha { 4 } else { 3 };
        let written = match format {
            RenditionFormat::Jpeg => WRITTEN_JPEG,
            RenditionFormat::Webp if alpha => WRITTEN_ALPHA,
            RenditionFormat::Webp => WRITTEN,
        };
        let pixels = u64::from(width) * u64::from(height);
        Self {
            drawn: pixels * channels,
            // Resized first in the one direction, then in the other.
            on_the_way: u64::from(window.width) * u64::from(height) * channels,
            written: pixels * written,
        }
    }

    /// At most, beside and after what is there meanwhile.
    pub(super) fn most(&self, beside: u64) -> u64 {
        let drawing = beside.saturating_add(self.on_the_way).saturating_add(self.drawn);
        drawing.max(self.written)
    }
}

impl Picture {
    /// Makes a rendition, of the size that `Window::of(…).fitted(…)` gives for the original, also of a reduced picture.
    ///
    /// # Errors
    /// A size that the format cannot hold.
    pub fn render(&self, of: Rendition, focus: FocalPoint, said: &Said<'_>) -> Result<Rendered, Refused> {
        self.draw(of, focus)?.written(said)
    }

    /// The first half of [`render`](Self::render), after which the picture can go.
    ///
    /// # Errors
    /// A size that the format cannot hold.
    pub fn draw(&self, of: Rendition, focus: FocalPoint) -> Result<Drawn, Refused> {
        let window = Window::of(self.original, of.ratio, focus);
        let (width, height) = window.fitted(of.width);
        let (what, most) = match of.format {
            RenditionFormat::Jpeg => ("pixels on a side of a JPEG", JPEG_SIDE),
            RenditionFormat::Webp => ("pixels on a side of a WebP", WEBP_SIDE),
        };
        at_most(what, u64::from(most), u64::from(width.max(height)))?;
        let crop = self.crop(window);
        let size = upright(self.orientation, (width, height));
        let pixels = if self.is_whole(crop, size) {
            self.pixels.to_vec()
        } else {
            self.resized(crop, size, ResizeAlg::Convolution(FilterType::Lanczos3))
        };
        Ok(Drawn {
            pixels: turned(pixels, size, self.alpha, self.orientation).ok_or_else(Refused::cut_off)?,
            width,
            height,
            alpha: self.alpha,
            format: of.format,
        })
    }
}

impl Drawn {
    /// # Errors
    /// What an encoder refuses.
    pub fn written(self, said: &Said<'_>) -> Result<Rendered, Refused> {
        let (width, height) = (self.width, self.height);
        let bytes = match self.format {
            RenditionFormat::Jpeg => jpeg(self, said),
            RenditionFormat::Webp => webp(self, said),
        }?;
        Ok(Rendered { bytes, width, height })
    }
}

/// Pixels turned upright.
pub(super) fn turned(pixels: Vec<u8>, size: (u32, u32), alpha: bool, orientation: Orientation) -> Option<Vec<u8>> {
    if orientation == Orientation::NoTransforms {
        return Some(pixels);
    }
    let (width, height) = size;
    let mut image = if alpha {
        DynamicImage::ImageRgba8(RgbaImage::from_raw(width, height, pixels)?)
    } else {
        DynamicImage::ImageRgb8(RgbImage::from_raw(width, height, pixels)?)
    };
    image.apply_orientation(orientation);
    Some(image.into_bytes())
}

fn jpeg(drawn: Drawn, said: &Said<'_>) -> Result<Vec<u8>, Refused> {
    let broken = |why: jpeg_encoder::EncodingError| Refused::broken(why.to_string());
    let side = |side: u32| u16::try_from(side).map_err(|_beyond| Refused::broken("it is too large for a JPEG"));
    let (width, height) = (side(drawn.width)?, side(drawn.height)?);
    let pixels = if drawn.alpha {
        on_white(drawn.pixels)
    } else {
        drawn.pixels
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, JPEG_QUALITY);
    // Without tables of its own: with them the encoder writes a scan for each colour, and readers get those wrong.
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(segment) = said.jpeg_segment() {
        encoder.add_app_segment(1, segment).map_err(broken)?;
    }
    encoder.encode(&pixels, width, height, ColorType::Rgb).map_err(broken)?;
    Ok(bytes)
}

/// JPEG has no alpha: pages are white.
fn on_white(pixels: Vec<u8>) -> Vec<u8> {
    color::packed(pixels, |[red, green, blue, alpha]: [u8; 4]| {
        let over = |colour: u8| colour.saturating_add(!alpha);
        [over(red), over(green), over(blue)]
    })
}

fn webp(mut drawn: Drawn, said: &Said<'_>) -> Result<Vec<u8>, Refused> {
    if drawn.alpha {
        alpha::divided(&mut drawn.pixels);
    }
    let mut config = WebPConfig::new().map_err(|()| Refused::broken("libwebp is of another version"))?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_METHOD;
    let encoder = if drawn.alpha {
        webp::Encoder::from_rgba(&drawn.pixels, drawn.width, drawn.height)
    } else {
        webp::Encoder::from_rgb(&drawn.pixels, drawn.width, drawn.height)
    };
    let memory = encoder
        .encode_advanced(&config)
        .map_err(|why| Refused::broken(format!("libwebp says {why:?}")))?;
    Ok(said.into_webp(memory.to_vec()))
}
