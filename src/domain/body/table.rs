//! Tables of running text.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::block::{Parts, block, field};
use super::span::{Span, plain};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::text::TableCaption;

block! {
    /// Cells in rows; every row has as many as the first.
    Table, TableType = "table" {
        /// The names of the columns; empty where they have none.
        #[deserr(default)]
        #[schema(max_items = 50, default = json!([]))]
        header: Vec<Cell>,
        #[schema(max_items = 1000)]
        rows: Vec<Vec<Cell>>,
        /// Absent when there is none.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = TableCaption, required = false)]
        caption: Option<TableCaption>,
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Cell {
    pub text: Vec<Span>,
}

impl Table {
    pub const MAX_COLUMNS: usize = 50;
    pub const MAX_ROWS: usize = 1000;

    /// How many columns the first row has.
    pub fn columns(&self) -> usize {
        let first = if self.header.is_empty() {
            self.rows.first()
        } else {
            Some(&self.header)
        };
        first.map_or(0, Vec::len)
    }
}

impl Parts for Table {
    fn each_text<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {
        let mut row = |cells: &'a [Cell], at: ValuePointerRef<'_>| {
            for (index, cell) in cells.iter().enumerate() {
                let here = ValuePointerRef::Index { index, prev: &at };
                see(field("text", &here), &cell.text);
            }
        };
        row(&self.header, field("header", &at));
        let within = field("rows", &at);
        for (index, cells) in self.rows.iter().enumerate() {
            row(cells, ValuePointerRef::Index { index, prev: &within });
        }
    }

    fn each_text_mut(&mut self, change: &mut dyn FnMut(&mut Vec<Span>)) {
        let cells = self.header.iter_mut().chain(self.rows.iter_mut().flatten());
        cells.for_each(|cell| change(&mut cell.text));
    }

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        self.caption.iter().for_each(|caption| see(caption.as_str()));
    }

    fn plain_text(&self) -> String {
        let caption = self.caption.iter().map(|caption| caption.as_str().to_owned());
        let header = Some(&self.header).filter(|header| !header.is_empty());
        let rows = header.into_iter().chain(&self.rows).map(|row| {
            let cells: Vec<String> = row.iter().map(|cell| plain(&cell.text)).collect();
            cells.join("\t")
        });
        caption.chain(rows).collect::<Vec<_>>().join("\n")
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        let columns = self.columns();
        if columns == 0 {
            return Err(("rows", Flaw::new(Rule::TooShort, "a table needs at least one cell")));
        }
        let most = |number: usize, most: usize, what: &str| {
            Flaw::new(
                Rule::TooMany,
                format!("has {number} {what}; at most {most} are allowed"),
            )
        };
        if columns > Self::MAX_COLUMNS {
            return Err(("rows", most(columns, Self::MAX_COLUMNS, "columns")));
        }
        if self.rows.len() > Self::MAX_ROWS {
            return Err(("rows", most(self.rows.len(), Self::MAX_ROWS, "rows")));
        }
        if self.rows.iter().any(|row| row.len() != columns) {
            let message = format!("every row must have {columns} cells, as the first has");
            return Err(("rows", Flaw::new(Rule::Malformed, message)));
        }
        Ok(())
    }
}
