//! Renditions: sizes and forms in which the public gets a picture.

use crate::domain::invalid::{Flaw, Rule, shown, words};
use crate::domain::media::{FocalPoint, MediaType};

words! {
    /// The forms in which renditions are made.
    RenditionFormat {
        Webp = "webp",
        Jpeg = "jpeg",
    }
}

impl RenditionFormat {
    /// The ending of addresses, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    pub fn media_type(self) -> MediaType {
        match self {
            Self::Webp => MediaType::Webp,
            Self::Jpeg => MediaType::Jpeg,
        }
    }
}

/// The proportion of a crop, as two whole numbers from 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    pub width: u32,
    pub height: u32,
}

impl Ratio {
    const MOST: u32 = 100;

    /// Reads `16:9`; in its lowest terms, so that one crop has one name.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let side = |text: &str| {
            let plain = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
            let side = plain.then(|| text.parse::<u32>().ok()).flatten();
            side.filter(|side| (1..=Self::MOST).contains(side))
        };
        let sides = text.split_once(':').and_then(|(w, h)| Some((side(w)?, side(h)?)));
        let Some((width, height)) = sides else {
            let message = format!(
                "`{}` is not a proportion such as `16:9`, of numbers from 1 to 100",
                shown(text)
            );
            return Err(Flaw::new(Rule::Malformed, message));
        };
        let common = greatest_common_divisor(width, height);
        Ok(Self {
            width: width / common,
            height: height / common,
        })
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a.max(1)
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// One rendition of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rendition {
    /// As it is asked for; a picture that is narrower comes in its own width.
    pub width: u32,
    /// Cut to this proportion around the focal point.
    pub ratio: Option<Ratio>,
    pub format: RenditionFormat,
}

/// Part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Window {
    /// The longest side that every form can have: a WebP has no longer one.
    pub const LONGEST: u32 = 16_383;

    /// The largest part of a picture that has the proportion, as near to the focal point as the edges allow.
    pub fn of(picture: (u32, u32), ratio: Option<Ratio>, focus: FocalPoint) -> Self {
        let (width, height) = picture;
        let (w, h) = match ratio {
            None => (width, height),
            Some(ratio) if u64::from(width) * u64::from(ratio.height) > u64::from(height) * u64::from(ratio.width) => {
                (scaled(height, ratio.width, ratio.height).min(width), height)
            }
            Some(ratio) => (width, scaled(width, ratio.height, ratio.width).min(height)),
        };
        Self {
            left: offset(width, w, focus.x),
            top: offset(height, h, focus.y),
            width: w,
            height: h,
        }
    }

    /// The size of a rendition of this part: of the width that is asked for, never larger than the part is.
    pub fn fitted(self, width: u32) -> (u32, u32) {
        if width >= self.width {
            return (self.width, self.height);
        }
        (width, scaled(self.height, width, self.width))
    }
}

/// `size` times `by` parts of `of`, rounded, at least 1.
fn scaled(size: u32, by: u32, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    let exact = (u64::from(size) * u64::from(by) + of / 2) / of;
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

/// Where a part begins so that `focus` is in its middle, as far as the edges allow.
fn offset(whole: u32, part: u32, focus: f64) -> u32 {
    let most = f64::from(whole.saturating_sub(part));
    let wanted = (f64::from(whole) * focus - f64::from(part) / 2.0).clamp(0.0, most);
    // Between 0 and the largest u32 by the clamp.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what a u32 holds"
    )]
    let offset = wanted.round() as u32;
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proportion_is_read_in_its_lowest_terms() {
        assert_eq!(Ratio::parse("32:18"), Ratio::parse("16:9"));
        for wrong in ["", "16", "0:9", "16:101", "a:b", "16:9:1", "+1:1", " 1:1"] {
            assert!(Ratio::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_crop_stays_within_the_picture_and_near_its_focal_point() {
        let square = Some(Ratio { width: 1, height: 1 });
        for (picture, ratio, focus, expected) in [
            ((600, 450), None, FocalPoint::CENTRE, (0, 0, 600, 450)),
            ((600, 450), square, FocalPoint::CENTRE, (75, 0, 450, 450)),
            ((600, 450), square, FocalPoint { x: 0.0, y: 0.0 }, (0, 0, 450, 450)),
            ((600, 450), square, FocalPoint { x: 1.0, y: 1.0 }, (150, 0, 450, 450)),
            ((450, 600), square, FocalPoint { x: 0.5, y: 0.75 }, (0, 150, 450, 450)),
            ((1, 5000), square, FocalPoint::CENTRE, (0, 2500, 1, 1)),
        ] {
            let window = Window::of(picture, ratio, focus);
            assert_eq!((window.left, window.top, window.width, window.height), expected);
        }
    }

    #[test]
    fn a_rendition_is_never_larger_than_the_picture() {
        let window = Window::of((600, 450), None, FocalPoint::CENTRE);
        assert_eq!(window.fitted(320), (320, 240));
        assert_eq!(window.fitted(640), (600, 450));
        assert_eq!(Window::of((5000, 1), None, FocalPoint::CENTRE).fitted(160), (160, 1));
    }
}
