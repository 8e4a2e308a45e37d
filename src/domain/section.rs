//! Sections: the tree that a site is ordered by.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{AuditedKind, differing};
use super::change::{Change, patch};
use super::id::SectionId;
use super::invalid::Invalids;
use super::slug::Slug;
use super::taxon::{Stamp, Taxon, taxon_fields};
use super::text::{Description, Name};

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
    pub stamp: Stamp,
}

impl Taxon for Section {
    taxon_fields!(SectionId, SectionPatch);
    const NOUN: &'static str = "section";
    const AUDITED: AuditedKind = AuditedKind::Section;

    fn new(id: Uuid, name: Name, slug: Slug, stamp: Stamp) -> Self {
        Self {
            id: SectionId(id),
            slug,
            name,
            description: None,
            parent_id: None,
            position: 0,
            stamp,
        }
    }

    fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        differing!(Section, self, before; slug, name, description, parent_id, position; but id, stamp)
    }

    fn apply(&mut self, patch: SectionPatch) {
        patch.name.apply(&mut self.name);
        patch.slug.apply(&mut self.slug);
        patch.description.apply(&mut self.description);
        patch.parent_id.apply(&mut self.parent_id);
        if let Change::Set(position) = patch.position {
            self.position = position.0;
        }
    }
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
