//! Bodies as HTML.
//!
//! Reading goes through a parser of HTML5, as browsers have it, into a tree, and the tree is walked into blocks. Only what
//! the walk knows comes out, so nothing needs to be filtered. Writing makes every tag and attribute itself.

mod attributes;
mod flow;
mod inline;
mod list;
mod media;
mod page;
mod parse;
mod quote;
mod related;
mod run;
mod shown;
mod style;
mod table;
mod tree;
mod word;
mod write;

pub use page::page;
pub(super) use related::{article as related_article, list as related_list};
pub(super) use shown::{audio, caption, picture, size, video};
pub use write::write;
pub(super) use write::{escaped, split, tag};

use super::{Converted, Result};
use crate::domain::body::Body;
use crate::domain::invalid::{Flaw, Invalid, Invalids, Rule};

/// The field that holds the HTML of a request.
pub const POINTER: &str = "/body_html";

/// Most characters by their names or numbers, each of which is looked up: no story has as many.
const MAX_NAMED: usize = 100_000;

/// Reads a fragment or a whole page.
///
/// `site` is the address of the newsroom's own site, which addresses without a host belong to.
///
/// # Errors
/// Bounds of the body, at `/body_html`; markup that nests deeper, or has more nodes, than any story does.
pub fn read(html: &str, site: &str) -> Result {
    if html.bytes().filter(|byte| *byte == b'&').count() > MAX_NAMED {
        let flaw = Flaw::new(Rule::TooMany, format!("has more than {MAX_NAMED} of `&`"));
        return Err(Invalids::from(flaw.at(POINTER)));
    }
    read_as(html, site, POINTER, None)
}

/// The same for HTML that was made of another form: `pointer` names its field, `lines` the attribute that says which lines
/// of it an element came from.
pub(super) fn read_as(html: &str, site: &str, pointer: &'static str, lines: Option<&'static str>) -> Result {
    let tree = parse::parse(html).map_err(|flaw| flaw.at(pointer))?;
    let mut walk = flow::Walk::new(&tree, site, pointer, lines);
    let blocks = walk.whole();
    let warnings = walk.warnings;
    let body = Body::checked(blocks, "").map_err(|flaws| placed(flaws, pointer))?;
    Ok(Converted { body, warnings })
}

/// A pointer cannot lead into a text, so the message says which of the blocks is meant that the text would become.
fn placed(flaws: Invalids, pointer: &str) -> Invalids {
    let place = |invalid: Invalid| Invalid {
        message: match invalid.pointer.as_str() {
            "" => invalid.message,
            within => format!("{} (at `{within}` of the blocks that it becomes)", invalid.message),
        },
        pointer: pointer.to_owned(),
        ..invalid
    };
    Invalids(flaws.0.into_iter().map(place).collect())
}
