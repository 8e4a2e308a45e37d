//! An answer that is ready to be sent.

use std::sync::OnceLock;

use bytes::Bytes;

use super::coding::Coding;
use crate::domain::time::Timestamp;

/// Fewer bytes than this are sent as they are: there is nothing to gain.
const WORTH: usize = 512;

/// What is sent, and what is said of it.
#[derive(Debug)]
pub struct Ready {
    pub bytes: Bytes,
    pub media_type: &'static str,
    /// Of the bytes as they are, in its quotes.
    pub etag: String,
    pub last_modified: Option<Timestamp>,
    pub cache_control: String,
    pub surrogate_key: String,
    /// Whether it depends on what the client accepts.
    pub varies: bool,
    /// Whether it goes by the clock, so that it is none to keep.
    pub by_the_clock: bool,
    /// The pattern of its path, for the log.
    pub route: String,
    coded: [OnceLock<Option<Bytes>>; Coding::ALL.len()],
}

impl Ready {
    pub fn new(bytes: Bytes, media_type: &'static str, etag: String) -> Self {
        Self {
            bytes,
            media_type,
            etag,
            last_modified: None,
            cache_control: String::new(),
            surrogate_key: String::new(),
            varies: false,
            by_the_clock: false,
            route: String::new(),
            coded: Default::default(),
        }
    }

    /// Whether a coding is made already, or never will be.
    pub fn has(&self, coding: Coding) -> bool {
        self.bytes.len() < WORTH || self.cell(coding).is_none_or(|cell| cell.get().is_some())
    }

    /// The bytes in this coding, made when they are first asked for; `None` where they would be no fewer.
    pub fn coded(&self, coding: Coding) -> Option<Bytes> {
        if self.bytes.len() < WORTH {
            return None;
        }
        let make = || coding.of(&self.bytes).filter(|coded| coded.len() < self.bytes.len());
        self.cell(coding)?.get_or_init(make).clone()
    }

    fn cell(&self, coding: Coding) -> Option<&OnceLock<Option<Bytes>>> {
        let at = Coding::ALL.iter().position(|one| *one == coding)?;
        self.coded.get(at)
    }

    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let of = |one: &Self| (one.media_type, one.last_modified, one.varies);
        of(self) == of(other)
            && self.etag == other.etag
            && self.cache_control == other.cache_control
            && self.surrogate_key == other.surrogate_key
            && self.bytes == other.bytes
    }
}
