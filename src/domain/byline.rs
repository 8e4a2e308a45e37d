//! Who made a story, in the order the byline names them.

use std::collections::HashSet;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{Change, patch};
use super::id::ContributorId;
use super::invalid::{Flaw, Invalids, Rule, refuse, words};
use super::taxon::keep_first;
use super::text::BylineOverride;

/// Most contributors of one story.
pub const MAX_CONTRIBUTORS: usize = 50;

words! {
    /// What a contributor did for a story.
    ContributorRole {
        Author = "author",
        Reporter = "reporter",
        Photographer = "photographer",
        Translator = "translator",
        Editor = "editor",
    }
}

/// A contributor's part in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Credit {
    pub contributor_id: ContributorId,
    #[deserr(default = ContributorRole::Author)]
    #[schema(required = false, default = "author")]
    pub role: ContributorRole,
}

/// Contributors in the order the byline names them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<Credit>, max_items = 50)]
pub struct Credits(pub Vec<Credit>);

/// Who made a story, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = BylineContent)]
pub struct Byline {
    pub contributors: Credits,
    pub r#override: Option<BylineOverride>,
}

patch! {
    /// Who made a story. Contributors are replaced whole.
    pub struct BylinePatch {
        contributors: Credits,
        /// Replaces the text that is computed from the contributors.
        #[deserr(rename = "override")]
        #[schema(rename = "override")]
        r#override: Option<BylineOverride>,
    }
}

impl Change<BylinePatch> {
    pub fn apply_to(self, byline: &mut Byline) {
        if let Self::Set(patch) = self {
            patch.contributors.apply(&mut byline.contributors);
            patch.r#override.apply(&mut byline.r#override);
        }
    }
}

impl Credits {
    /// The same contributor twice in one role is a slip; too many are a mistake.
    fn check(&self) -> Result<(), Flaw> {
        if self.0.len() > MAX_CONTRIBUTORS {
            return Err(Flaw::new(
                Rule::TooMany,
                format!("names more than {MAX_CONTRIBUTORS} contributors"),
            ));
        }
        let mut seen = HashSet::new();
        if self
            .0
            .iter()
            .all(|credit| seen.insert((credit.contributor_id, credit.role)))
        {
            Ok(())
        } else {
            Err(Flaw::new(Rule::Duplicate, "names a contributor twice in the same role"))
        }
    }

    /// Names `by` where it named `named`, in the same role. Where both stood in one role, the first place is kept.
    pub fn replace(&mut self, named: ContributorId, by: ContributorId) {
        for credit in self.0.iter_mut().filter(|credit| credit.contributor_id == named) {
            credit.contributor_id = by;
        }
        keep_first(&mut self.0, |credit| (credit.contributor_id, credit.role));
    }
}

/// "By A, B and C": the authors and reporters, or, where there are none, whoever is named.
pub fn byline_text<'a>(entries: impl Iterator<Item = (&'a str, ContributorRole)> + Clone) -> Option<String> {
    let writes = |role| matches!(role, ContributorRole::Author | ContributorRole::Reporter);
    let mut shown: Vec<&str> = entries
        .clone()
        .filter(|(_, role)| writes(*role))
        .map(|(name, _)| name)
        .collect();
    if shown.is_empty() {
        shown = entries.map(|(name, _)| name).collect();
    }
    let last = shown.pop()?;
    Some(if shown.is_empty() {
        format!("By {last}")
    } else {
        format!("By {} and {last}", shown.join(", "))
    })
}

impl Deserr<Invalids> for Credits {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let credits = Self(Vec::deserialize_from_value(value, at)?);
        credits.check().or_else(|flaw| refuse(flaw, at))?;
        Ok(credits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ContributorRole::{Author, Photographer, Reporter};
    use uuid::Uuid;

    #[test]
    fn a_byline_reads_as_a_sentence() {
        for (names, text) in [
            (vec![], None),
            (vec![("AFP", Author)], Some("By AFP")),
            (
                vec![("A", Author), ("P", Photographer), ("B", Reporter), ("C", Author)],
                Some("By A, B and C"),
            ),
            (vec![("P", Photographer)], Some("By P")),
        ] {
            assert_eq!(byline_text(names.into_iter()).as_deref(), text);
        }
    }

    #[test]
    fn who_is_replaced_stands_once_in_each_role() {
        let credits = |all: &[(u128, ContributorRole)]| {
            let credit = |&(number, role): &(u128, ContributorRole)| Credit {
                contributor_id: ContributorId(Uuid::from_u128(number)),
                role,
            };
            Credits(all.iter().map(credit).collect())
        };
        for (before, after) in [
            (&[][..], &[][..]),
            (&[(3, Author), (1, Author)], &[(3, Author), (2, Author)]),
            (&[(2, Author), (3, Author), (1, Author)], &[(2, Author), (3, Author)]),
            (&[(1, Author), (3, Author), (2, Author)], &[(2, Author), (3, Author)]),
            (&[(1, Author), (2, Photographer)], &[(2, Author), (2, Photographer)]),
        ] {
            let mut replaced = credits(before);
            replaced.replace(ContributorId(Uuid::from_u128(1)), ContributorId(Uuid::from_u128(2)));
            assert_eq!(replaced, credits(after), "{before:?}");
        }
    }
}
