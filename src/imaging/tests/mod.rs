//! Tests of pictures, on small ones that are drawn here.

mod any;
mod draw;
mod facts;
mod refusals;
mod renditions;
mod sniffing;
mod streams;

use super::{Limits, Picture, Said};
use crate::domain::media::{FocalPoint, MediaType, Ratio, Rendition, RenditionFormat};

const LIMITS: Limits = Limits {
    pixels: 1_000_000,
    frames: 10,
    memory: 256 * 1024 * 1024,
    narrowest: 160,
    widest: 1920,
    ratios: Vec::new(),
};

fn decoded(kind: MediaType, bytes: &[u8]) -> Picture {
    Picture::decode(kind, bytes, &LIMITS).unwrap()
}

fn of(width: u32, ratio: Option<(u32, u32)>, format: RenditionFormat) -> Rendition {
    let ratio = ratio.map(|(width, height)| Ratio { width, height });
    Rendition { width, ratio, format }
}

fn rendered(picture: &Picture, of: Rendition) -> Vec<u8> {
    picture.render(of, FocalPoint::CENTRE, &Said::default()).unwrap().bytes
}
