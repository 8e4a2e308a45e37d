//! Sections: the tree that a site is ordered by.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::patch;
use super::id::{SectionId, UserId};
use super::invalid::Invalids;
use super::slug::Slug;
use super::text::{Description, Name};
use super::time::Timestamp;

/// Deepest nesting of sections.
pub const MAX_DEPTH: usize = 8;

/// A section as editors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub id: SectionId,
    pub slug: Slug,
    pub name: Name,
    pub description: Option<Description>,
    pub parent_id: Option<SectionId>,
    pub position: i32,
    pub revision: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub updated_by: Option<UserId>,
}

/// The section, the one above it, and so on to the top; empty where there is none. Even a circle would end: no section is
/// taken twice.
pub fn chain(all: &[Section], id: SectionId) -> Vec<Section> {
    let mut chain: Vec<Section> = Vec::new();
    let mut next = Some(id);
    while let Some(section) = next.and_then(|id| all.iter().find(|section| section.id == id)) {
        if chain.len() == all.len() {
            break;
        }
        next = section.parent_id;
        chain.push(section.clone());
    }
    chain
}

/// The order of a section among its siblings, 0 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position(pub i32);

impl Deserr<Invalids> for Position {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Invalids> {
        let number = <i64 as Deserr<Invalids>>::deserialize_from_value(value, at)?;
        match i32::try_from(number) {
            Ok(position @ 0..=10_000) => Ok(Self(position)),
            _ => super::invalid::refuse(
                super::invalid::Flaw::new(super::invalid::Rule::OutOfRange, "must be 0 to 10000"),
                at,
            ),
        }
    }
}

impl utoipa::PartialSchema for Position {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .minimum(Some(0))
            .maximum(Some(10_000))
            .description(Some("The order among siblings; equals are ordered by name."))
            .examples([10])
            .into()
    }
}

impl ToSchema for Position {}

patch! {
    /// What to change of a section.
    pub struct SectionPatch {
        name: Name,
        /// Made from the name when absent on creation.
        slug: Slug,
        description: Option<Description>,
        /// Null for a section at the top.
        parent_id: Option<SectionId>,
        position: Position,
    }
}
