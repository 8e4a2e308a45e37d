//! Sections.

use diesel::prelude::*;

use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::sections;
use super::taxon::rows;
use crate::domain::id::SectionId;
use crate::domain::section::Section;
use crate::domain::text::Description;

rows! {
    sections of Section, SectionId {
        description: Option<Description>,
        parent_id: Option<SectionId>,
        position: i32,
    }
}

/// All of them, in their order among siblings: by position, then by name.
pub fn all(conn: &mut DbConn) -> Result<Vec<Section>> {
    let query = sections::table.order((sections::position, sections::name, sections::id));
    let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
    Ok(found.into_iter().map(Section::from).collect())
}

/// The section, its parent, and so on to the top; empty when there is no such section. One statement: a site has tens of
/// sections, and reading them all is cheaper than asking level by level.
pub fn chain(conn: &mut DbConn, id: SectionId) -> Result<Vec<Section>> {
    Ok(crate::domain::section::chain(&all(conn)?, id))
}
