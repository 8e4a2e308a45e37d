//! Colours as far as they are there: while pixels are resized, and what is resized of them until it is written, a colour is
//! already multiplied by its alpha, so that nothing has no colour. Done once and in place, since the resizer by itself copies
//! the whole picture for it each time.

use super::color::product;

pub(super) fn multiplied(pixels: &mut [u8]) {
    for [red, green, blue, alpha] in pixels.as_chunks_mut::<4>().0 {
        for colour in [red, green, blue] {
            *colour = product(*colour, *alpha);
        }
    }
}

pub(super) fn divided(pixels: &mut [u8]) {
    for [red, green, blue, alpha] in pixels.as_chunks_mut::<4>().0 {
        let alpha = u16::from(*alpha);
        for colour in [red, green, blue] {
            let exact = (u16::from(*colour) * 255 + alpha / 2).checked_div(alpha);
            *colour = u8::try_from(exact.unwrap_or_default()).unwrap_or(u8::MAX);
        }
    }
}
