//! Forms in which a body comes in and goes out besides its blocks, and an article goes out besides its JSON. Pure: text to blocks and back,
//! values to text, without I/O.

pub mod html;
pub mod json_ld;
pub mod markdown;
pub mod ninjs;
mod page;
#[cfg(test)]
mod tests;

pub use page::Page;

use crate::domain::body::{Body, Warnings};
use crate::domain::invalid::Invalids;

/// A body that was read from another form, and what could not be kept of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Converted {
    pub body: Body,
    pub warnings: Warnings,
}

/// What the readers of other forms answer.
///
/// # Errors
/// Every bound that is broken, at the field.
pub type Result<T = Converted> = std::result::Result<T, Invalids>;
