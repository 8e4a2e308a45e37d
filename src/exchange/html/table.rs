//! Tables. A cell that spans several places fills the first; the others stay empty, so that columns stay columns.

use super::flow::Walk;
use super::inline::Joint;
use super::run::Style;
use super::tree::Id;
use crate::domain::body::{Block, Cell, Table, WarningCode};
use crate::domain::text::TableCaption;

/// What was found of a table.
#[derive(Default)]
struct Found {
    header: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
    captions: Vec<Id>,
    /// For each column, how many rows below are taken by a cell above.
    taken: Vec<usize>,
}

/// The table, and what cannot be its caption as paragraphs.
pub(super) fn table(walk: &mut Walk<'_>, id: Id) -> Vec<Block> {
    let mut found = Found::default();
    rows(walk, id, false, &mut found);
    let first = found.captions.first().copied();
    let caption = first.and_then(|id| TableCaption::parse(&walk.line_of(id)).ok());
    let captions = std::mem::take(&mut found.captions);
    let used = usize::from(caption.is_some());
    let mut blocks: Vec<Block> = cells(found, caption).into_iter().collect();
    let used = if blocks.is_empty() { 0 } else { used };
    let others: Vec<Id> = captions.into_iter().skip(used).collect();
    blocks.extend(walk.blocks_of(others, &Style::default()));
    blocks
}

fn cells(found: Found, caption: Option<TableCaption>) -> Option<Block> {
    let Found {
        mut header, mut rows, ..
    } = found;
    // Markdown has no table without a header; one that says nothing is none.
    if header.iter().all(|cell| cell.text.is_empty()) {
        header.clear();
    }
    let columns = rows.iter().chain([&header]).map(Vec::len).max().unwrap_or(0);
    let columns = columns.min(Table::MAX_COLUMNS + 1);
    if !header.is_empty() {
        header.resize(columns, Cell::default());
    }
    rows.truncate(Table::MAX_ROWS + 1);
    for row in &mut rows {
        row.resize(columns, Cell::default());
    }
    let blank = rows.iter().flatten().chain(&header).all(|cell| cell.text.is_empty());
    let nothing = blank && caption.is_none() || columns == 0;
    (!nothing).then(|| Table::make(header, rows, caption).into())
}

fn rows(walk: &mut Walk<'_>, id: Id, in_head: bool, found: &mut Found) {
    let children: Vec<Id> = walk.tree.children(id).collect();
    for child in children {
        match walk.name(child) {
            Some("tr") => row(walk, child, in_head, found),
            Some(name @ ("thead" | "tbody" | "tfoot")) => {
                walk.handlers(child);
                found.taken.clear();
                rows(walk, child, name == "thead", found);
            }
            Some("caption") => {
                walk.handlers(child);
                found.captions.push(child);
            }
            // Columns are for style sheets.
            Some("colgroup" | "col") | None => {}
            Some(_) => walk.drop_element(child),
        }
    }
}

fn row(walk: &mut Walk<'_>, id: Id, in_head: bool, found: &mut Found) {
    walk.handlers(id);
    let mut cells: Vec<Cell> = Vec::new();
    let mut all_header = true;
    let children: Vec<Id> = walk.tree.children(id).collect();
    for child in children {
        match walk.name(child) {
            // A row that is too long is refused as soon as it is; so is a table.
            Some("td" | "th") if cells.len() > Table::MAX_COLUMNS || found.rows.len() > Table::MAX_ROWS => {}
            Some(name @ ("td" | "th")) => {
                all_header &= name == "th";
                skip_taken(&mut cells, &mut found.taken);
                cell(walk, child, &mut cells, &mut found.taken);
            }
            Some(_) => walk.drop_element(child),
            None => {}
        }
    }
    skip_taken(&mut cells, &mut found.taken);
    if cells.is_empty() {
        return;
    }
    let first = found.header.is_empty() && found.rows.is_empty();
    if first && (in_head || all_header) {
        found.header = cells;
    } else {
        found.rows.push(cells);
    }
}

/// Leaves the places free that cells of rows above reach down to.
fn skip_taken(cells: &mut Vec<Cell>, taken: &mut [usize]) {
    while let Some(left) = taken.get_mut(cells.len()).filter(|left| **left > 0) {
        *left -= 1;
        cells.push(Cell::default());
    }
}

fn cell(walk: &mut Walk<'_>, id: Id, cells: &mut Vec<Cell>, taken: &mut Vec<usize>) {
    walk.handlers(id);
    let span = |walk: &Walk<'_>, name| {
        let number = walk
            .tree
            .attribute(id, name)
            .and_then(|text| text.trim().parse::<usize>().ok());
        number.unwrap_or(1).max(1)
    };
    let room = (Table::MAX_COLUMNS + 1).saturating_sub(cells.len()).max(1);
    let columns = span(walk, "colspan").min(room);
    let rows = span(walk, "rowspan").min(Table::MAX_ROWS);
    if columns > 1 || rows > 1 {
        let name = if columns > 1 { "colspan" } else { "rowspan" };
        walk.warn(WarningCode::StructureFlattened, name, id);
    }
    let text = walk.text_of(id, &Style::default(), Joint::Line);
    let from = cells.len();
    cells.push(Cell { text });
    cells.resize(from + columns, Cell::default());
    if rows > 1 && cells.len() <= Table::MAX_COLUMNS {
        taken.resize(taken.len().max(cells.len()), 0);
        taken
            .iter_mut()
            .skip(from)
            .take(columns)
            .for_each(|left| *left = rows - 1);
    }
}
