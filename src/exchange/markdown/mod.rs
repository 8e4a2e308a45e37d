//! Bodies as Markdown: CommonMark with the tables and the strikethrough of GitHub's flavour.
//!
//! Reading goes by way of HTML, which is what Markdown is defined by, so that what may stand in a body is decided in one
//! place. Writing uses HTML where Markdown has no sign of its own: underline, a box of facts, who said a quote.

mod inline;
mod write;

pub use write::write;

use comrak::{Arena, Options, html::format_document, parse_document};

use super::{Result, html};
use crate::domain::body::Table;
use crate::domain::invalid::{Flaw, Invalids, Rule};

/// The field that holds the Markdown of a request.
pub const POINTER: &str = "/body_markdown";
/// The attribute by which the HTML tells which lines of the Markdown an element came from.
const LINES: &str = "data-sourcepos";
/// Most bytes of HTML that Markdown may become on its way. A sign can become an element, so a mebibyte of signs could
/// become sixty; no story is like that.
const MAX_HTML: usize = 16 * 1024 * 1024;
/// Most signs that may begin a tag or a character by its name. Each becomes a piece of text of its own that the reader looks
/// ahead from, whatever it turns out to be; a story has fewer elements and texts than this in all.
const MAX_OPENINGS: usize = 100_000;
/// Most cells of tables: twice those of the largest table that a body may have.
const MAX_CELLS: usize = 2 * Table::MAX_COLUMNS * Table::MAX_ROWS;

/// Reads Markdown.
///
/// `site` is the address of the newsroom's own site, which addresses without a host belong to.
///
/// # Errors
/// Bounds of the body, at `/body_markdown`.
pub fn read(markdown: &str, site: &str) -> Result {
    if table_cells(markdown) > MAX_CELLS {
        let flaw = Flaw::new(Rule::TooMany, "has too many cells of tables for one story");
        return Err(Invalids::from(flaw.at(POINTER)));
    }
    if markdown.bytes().filter(|byte| matches!(byte, b'<' | b'&')).count() > MAX_OPENINGS {
        let flaw = Flaw::new(Rule::TooMany, format!("has more than {MAX_OPENINGS} of `<` and `&`"));
        return Err(Invalids::from(flaw.at(POINTER)));
    }
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let mut made = Bounded(String::new());
    if format_document(root, &options, &mut made).is_err() {
        let flaw = Flaw::new(Rule::TooMany, "has too many elements for one story");
        return Err(Invalids::from(flaw.at(POINTER)));
    }
    html::read_as(&made.0, site, POINTER, Some(LINES))
}

/// Cells that the tables of a text come to, counted from above. The reader fills short rows up to the header, so that a line
/// of one letter can become a thousand cells.
fn table_cells(markdown: &str) -> usize {
    let (mut columns, mut cells) = (0, 0);
    for line in markdown.lines() {
        // Signs that a row under a header can hold, and those that quotes and lists put before it.
        let fits = |b: u8| b"|:- \t\x0b\x0c>*+.)0123456789".contains(&b);
        if line.trim().is_empty() {
            columns = 0;
        } else if line.contains('-') && line.bytes().all(fits) {
            columns = line.matches('|').count() + 1;
        }
        cells += columns;
    }
    cells
}

/// Options for the reader. Markup within Markdown is let through, because the walk through the HTML judges it.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    options.render.sourcepos = true;
    options
}

/// HTML that may grow only so far.
struct Bounded(String);

impl std::fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        if self.0.len() + text.len() > MAX_HTML {
            return Err(std::fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
