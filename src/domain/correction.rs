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

impl CorrectionKind {
    /// As it stands before a note.
    pub fn label(self) -> &'static str {
        match self {
            Self::Correction => "Correction",
            Self::Clarification => "Clarification",
            Self::Update => "Update",
            Self::EditorsNote => "Editor\u{2019}s note",
            Self::Retraction => "Retraction",
        }
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
        self.push(id, new, by, now);
        Ok(())
    }

    /// Adds what is told of an article that is taken back: that is never one too many.
    pub fn retract(&mut self, id: CorrectionId, notice: CorrectionText, by: UserId, now: Timestamp) {
        let new = CorrectionIn {
            kind: CorrectionKind::Retraction,
            text: notice,
            block_id: None,
        };
        self.push(id, new, by, now);
    }

    fn push(&mut self, id: CorrectionId, new: CorrectionIn, by: UserId, now: Timestamp) {
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
    }

    /// What is told of an article that was taken back: the last that was said.
    pub fn notice(&self) -> Option<&CorrectionText> {
        let said = self.0.iter().rev().find(|one| one.kind == CorrectionKind::Retraction);
        said.map(|one| &one.text)
    }

    pub fn get(&self, id: CorrectionId) -> Option<&Correction> {
        self.0.iter().find(|one| one.id == id)
    }

    /// Changes a note, if there is one of this id.
    pub fn change(&mut self, id: CorrectionId, patch: CorrectionPatch, by: UserId, now: Timestamp) {
        let Some(one) = self.0.iter_mut().find(|one| one.id == id) else {
            return;
        };
        let before = one.clone();
        patch.kind.apply(&mut one.kind);
        patch.text.apply(&mut one.text);
        patch.block_id.apply(&mut one.block_id);
        if *one != before {
            (one.updated_at, one.updated_by) = (now, by);
        }
    }

    /// Removes a note; false where there is none of this id.
    pub fn remove(&mut self, id: CorrectionId) -> bool {
        let before = self.0.len();
        self.0.retain(|one| one.id != id);
        self.0.len() < before
    }

    /// As readers of a page see them, of which `shows` knows the blocks.
    pub fn public(&self, shows: impl Fn(&BlockId) -> bool) -> Vec<PublicCorrection> {
        let public = |one: &Correction| PublicCorrection {
            block_id: one.block_id.clone().filter(&shows),
            ..PublicCorrection::from(one)
        };
        self.0.iter().map(public).collect()
    }
}

/// That a note of this kind is made by a move, and not written; nor does a note become one, or one another.
///
/// # Errors
/// For a retraction.
pub fn written(kind: Change<CorrectionKind>, was: Option<CorrectionKind>) -> Result<(), Invalids> {
    let Change::Set(kind) = kind else {
        return Ok(());
    };
    let is_moved = was != Some(kind) && [Some(kind), was].contains(&Some(CorrectionKind::Retraction));
    if is_moved {
        let flaw = Flaw::new(
            Rule::NotAllowed,
            "a retraction is made by retracting the article, and stays one",
        );
        return Err(flaw.at("/kind").into());
    }
    Ok(())
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
