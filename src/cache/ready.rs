//! An answer that is ready to be sent.

use std::sync::OnceLock;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use bytes::Bytes;

use super::coding::Coding;

/// Fewer bytes than this are sent as they are: there is nothing to gain.
const WORTH: usize = 512;

/// The lines of a head, each name once.
pub type Head = Vec<(HeaderName, HeaderValue)>;

/// What is sent, and what is said of it.
#[derive(Debug)]
pub struct Ready {
    plain: Form,
    coded: [OnceLock<Option<Form>>; Coding::ALL.len()],
    /// The second since which it is as it is, counted from 1970.
    pub since: Option<i64>,
    /// Whether it goes by the clock, so that it is none to keep.
    pub by_the_clock: bool,
    /// The pattern of its path, for the log.
    pub route: String,
}

/// It in one coding, or in none: the bytes and the head that they are sent with.
#[derive(Debug)]
pub struct Form {
    pub bytes: Bytes,
    pub head: Head,
    /// As the head has it, in its quotes.
    pub etag: String,
}

impl Ready {
    /// `head` says all but the tag and the coding.
    pub fn new(bytes: Bytes, etag: String, head: Head) -> Self {
        Self {
            plain: Form::of(bytes, etag, head),
            coded: Default::default(),
            since: None,
            by_the_clock: false,
            route: String::new(),
        }
    }

    /// Bytes of it as it is.
    pub fn length(&self) -> usize {
        self.plain.bytes.len()
    }

    /// Whether a coding is made already, or never will be.
    pub fn has(&self, coding: Coding) -> bool {
        self.length() < WORTH || self.cell(coding).is_none_or(|cell| cell.get().is_some())
    }

    /// In this coding, made when it is first asked for; as it is where that were no fewer bytes.
    pub fn form(&self, coding: Option<Coding>) -> &Form {
        coding.and_then(|coding| self.coded(coding)).unwrap_or(&self.plain)
    }

    /// The tag of the bytes in a coding: a strong one names bytes as they are sent (RFC 9110 §8.8.3.3).
    pub fn etag(&self, coding: Option<Coding>) -> String {
        coding.map_or_else(
            || self.plain.etag.clone(),
            |coding| format!("{}-{}\"", self.plain.etag.trim_end_matches('"'), coding.name()),
        )
    }

    fn coded(&self, coding: Coding) -> Option<&Form> {
        if self.length() < WORTH {
            return None;
        }
        let make = || {
            let bytes = coding.of(&self.plain.bytes)?;
            let mut head = self.plain.head.clone();
            head.retain(|(name, _)| *name != header::ETAG);
            head.push((header::CONTENT_ENCODING, HeaderValue::from_static(coding.name())));
            (bytes.len() < self.length()).then(|| Form::of(bytes, self.etag(Some(coding)), head))
        };
        self.cell(coding)?.get_or_init(make).as_ref()
    }

    fn cell(&self, coding: Coding) -> Option<&OnceLock<Option<Form>>> {
        let at = Coding::ALL.iter().position(|one| *one == coding)?;
        self.coded.get(at)
    }

    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        self.since == other.since && self.plain.head == other.plain.head && self.plain.bytes == other.plain.bytes
    }
}

impl Form {
    fn of(bytes: Bytes, etag: String, mut head: Head) -> Self {
        head.extend(HeaderValue::from_str(&etag).map(|value| (header::ETAG, value)));
        Self { bytes, head, etag }
    }
}
