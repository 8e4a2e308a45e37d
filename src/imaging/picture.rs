//! A decoded picture, and smaller ones made of it.

use std::sync::Arc;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;

use super::container;
use super::limits::{Limits, Refused};
use super::metadata;
use super::render::Drawing;
use super::{bytes, decode};
use crate::domain::media::{FocalPoint, MediaType, Rendition, Window};

/// A decoded picture: upright, in sRGB, 8 bits a channel, with or without an alpha channel, by which colours are multiplied
/// already. Clones share their pixels.
///
/// The pixels lie as the file has them and are turned only when something is made of them, so that a large picture is never
/// in memory twice.
#[derive(Clone)]
pub struct Picture {
    pub(super) pixels: Arc<Vec<u8>>,
    /// As the pixels lie.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) alpha: bool,
    /// What turns it upright.
    pub(super) orientation: Orientation,
    /// Upright, as it was before any reduction.
    pub(super) original: (u32, u32),
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = self.size();
        write!(f, "Picture({width}x{height})")
    }
}

/// A part of a picture, in fractions of pixels.
#[derive(Clone, Copy)]
pub(super) struct Crop {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Picture {
    /// Decodes a picture; of an animation, the first frame.
    ///
    /// # Errors
    /// A picture beyond the limits, which is told from its header; one that is cut off or broken; a kind without a decoder.
    pub fn decode(kind: MediaType, bytes: &[u8], limits: &Limits) -> Result<Self, Refused> {
        let parts = container::parts(kind, bytes, limits)?;
        let orientation = metadata::orientation(parts.exif.as_deref());
        decode::picture(kind, bytes, &parts, limits, orientation)
    }

    /// Its width and height in pixels, upright.
    pub fn size(&self) -> (u32, u32) {
        upright(self.orientation, (self.width, self.height))
    }

    /// The memory of its pixels.
    pub fn bytes(&self) -> u64 {
        u64::try_from(self.pixels.capacity()).unwrap_or(u64::MAX)
    }

    /// The memory that making a rendition takes at most, the picture itself included.
    pub fn cost(&self, of: Rendition, focus: FocalPoint) -> u64 {
        let mut window = Window::of(self.original, of.ratio, focus);
        let size = window.fitted(of.width);
        window.width = window.width.min(self.size().0);
        Drawing::of(window, size, self.alpha, of.format).most(self.bytes())
    }

    /// The same picture, at most so wide. Smaller renditions are cheaper to make of it, and have the sizes that the original
    /// gives them; the width must be at least what [`Picture::needed`] says for each, or they are blurred.
    pub fn reduced(&self, width: u32) -> Self {
        let whole = Window::of(self.original, None, FocalPoint::CENTRE);
        let size = whole.fitted(width.max(1));
        let (from, _) = self.size();
        if size.0 >= from {
            return self.clone();
        }
        let (width, height) = upright(self.orientation, size);
        let filter = ResizeAlg::Convolution(FilterType::Lanczos3);
        let pixels = self.resized(self.whole(), (width, height), filter);
        Self {
            pixels: Arc::new(pixels),
            width,
            height,
            ..self.clone()
        }
    }

    /// The width below which a reduced picture lacks pixels for a rendition.
    pub fn needed(&self, of: Rendition, focus: FocalPoint) -> u32 {
        let window = Window::of(self.original, of.ratio, focus);
        let (width, _) = window.fitted(of.width);
        let exact = (u64::from(width) * u64::from(self.original.0)).div_ceil(u64::from(window.width.max(1)));
        u32::try_from(exact).unwrap_or(u32::MAX)
    }

    pub(super) fn whole(&self) -> Crop {
        Crop {
            left: 0.0,
            top: 0.0,
            width: f64::from(self.width),
            height: f64::from(self.height),
        }
    }

    /// Where a part of the original is in these pixels, as they lie.
    pub(super) fn crop(&self, window: Window) -> Crop {
        let (width, height) = self.size();
        let (across, down) = (
            f64::from(width) / f64::from(self.original.0),
            f64::from(height) / f64::from(self.original.1),
        );
        let crop = Crop {
            left: f64::from(window.left) * across,
            top: f64::from(window.top) * down,
            width: f64::from(window.width) * across,
            height: f64::from(window.height) * down,
        };
        crop.lying(self.orientation, f64::from(width), f64::from(height))
    }

    /// Pixels of a part in another size, both as they lie.
    pub(super) fn resized(&self, crop: Crop, size: (u32, u32), filter: ResizeAlg) -> Vec<u8> {
        let kind = if self.alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let mut to = Image::new(size.0, size.1, kind);
        // Rounding may lead past an edge by a part of a pixel.
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let (left, top) = (crop.left.clamp(0.0, width), crop.top.clamp(0.0, height));
        let options = ResizeOptions::new()
            .crop(left, top, crop.width.min(width - left), crop.height.min(height - top))
            .use_alpha(false)
            .resize_alg(filter);
        let done = ImageRef::new(self.width, self.height, &self.pixels, kind)
            .ok()
            .map(|from| Resizer::new().resize(&from, &mut to, &options));
        debug_assert!(matches!(done, Some(Ok(()))), "a crop within the picture is resized");
        to.into_vec()
    }

    pub(super) fn is_whole(&self, crop: Crop, size: (u32, u32)) -> bool {
        let near = |a: f64, b: u32| (a - f64::from(b)).abs() < 0.01;
        size == (self.width, self.height) && near(crop.width, self.width) && near(crop.height, self.height)
    }
}

/// The size after turning, and before it as well.
pub(super) fn upright(orientation: Orientation, (width, height): (u32, u32)) -> (u32, u32) {
    if is_turned(orientation) {
        (height, width)
    } else {
        (width, height)
    }
}

pub(super) fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

impl Crop {
    /// Where a part of an upright picture of this size lies in the pixels that are yet to be turned.
    fn lying(self, orientation: Orientation, width: f64, height: f64) -> Self {
        let right = width - self.left - self.width;
        let bottom = height - self.top - self.height;
        let (left, top) = match orientation {
            Orientation::NoTransforms => (self.left, self.top),
            Orientation::FlipHorizontal => (right, self.top),
            Orientation::Rotate180 => (right, bottom),
            Orientation::FlipVertical => (self.left, bottom),
            Orientation::Rotate90FlipH => (self.top, self.left),
            Orientation::Rotate90 => (self.top, right),
            Orientation::Rotate270FlipH => (bottom, right),
            Orientation::Rotate270 => (bottom, self.left),
        };
        let (width, height) = if is_turned(orientation) {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        Self {
            left,
            top,
            width,
            height,
        }
    }
}

/// The bytes of so many pixels.
pub(super) fn length(width: u32, height: u32, channels: u8) -> usize {
    bytes::size(width)
        .saturating_mul(bytes::size(height))
        .saturating_mul(usize::from(channels))
}
