//! What sections, contributors and tags have in common: a name, a slug that no other of the kind has, and a revision.

use std::collections::HashSet;
use std::hash::Hash;

use uuid::Uuid;

use super::audit::AuditedKind;
use super::change::Change;
use super::id::UserId;
use super::slug::Slug;
use super::text::Name;
use super::time::Timestamp;

/// A section, a contributor or a tag: what use cases need to know of all three.
pub trait Taxon: Clone + PartialEq + Send + 'static {
    type Id: Copy + Eq + Hash + Send + 'static;
    type Patch: Send + 'static;
    /// What one of them is called.
    const NOUN: &'static str;
    /// What the audit calls one of them.
    const AUDITED: AuditedKind;

    /// With nothing but a name and a slug.
    fn new(id: Uuid, name: Name, slug: Slug, stamp: Stamp) -> Self;
    /// The name and the slug that a patch sets.
    fn asked(patch: &Self::Patch) -> (&Change<Name>, &Change<Slug>);
    fn apply(&mut self, patch: Self::Patch);
    fn id(&self) -> Self::Id;
    fn slug(&self) -> &Slug;
    fn stamp(&self) -> &Stamp;
    fn stamp_mut(&mut self) -> &mut Stamp;
    fn name(&self) -> &Name;
    /// How the audit names it.
    fn audited(&self) -> (AuditedKind, Uuid);
    /// The fields in which it is another than `before`.
    fn changed_since(&self, before: &Self) -> Vec<&'static str>;
}

/// What of [`Taxon`] is said by the fields of the thing and of its patch.
macro_rules! taxon_fields {
    ($id:ty, $patch:ty) => {
        type Id = $id;
        type Patch = $patch;

        fn asked(
            patch: &$patch,
        ) -> (
            &$crate::domain::change::Change<$crate::domain::text::Name>,
            &$crate::domain::change::Change<$crate::domain::slug::Slug>,
        ) {
            (&patch.name, &patch.slug)
        }

        fn id(&self) -> $id {
            self.id
        }

        fn name(&self) -> &$crate::domain::text::Name {
            &self.name
        }

        fn audited(&self) -> ($crate::domain::audit::AuditedKind, uuid::Uuid) {
            (Self::AUDITED, self.id.0)
        }

        fn slug(&self) -> &$crate::domain::slug::Slug {
            &self.slug
        }

        fn stamp(&self) -> &$crate::domain::taxon::Stamp {
            &self.stamp
        }

        fn stamp_mut(&mut self) -> &mut $crate::domain::taxon::Stamp {
            &mut self.stamp
        }
    };
}
pub(crate) use taxon_fields;

/// Which state something is in, since when and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Moves with each write; the ETag of the editor surface.
    pub revision: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// `None` where the program itself wrote it.
    pub updated_by: Option<UserId>,
}

impl Stamp {
    /// Of what is made now.
    pub fn new(by: UserId, now: Timestamp) -> Self {
        Self {
            revision: 1,
            created_at: now,
            updated_at: now,
            updated_by: Some(by),
        }
    }

    /// Records a write.
    pub fn touch(&mut self, by: UserId, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
        self.updated_by = Some(by);
    }
}

/// Leaves of those with one key the first.
pub(super) fn keep_first<T, K: Eq + Hash>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    list.retain(|one| seen.insert(key(one)));
}
