//! Content codings (RFC 9110 §8.4.1, RFC 7932, RFC 8878).

use std::io::Write as _;

use bytes::Bytes;

/// How bytes are compressed on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

/// Levels at which each takes about as long; an answer is compressed once and sent many times.
const BROTLI: i32 = 5;
const ZSTD: i32 = 9;
const GZIP: u32 = 6;
/// The window of brotli, as a power of two.
const WINDOW: i32 = 20;

impl Coding {
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// As `Content-Encoding` names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// The bytes in this coding.
    pub(super) fn of(self, bytes: &[u8]) -> Option<Bytes> {
        let coded = match self {
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI,
                    lgwin: WINDOW,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut coded = Vec::with_capacity(bytes.len() / 2);
                brotli::BrotliCompress(&mut &*bytes, &mut coded, &parameters).map(|_| coded)
            }
            Self::Zstd => zstd::bulk::compress(bytes, ZSTD),
            Self::Gzip => {
                let coded = Vec::with_capacity(bytes.len() / 2);
                let mut encoder = flate2::write::GzEncoder::new(coded, flate2::Compression::new(GZIP));
                encoder.write_all(bytes).and_then(|()| encoder.finish())
            }
        };
        // No more room than it takes: it is kept.
        coded.ok().map(Vec::into_boxed_slice).map(Bytes::from)
    }
}
