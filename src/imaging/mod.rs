//! Pictures: what kind of file it is, what it says of itself, its renditions. Pure: bytes in, values out.
//!
//! What comes in was made by anybody. Sizes are checked in the headers before anything is decoded, memory is bounded, and
//! metadata that is wrong, hostile or cut off is read as far as it goes and never fails a picture. What goes out is encoded
//! anew, so that nothing of the original's metadata survives but what is said of its rights.

mod alpha;
mod bytes;
mod color;
mod container;
mod decode;
mod examine;
mod limits;
mod metadata;
mod picture;
mod placeholder;
mod render;
mod said;
mod sniff;
mod stream;
#[cfg(test)]
mod tests;

pub use examine::{Examined, cost, examine_image, facts};
pub use limits::{Limits, Refused};
pub use picture::Picture;
pub use render::{Drawn, Rendered};
pub use said::Said;
pub use sniff::sniff;
pub use stream::examine_stream;
