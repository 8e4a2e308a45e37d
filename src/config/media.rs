//! What media may be, and what making renditions may cost.

/// Media: limits, renditions, rights.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Where `/media/…` is found from outside, without a slash at the end; empty is this very host.
    pub url: String,
    /// Largest image, in bytes.
    pub max_image_bytes: u64,
    /// Largest video, sound or document, in bytes.
    pub max_file_bytes: u64,
    /// Most pixels of a picture, width times height.
    pub max_pixels: u64,
    /// Most frames of an animation.
    pub max_frames: u32,
    /// The widths that renditions come in, in pixels, ascending.
    pub widths: Vec<u32>,
    /// The proportions that crops come in, width and height in lowest terms.
    pub ratios: Vec<(u32, u32)>,
    /// Whether SVG is taken, as a download only.
    pub allow_svg: bool,
    /// Whether a picture without a credit keeps an article from being published.
    pub require_credit: bool,
    /// Whether a picture whose rights have expired does.
    pub require_rights: bool,
    /// Pictures that are worked on at once.
    pub threads: usize,
    /// Memory that decoded pictures may take together, in bytes.
    pub memory_bytes: u64,
    /// Pieces of work that may wait for a thread; more are answered 503.
    pub queue: usize,
}

impl Default for MediaConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            max_image_bytes: 50_000_000,
            max_file_bytes: 200_000_000,
            max_pixels: 100_000_000,
            max_frames: 1000,
            widths: vec![160, 320, 640, 960, 1280, 1920],
            ratios: vec![
                (1, 1),
                (5, 4),
                (4, 3),
                (3, 2),
                (16, 9),
                (2, 1),
                (7, 3),
                (4, 5),
                (3, 4),
                (2, 3),
                (9, 16),
            ],
            allow_svg: false,
            require_credit: true,
            require_rights: true,
            threads: 2,
            memory_bytes: 512 * 1024 * 1024,
            queue: 64,
        }
    }
}
