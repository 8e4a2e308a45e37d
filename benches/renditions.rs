//! Renditions: what a picture of 12 megapixels costs from its bytes to six WebP.
//!
//! `benches/renditions.py` runs this beside `vipsthumbnail` and compares their CPU time. By itself it tells how long each
//! step takes.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark tells what it found, and ends where it cannot go on"
)]

use std::path::Path;
use std::time::Instant;

use copydesk::domain::media::{FocalPoint, MediaType, Rendition, RenditionFormat};
use copydesk::imaging::{Limits, Said, examine_image};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const WIDTH: u16 = 4000;
const HEIGHT: u16 = 3000;
const QUALITY: u8 = 90;
const WIDTHS: [u32; 6] = [1920, 1280, 960, 640, 320, 160];
const LIMITS: Limits = Limits {
    pixels: 100_000_000,
    frames: 1000,
    memory: 512 * 1024 * 1024,
    narrowest: 160,
    widest: 1920,
    ratios: Vec::new(),
};

/// A picture with the detail of a photograph: hills of light, edges at all angles, grain.
fn photograph() -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    let mut state = 0x2545_f491_u32;
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = f64::from(state >> 24) / 255.0 - 0.5;
            let (across, down) = (f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(HEIGHT));
            let light = 120.0 + 60.0 * (across * 5.0).sin() * (down * 4.0).cos();
            let leaves = 30.0 * ((across * 180.0).sin() + (down * 150.0 + across * 90.0).cos());
            let edge = if (across * 7.0 + down * 11.0).fract() < 0.5 {
                25.0
            } else {
                -25.0
            };
            for tint in [1.0, 0.85 + 0.3 * down, 1.15 - 0.4 * across] {
                pixels.push(byte((light + leaves + edge) * tint + 24.0 * grain));
            }
        }
    }
    pixels
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a byte holds"
)]
fn byte(light: f64) -> u8 {
    light.clamp(0.0, 255.0) as u8
}

fn draw() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(&photograph(), WIDTH, HEIGHT, ColorType::Rgb)
        .expect("the picture is encoded");
    bytes
}

/// Six renditions, each of the one before it: decoded once, the large pixels are gone through once.
fn make(bytes: &[u8], mut put: impl FnMut(u32, &[u8])) {
    let begin = Instant::now();
    let examined = examine_image(MediaType::Jpeg, bytes, &LIMITS).expect("the picture is read");
    let mut picture = examined.picture.expect("the picture renders");
    println!("examined and decoded: {:?}", begin.elapsed());
    let said = Said {
        credit: Some("Northlight Pictures"),
        ..Said::default()
    };
    for width in WIDTHS {
        let begin = Instant::now();
        picture = picture.reduced(width);
        let reduced = begin.elapsed();
        let of = Rendition {
            width,
            ratio: None,
            format: RenditionFormat::Webp,
        };
        let made = picture
            .render(of, FocalPoint::CENTRE, &said)
            .expect("the rendition is made");
        println!(
            "{width}: reduced in {reduced:?}, made in {:?}, {} bytes",
            begin.elapsed(),
            made.bytes.len()
        );
        put(width, &made.bytes);
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--draw", file] => std::fs::write(file, draw()).expect("the file is written"),
        ["--make", file, folder] => make(&std::fs::read(file).expect("the file is read"), |width, bytes| {
            let place = Path::new(folder).join(format!("{width}.webp"));
            std::fs::write(place, bytes).expect("the rendition is written");
        }),
        _ => make(&draw(), |_, _| {}),
    }
}
