//! Tags: flat labels, of which an article has any number in an order of its own.

use std::collections::HashSet;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{AuditedKind, differing};
use super::change::patch;
use super::id::TagId;
use super::invalid::{Flaw, Invalids, Rule, refuse};
use super::slug::Slug;
use super::taxon::{Stamp, Taxon, keep_first, taxon_fields};
use super::text::{Description, Name};

/// Most tags of one article.
pub const MAX_TAGS: usize = 50;

/// A tag as editors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: TagId,
    pub slug: Slug,
    pub name: Name,
    pub description: Option<Description>,
    pub stamp: Stamp,
}

/// A tag as pages name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagCard {
    pub id: TagId,
    pub slug: Slug,
    pub name: Name,
}

/// The tags of an article, each once, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<TagId>, max_items = 50)]
pub struct TagIds(pub Vec<TagId>);

patch! {
    /// What to change of a tag.
    pub struct TagPatch {
        name: Name,
        /// Made from the name when absent on creation.
        slug: Slug,
        description: Option<Description>,
    }
}

/// What to merge a tag into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct TagMerge {
    /// The tag that stays.
    pub into: TagId,
}

impl Taxon for Tag {
    taxon_fields!(TagId, TagPatch);
    const NOUN: &'static str = "tag";
    const AUDITED: AuditedKind = AuditedKind::Tag;

    fn new(id: Uuid, name: Name, slug: Slug, stamp: Stamp) -> Self {
        Self {
            id: TagId(id),
            slug,
            name,
            description: None,
            stamp,
        }
    }

    fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        differing!(Tag, self, before; slug, name, description; but id, stamp)
    }

    fn apply(&mut self, patch: TagPatch) {
        patch.name.apply(&mut self.name);
        patch.slug.apply(&mut self.slug);
        patch.description.apply(&mut self.description);
    }
}

impl From<&Tag> for TagCard {
    fn from(tag: &Tag) -> Self {
        Self {
            id: tag.id,
            slug: tag.slug.clone(),
            name: tag.name.clone(),
        }
    }
}

impl TagIds {
    /// The same tag twice is a slip; too many are a mistake.
    fn check(&self) -> Result<(), Flaw> {
        if self.0.len() > MAX_TAGS {
            return Err(Flaw::new(Rule::TooMany, format!("names more than {MAX_TAGS} tags")));
        }
        let unique: HashSet<_> = self.0.iter().collect();
        if unique.len() == self.0.len() {
            Ok(())
        } else {
            Err(Flaw::new(Rule::Duplicate, "names a tag twice"))
        }
    }

    /// Names `by` where it named `named`. Where both stood, the first place is kept.
    pub fn replace(&mut self, named: TagId, by: TagId) {
        for id in self.0.iter_mut().filter(|id| **id == named) {
            *id = by;
        }
        keep_first(&mut self.0, |id| *id);
    }
}

impl Deserr<Invalids> for TagIds {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let ids = Self(Vec::deserialize_from_value(value, at)?);
        ids.check().or_else(|flaw| refuse(flaw, at))?;
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_stands_once_at_the_first_of_its_places() {
        let tag = |number| TagId(Uuid::from_u128(number));
        for (before, after) in [
            (vec![], vec![]),
            (vec![3, 4], vec![3, 4]),
            (vec![1], vec![2]),
            (vec![3, 1, 4], vec![3, 2, 4]),
            (vec![1, 3, 2], vec![2, 3]),
            (vec![2, 3, 1], vec![2, 3]),
        ] {
            let mut ids = TagIds(before.iter().copied().map(tag).collect());
            ids.replace(tag(1), tag(2));
            assert_eq!(ids.0, after.into_iter().map(tag).collect::<Vec<_>>(), "{before:?}");
        }
    }
}
