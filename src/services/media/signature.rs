//! Addresses of bytes that are not public, good for a while for whoever has them.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

use crate::domain::id::MediaId;
use crate::domain::text::hex;
use crate::domain::time::Timestamp;

/// Addresses change once a day, so that a browser can keep what it has seen.
const DAY: i64 = 24 * 60 * 60;

/// The right to the bytes of one media, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Seconds since 1970.
    pub expires: i64,
    /// 32 hexadecimal digits.
    pub signature: String,
}

/// As a query has it.
impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expires={}&signature={}", self.expires, self.signature)
    }
}

/// What signs, with a key that all nodes have.
#[derive(Clone)]
pub(in crate::services) struct Signer(Hmac<Sha256>);

impl Signer {
    /// From a secret of the installation; what is signed tells nothing of it.
    pub(in crate::services) fn new(secret: &[u8]) -> Self {
        // As many bytes as a key has.
        Self(Hmac::new(&Sha512::digest(secret)))
    }

    /// Good for at least a day, at most two.
    pub(in crate::services) fn sign(&self, media: MediaId, now: Timestamp) -> Signed {
        let expires = (now.seconds().div_euclid(DAY) + 2) * DAY;
        let digest = self.digest(media, expires).finalize().into_bytes();
        Signed {
            expires,
            signature: hex(digest.get(..16).unwrap_or(&digest)),
        }
    }

    /// Whether the right is ours and still good.
    pub(super) fn admits(&self, media: MediaId, signed: &Signed, now: Timestamp) -> bool {
        let bytes: Option<Vec<u8>> = (signed.signature.len() == 32)
            .then(|| unhex(&signed.signature))
            .flatten();
        let ours = bytes.is_some_and(|bytes| {
            let digest = self.digest(media, signed.expires);
            digest.verify_truncated_left(&bytes).is_ok()
        });
        ours && now.seconds() < signed.expires
    }

    fn digest(&self, media: MediaId, expires: i64) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(format!("media {media} {expires}").as_bytes());
        mac
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let bytes = digits?;
    let pairs = bytes.chunks_exact(2).map(|pair| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    pairs.collect()
}
