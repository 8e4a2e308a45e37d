//! Names of what is kept. They are made from hashes, ids and sizes only, never from words that a client sent.

use std::fmt;

use crate::domain::id::UploadId;

/// The name of something that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    Original(String),
    Rendition { of: String, version: String, name: String },
    Part { of: UploadId, sha256: String },
}

/// What a key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// The file with this SHA-256.
    File(&'a str),
    /// Renditions of the file, in one version of what decides about them.
    Renditions {
        of: &'a str,
        version: &'a str,
    },
    Upload(UploadId),
}

impl Key {
    /// A file as it was sent.
    pub fn original(sha256: &str) -> Self {
        Self(Kind::Original(sha256.to_owned()))
    }

    /// A rendition of a file; `name` is its size and its form, such as `640.webp`.
    pub fn rendition(sha256: &str, version: &str, name: &str) -> Self {
        Self(Kind::Rendition {
            of: sha256.to_owned(),
            version: version.to_owned(),
            name: name.to_owned(),
        })
    }

    /// A part of a file that is not whole yet.
    pub fn part(upload: UploadId, sha256: &str) -> Self {
        Self(Kind::Part {
            of: upload,
            sha256: sha256.to_owned(),
        })
    }

    /// What the keys of all parts of an upload begin with.
    pub fn parts_of(upload: UploadId) -> String {
        format!("uploads/{upload}")
    }

    pub fn owner(&self) -> Owner<'_> {
        match &self.0 {
            Kind::Original(sha256) => Owner::File(sha256),
            Kind::Rendition { of, version, .. } => Owner::Renditions { of, version },
            Kind::Part { of, .. } => Owner::Upload(*of),
        }
    }

    /// Reads what [`Display`](fmt::Display) writes; `None` for what is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let segments: Vec<&str> = text.split('/').collect();
        let key = match segments.as_slice() {
            ["originals", _, _, sha256] => Self::original(sha256),
            ["renditions", _, _, sha256, version, name] => Self::rendition(sha256, version, name),
            ["uploads", id, sha256] => Self::part(UploadId::parse(id).ok()?, sha256),
            _ => return None,
        };
        (key.is_sound() && key.to_string() == text).then_some(key)
    }

    /// Whether it is made of what keys are made of. One that is not could lead anywhere.
    pub(super) fn is_sound(&self) -> bool {
        let hex =
            |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match &self.0 {
            Kind::Original(sha256) | Kind::Part { sha256, .. } => hex(sha256, 64),
            Kind::Rendition { of, version, name } => {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
                hex(of, 64) && hex(version, 16) && name.bytes().all(plain) && !name.is_empty() && !name.starts_with('.')
            }
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let split = |sha256: &str| {
            let (first, second) = (sha256.get(0..2).unwrap_or("-"), sha256.get(2..4).unwrap_or("-"));
            format!("{first}/{second}/{sha256}")
        };
        match &self.0 {
            Kind::Original(sha256) => write!(f, "originals/{}", split(sha256)),
            Kind::Rendition { of, version, name } => write!(f, "renditions/{}/{version}/{name}", split(of)),
            Kind::Part { of, sha256 } => write!(f, "uploads/{of}/{sha256}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let hash = "0123456789abcdef".repeat(4);
        let upload = UploadId(uuid::Uuid::from_u128(7));
        for (key, text) in [
            (Key::original(&hash), format!("originals/01/23/{hash}")),
            (
                Key::rendition(&hash, "0011223344556677", "640-16x9.webp"),
                format!("renditions/01/23/{hash}/0011223344556677/640-16x9.webp"),
            ),
            (
                Key::part(upload, &hash),
                format!("uploads/00000000-0000-0000-0000-000000000007/{hash}"),
            ),
        ] {
            assert_eq!(key.to_string(), text);
            assert_eq!(Key::parse(&text), Some(key));
        }
    }

    #[test]
    fn what_is_not_a_key_is_not_read() {
        let hash = "0123456789abcdef".repeat(4);
        for text in [
            "",
            "originals",
            "originals/01/23/0123",
            &format!("originals/23/01/{hash}"),
            &format!("originals/01/23/{hash}/.."),
            &format!("originals/01/23/{}", hash.to_uppercase()),
            &format!("renditions/01/23/{hash}/0011223344556677/..%2f"),
            &format!("renditions/01/23/{hash}/0011223344556677/.."),
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
