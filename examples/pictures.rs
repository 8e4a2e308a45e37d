//! Draws the pictures of the demo from a few numbers: a sky, a sea, what stands between them. They are kept beside the demo,
//! so that it starts at once; after a change here, draw them again:
//!
//! ```sh
//! cargo run --release --example pictures -- src/cli/demo/pictures
//! ```

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// In pixels; wide enough for every rendition that is made unless configured otherwise.
const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1280;
/// Of the JPEGs, from 0 to 100.
const QUALITY: u8 = 80;

/// A colour, each part from 0 to 1.
type Color = [f32; 3];

/// One scene. All lengths are parts of the picture's height, from its upper left corner.
struct Scene {
    /// At the top and at the horizon.
    sky: [Color; 2],
    /// At the horizon and at the bottom.
    sea: [Color; 2],
    horizon: f32,
    /// The middle of the sun or the moon, and its radius.
    light: Option<([f32; 2], f32, Color)>,
    /// How much of the sky is cloud, from 0 to 1.
    clouds: f32,
    /// How high the waves are, from 0 to 1.
    waves: f32,
    /// The hills: how high they rise over the horizon.
    hills: f32,
    shapes: &'static [(&'static [[f32; 2]], Color)],
}

const HULL: Color = [0.16, 0.2, 0.29];
const WHITE: Color = [0.93, 0.93, 0.9];
const RED: Color = [0.72, 0.22, 0.17];
const STONE: Color = [0.31, 0.31, 0.33];

/// The pictures by their keys in `newsroom.json`.
const SCENES: &[(&str, Scene)] = &[
    (
        "ferry",
        Scene {
            sky: [[0.36, 0.52, 0.71], [0.93, 0.82, 0.68]],
            sea: [[0.42, 0.55, 0.63], [0.1, 0.24, 0.35]],
            horizon: 0.56,
            light: Some(([1.12, 0.42], 0.055, [1.0, 0.95, 0.8])),
            clouds: 0.45,
            waves: 0.35,
            hills: 0.11,
            shapes: &[
                (&[[0.38, 0.6], [1.02, 0.6], [0.96, 0.7], [0.45, 0.7]], HULL),
                (&[[0.46, 0.52], [0.93, 0.52], [0.96, 0.6], [0.44, 0.6]], WHITE),
                (&[[0.52, 0.46], [0.8, 0.46], [0.82, 0.52], [0.5, 0.52]], WHITE),
                (&[[0.7, 0.38], [0.76, 0.38], [0.77, 0.46], [0.69, 0.46]], RED),
                (&[[0.46, 0.555], [0.92, 0.555], [0.92, 0.575], [0.46, 0.575]], HULL),
            ],
        },
    ),
    (
        "storm",
        Scene {
            sky: [[0.14, 0.16, 0.2], [0.42, 0.44, 0.45]],
            sea: [[0.27, 0.33, 0.36], [0.06, 0.1, 0.13]],
            horizon: 0.5,
            light: None,
            clouds: 0.95,
            waves: 1.0,
            hills: 0.0,
            shapes: &[
                (&[[1.08, 0.3], [1.14, 0.3], [1.17, 0.66], [1.05, 0.66]], WHITE),
                (&[[1.07, 0.42], [1.151, 0.42], [1.16, 0.52], [1.062, 0.52]], RED),
                (&[[1.09, 0.25], [1.13, 0.25], [1.135, 0.3], [1.085, 0.3]], HULL),
                (
                    &[
                        [0.9, 0.7],
                        [1.0, 0.64],
                        [1.25, 0.63],
                        [1.4, 0.7],
                        [1.4, 0.75],
                        [0.9, 0.75],
                    ],
                    STONE,
                ),
            ],
        },
    ),
    (
        "breakwater",
        Scene {
            sky: [[0.24, 0.47, 0.74], [0.78, 0.87, 0.92]],
            sea: [[0.3, 0.55, 0.66], [0.05, 0.27, 0.38]],
            horizon: 0.45,
            light: None,
            clouds: 0.3,
            waves: 0.5,
            hills: 0.07,
            shapes: &[
                (
                    &[[0.0, 0.52], [0.9, 0.47], [0.98, 0.49], [0.4, 0.78], [0.0, 0.95]],
                    STONE,
                ),
                (
                    &[[0.0, 0.5], [0.88, 0.455], [0.9, 0.47], [0.0, 0.54]],
                    [0.55, 0.55, 0.54],
                ),
                (&[[0.86, 0.33], [0.89, 0.33], [0.9, 0.46], [0.85, 0.46]], RED),
            ],
        },
    ),
    (
        "islands",
        Scene {
            sky: [[0.23, 0.18, 0.36], [0.95, 0.55, 0.4]],
            sea: [[0.75, 0.45, 0.42], [0.14, 0.11, 0.25]],
            horizon: 0.6,
            light: Some(([0.52, 0.55], 0.08, [1.0, 0.8, 0.5])),
            clouds: 0.35,
            waves: 0.2,
            hills: 0.24,
            shapes: &[],
        },
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("name the folder to draw into")?;
    for (name, scene) in SCENES {
        let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb(scene.color([part(x), part(y)]).map(byte)));
        let file = File::create(folder.join(format!("{name}.jpg")))?;
        JpegEncoder::new_with_quality(file, QUALITY).encode_image(&picture)?;
    }
    Ok(())
}

