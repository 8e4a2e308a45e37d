//! A file that comes in parts.

use serde::{Deserialize, Serialize};

use crate::domain::id::{MediaId, UploadId, UserId};
use crate::domain::text::Filename;
use crate::domain::time::Timestamp;

/// Some of the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePart {
    pub sha256: String,
    pub bytes: u64,
}

/// A file of which the first bytes are there.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialUpload {
    pub id: UploadId,
    /// Bytes of the whole file.
    pub length: u64,
    /// Those that are kept, from the first.
    pub parts: Vec<FilePart>,
    pub filename: Option<Filename>,
    /// What was said of the media, as JSON.
    pub fields: serde_json::Value,
    /// The media that it became.
    pub media_id: Option<MediaId>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    /// From then on its bytes may be removed.
    pub expires_at: Timestamp,
}

impl PartialUpload {
    /// How many bytes are kept.
    pub fn received(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    pub fn is_whole(&self) -> bool {
        self.received() >= self.length
    }
}
