//! Public notes on what was published: what was wrong, what is new, or why it is gone.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{Change, patch};
use super::id::{BlockId, CorrectionId, UserId};
use super::invalid::{Flaw, Invalids, Rule, words};
use super::text::CorrectionText;
use super::time::Timestamp;

words! {
    /// What sort of note it is.
    CorrectionKind {
        /// Something was wrong.
        Correction = "correction",
        /// Something could be misunderstood.
        Clarification = "clarification",
        /// Something is new.
        Update = "update",
        EditorsNote = "editors_note",
        /// Why the article was taken back; made by retracting it.
        Retraction = "retraction",
    }
}

/// A note, as editors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    pub id: CorrectionId,
    pub kind: CorrectionKind,
    pub text: CorrectionText,
    /// The block that it is about; null where it is about all of it.
    pub block_id: Option<BlockId>,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
}

/// A note, as readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicCorrection {
    pub id: CorrectionId,
    pub kind: CorrectionKind,
    pub text: CorrectionText,
    /// The block that it is about; null where it is about all of it.
    pub block_id: Option<BlockId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// That an article was taken back, as readers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Retraction {
    /// Why, where editors said it.
    pub notice: Option<CorrectionText>,
    pub retracted_at: Timestamp,
}

/// A new note.
#[derive(Debug, Clone, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct CorrectionIn {
    #[deserr(default = CorrectionKind::Correction)]
    #[schema(required = false, default = "correction")]
    pub kind: CorrectionKind,
    pub text: CorrectionText,
    /// The block that it is about.
    #[deserr(default)]
    #[schema(required = false)]
    pub block_id: Option<BlockId>,
}

patch! {
    /// What to change of a note.
    pub struct CorrectionPatch {
        kind: CorrectionKind,
        text: CorrectionText,
        block_id: Option<BlockId>,
    }
}

/// The notes of an article, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corrections(pub Vec<Correction>);

impl Corrections {
    /// Most notes of one article.
    pub const MAX: usize = 100;

    /// Adds a note.
    ///
    /// # Errors
    /// More than an article may have.
    pub fn add(&mut self, id: CorrectionId, new: CorrectionIn, by: UserId, now: Timestamp) -> Result<(), Invalids> {
        if self.0.len() >= Self::MAX {
            let message = format!("an article has at most {} corrections", Self::MAX);
            return Err(Flaw::new(Rule::TooMany, message).at("").into());
        }
        self.0.push(Correction {
            id,
            kind: new.kind,
            text: new.text,
            block_id: new.block_id,
            created_at: now,
            created_by: by,
            updated_at: now,
            updated_by: by,
        });
        Ok(())
    }

    /// Changes a note; false where there is none of this id.
    pub fn change(&mut self, id: CorrectionId, patch: CorrectionPatch, by: UserId, now: Timestamp) -> bool {
        let Some(one) = self.0.iter_mut().find(|one| one.id == id) else {
            return false;
        };
        let before = one.clone();
        patch.kind.apply(&mut one.kind);
        patch.text.apply(&mut one.text);
        patch.block_id.apply(&mut one.block_id);
        if *one != before {
            (one.updated_at, one.updated_by) = (now, by);
        }
        true
    }

    /// Removes a note; false where there is none of this id.
    pub fn remove(&mut self, id: CorrectionId) -> bool {
        let before = self.0.len();
        self.0.retain(|one| one.id != id);
        self.0.len() < before
    }

    pub fn public(&self) -> Vec<PublicCorrection> {
        self.0.iter().map(PublicCorrection::from).collect()
    }
}

/// That a note of this kind is made by a move, and not written.
///
/// # Errors
/// For a retraction.
pub fn written(kind: Change<CorrectionKind>) -> Result<(), Invalids> {
    match kind {
        Change::Set(CorrectionKind::Retraction) => {
            let flaw = Flaw::new(Rule::NotAllowed, "is made by retracting the article");
            Err(flaw.at("/kind").into())
        }
        Change::Set(_) | Change::Keep => Ok(()),
    }
}

impl From<&Correction> for PublicCorrection {
    fn from(one: &Correction) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            text: one.text.clone(),
            block_id: one.block_id.clone(),
            created_at: one.created_at,
            updated_at: one.updated_at,
        }
    }
}
