//! Query parameters that several endpoints share.

use super::extract::{Given, Parameters};
use crate::domain::body::BodyFormat;
use crate::domain::invalid::Flaw;
use crate::domain::page::Limit;
use crate::domain::related::Include;
use crate::services::delivery::{Includes, Wanted};

/// Where a page starts and how long it is.
pub(super) struct Paging {
    pub(super) limit: Option<Limit>,
    pub(super) cursor: Option<String>,
}

impl Parameters for Paging {
    fn read(given: &mut Given) -> Self {
        Self {
            limit: given.one("limit", Limit::parse),
            cursor: given.one("cursor", cursor),
        }
    }
}

/// The form of the body.
pub(super) struct Shape {
    pub(super) format: BodyFormat,
}

impl Parameters for Shape {
    fn read(given: &mut Given) -> Self {
        Self {
            format: given.one("body", BodyFormat::parse).unwrap_or_default(),
        }
    }
}

impl Parameters for Wanted {
    fn read(given: &mut Given) -> Self {
        let format = Shape::read(given).format;
        let include = given.list("include", Include::parse);
        Self {
            format,
            include: Includes {
                related: include.contains(&Include::Related),
                backlinks: include.contains(&Include::Backlinks),
            },
        }
    }
}

/// A cursor is checked by the list that it belongs to.
pub(super) fn cursor(text: &str) -> Result<String, Flaw> {
    unread(text)
}

/// A text whose form a use case checks.
#[expect(clippy::unnecessary_wraps, reason = "the shape that readers of parameters have")]
pub(super) fn unread(text: &str) -> Result<String, Flaw> {
    Ok(text.to_owned())
}