/// A pixel's place in parts of the height.
fn part(pixel: u32) -> f32 {
    // Far below what an f32 holds exactly.
    let exact = |pixels: u32| f32::from(u16::try_from(pixels).unwrap_or(u16::MAX));
    exact(pixel) / exact(HEIGHT)
}

fn byte(part: f32) -> u8 {
    // Between 0 and 255 by the clamp.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what a byte holds"
    )]
    let byte = (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    byte
}

impl Scene {
    fn color(&self, at: [f32; 2]) -> Color {
        let [x, y] = at;
        let inside = |(outline, _): &&(&[[f32; 2]], Color)| is_inside(outline, at);
        // A little grain, as a camera has it.
        let grain = (noise(x * 700.0, y * 700.0, 5) - 0.5) * 0.012;
        let color = match self.shapes.iter().rfind(inside) {
            Some((_, color)) => shade(*color, 0.9 + 0.2 * noise(x * 60.0, y * 200.0, 4)),
            None if y < self.horizon - self.ridge(x) => self.sky_at(x, y),
            None if y < self.horizon => shade(
                mix(self.sky[1], [0.12, 0.17, 0.16], 0.7),
                0.8 + 0.4 * cloud(x * 9.0, y * 14.0),
            ),
            None => self.sea_at(x, y),
        };
        color.map(|part| part + grain)
    }

    fn sky_at(&self, x: f32, y: f32) -> Color {
        let mut color = mix(self.sky[0], self.sky[1], y / self.horizon);
        if let Some(([sx, sy], radius, glow)) = self.light {
            let distance = (x - sx).hypot(y - sy);
            color = mix(color, glow, (radius / distance.max(radius)).powi(2));
        }
        let cover = ((cloud(x * 2.2, y * 5.0) - (1.0 - self.clouds)) * 2.5).clamp(0.0, 1.0);
        let lit = mix(shade(self.sky[1], 1.1), self.sky[0], cloud(x * 5.0 + 7.0, y * 9.0));
        mix(color, lit, cover * 0.8)
    }

    fn sea_at(&self, x: f32, y: f32) -> Color {
        let depth = (y - self.horizon) / (1.0 - self.horizon);
        let scale = 4.0 + 60.0 * (1.0 - depth);
        let crest = cloud(x * scale * 0.5, depth * scale * 3.0) - 0.5;
        let color = mix(self.sea[0], self.sea[1], depth.sqrt());
        let color = shade(color, 1.0 + crest * (0.3 + self.waves));
        let foam = ((crest - 0.28 + self.waves * 0.12) * 12.0).clamp(0.0, 1.0) * self.waves;
        mix(color, WHITE, foam * 0.7)
    }

    /// How high the hills are here.
    fn ridge(&self, x: f32) -> f32 {
        self.hills * cloud(x * 2.7 + 3.0, 0.5)
    }
}

fn mix(a: Color, b: Color, part: f32) -> Color {
    let part = part.clamp(0.0, 1.0);
    std::array::from_fn(|i| {
        let (a, b) = (a.get(i).copied().unwrap_or(0.0), b.get(i).copied().unwrap_or(0.0));
        a + (b - a) * part
    })
}

fn shade(color: Color, by: f32) -> Color {
    color.map(|part| part * by)
}

/// Even-odd: whether a line from here to the right crosses the outline an odd number of times.
fn is_inside(outline: &[[f32; 2]], [x, y]: [f32; 2]) -> bool {
    let ends = outline.iter().zip(outline.iter().cycle().skip(1));
    let crossed =
        ends.filter(|([ax, ay], [bx, by])| (*ay > y) != (*by > y) && x < ax + (y - ay) * (bx - ax) / (by - ay));
    crossed.count() % 2 == 1
}

/// Noise of several sizes laid over one another, from 0 to 1.
fn cloud(x: f32, y: f32) -> f32 {
    let layers: [(f32, f32, u32); 4] = [(1.0, 0.5, 0), (2.1, 0.25, 1), (4.3, 0.15, 2), (8.7, 0.1, 3)];
    layers
        .iter()
        .map(|(scale, weight, seed)| weight * noise(x * scale, y * scale, *seed))
        .sum()
}

/// Smooth noise, from 0 to 1: the same for the same place.
fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (cell_x, cell_y) = (x.floor(), y.floor());
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (along, down) = (smooth(x - cell_x), smooth(y - cell_y));
    let corner = |dx: f32, dy: f32| grain(cell_x + dx, cell_y + dy, seed);
    let line = |dy: f32| corner(0.0, dy) + (corner(1.0, dy) - corner(0.0, dy)) * along;
    line(0.0) + (line(1.0) - line(0.0)) * down
}

/// A number from 0 to 1 that looks like chance.
fn grain(x: f32, y: f32, seed: u32) -> f32 {
    let mut bits =
        x.to_bits().wrapping_mul(0x9E37_79B1) ^ y.to_bits().wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2C1B_3C6D);
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    f32::from(u16::try_from(bits >> 16).unwrap_or(0)) / 65_535.0
}
