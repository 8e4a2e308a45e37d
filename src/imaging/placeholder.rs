//! What stands in for a picture while it loads.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fast_image_resize::{FilterType, ResizeAlg};
use thumbhash::rgba_to_thumb_hash;

use super::alpha;
use super::bytes;
use super::picture::{Picture, upright};
use super::render::turned;
use crate::domain::media::Placeholder;

/// What ThumbHash takes at most on a side.
const SIDE: u32 = 100;

pub(super) fn placeholder(picture: &Picture) -> Option<Placeholder> {
    let (width, height) = small(picture.size());
    let lying = upright(picture.orientation, (width, height));
    // A blur shows nothing of what a better filter keeps.
    let filter = ResizeAlg::SuperSampling(FilterType::Box, 2);
    let pixels = picture.resized(picture.whole(), lying, filter);
    let mut pixels = turned(pixels, lying, picture.alpha, picture.orientation)?;
    let pixels: Vec<u8> = if picture.alpha {
        alpha::divided(&mut pixels);
        pixels
    } else {
        let opaque = pixels.as_chunks::<3>().0.iter();
        opaque.flat_map(|[r, g, b]| [*r, *g, *b, u8::MAX]).collect()
    };
    let hash = rgba_to_thumb_hash(bytes::size(width), bytes::size(height), &pixels);
    Some(Placeholder {
        thumbhash: STANDARD.encode(hash),
        color: dominant(pixels.as_chunks::<4>().0),
    })
}

/// The size within the bound, in about the same proportion.
fn small((width, height): (u32, u32)) -> (u32, u32) {
    let longest = u64::from(width.max(height)).max(1);
    let part = |side: u32| {
        let exact = u64::from(side) * u64::from(SIDE) / longest.max(u64::from(SIDE));
        u32::try_from(exact).unwrap_or(SIDE).max(1)
    };
    (part(width), part(height))
}

/// The mean of the pixels in the fullest of 4096 boxes of like colours.
fn dominant(pixels: &[[u8; 4]]) -> String {
    let mut boxes: HashMap<[u8; 3], (u32, [u32; 3])> = HashMap::new();
    for [red, green, blue, alpha] in pixels {
        if *alpha < 128 {
            continue;
        }
        let colour = [*red, *green, *blue];
        let (count, sums) = boxes.entry(colour.map(|channel| channel >> 4)).or_default();
        *count += 1;
        sums.iter_mut()
            .zip(colour)
            .for_each(|(sum, channel)| *sum += u32::from(channel));
    }
    // Of boxes that are as full, the one of the lowest name, so that the answer is the same each time.
    let fullest = boxes
        .iter()
        .max_by_key(|(name, (count, _))| (*count, std::cmp::Reverse(**name)));
    let [red, green, blue] = fullest.map_or([u8::MAX; 3], |(_, (count, sums))| {
        sums.map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX))
    });
    format!("#{red:02x}{green:02x}{blue:02x}")
}
