//! How a use case ends when it does not end well: a refusal the caller can act on, or a fault that is ours.

use uuid::Uuid;

use crate::domain::access::Denied;
use crate::domain::correction::Retraction;
use crate::domain::id::UserId;
use crate::domain::invalid::{Invalid, Invalids};
use crate::domain::lock::Lock;
use crate::domain::media::MediaKind;
use crate::domain::page::BadCursor;
use crate::domain::revision::ArticleField;
use crate::domain::scope::Scope;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;
use crate::domain::workflow::{Move, Status};
use crate::storage::StorageError;
use crate::store::{Constraint, StoreError};

/// A refusal the caller can act on. `http` gives each its status and code.
#[derive(Debug)]
pub enum Refusal {
    /// Not here, or not for this caller.
    NotFound,
    /// Was public once; what is told of it, where it was taken back.
    Gone(Option<Retraction>),
    /// No token, or not a good one; the cause is not told.
    Unauthenticated,
    /// The password is right, and a second factor is needed.
    SecondFactor,
    Forbidden,
    /// The API key that was sent is not for this.
    OutOfScope(Scope),
    /// The body's values.
    Invalid(Invalids),
    /// What an article lacks to be published.
    NotReady(Invalids),
    /// A query parameter's value.
    Parameter(Invalid),
    BadCursor(BadCursor),
    /// Somebody wrote since the caller read.
    Stale(Current),
    SlugTaken(Slug),
    /// Another article of the group has the language; it is named where the caller may know of it.
    TranslationTaken(Vec<Use>),
    /// Other things refer to this one.
    InUse(Vec<Use>),
    MoveNotAllowed {
        from: Status,
        step: Move,
        /// What the caller can do from there.
        allowed: Vec<Move>,
    },
    InTrash,
    /// Somebody else is at it.
    Locked(Lock),
    MediaInTrash,
    /// The bytes are those of nothing that is taken.
    UnsupportedMedia,
    /// A file is larger than files of its kind may be.
    MediaTooLarge {
        most: u64,
    },
    /// A picture is broken, or beyond a limit; a sentence says which.
    MediaRefused(String),
    /// A picture cannot become something else.
    WrongKind {
        wanted: MediaKind,
        found: MediaKind,
    },
    /// The disk, or the store of media, is full.
    StorageFull,
    /// A part of an upload does not begin where the upload stands, which is here.
    OffsetMismatch(u64),
    /// Too much at once; again in a moment.
    Overloaded,
    /// Another request with this key is being answered.
    KeyInFlight,
    /// Something else was asked with this key before.
    KeyReused,
    /// This very request was answered before, as its key tells; the [`Unit`](super::Unit) has the answer.
    Answered,
}

/// The state that made a caller's version stale.
#[derive(Debug, Clone)]
pub struct Current {
    pub revision: i32,
    pub updated_at: Timestamp,
    pub updated_by: Option<UserId>,
    /// Of an article: what changed since the caller read it, where that can be told.
    pub changed: Option<ChangedFields>,
}

/// The fields that others changed since a caller read an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFields {
    /// Those that the caller would change too.
    pub also_yours: Vec<ArticleField>,
    pub not_yours: Vec<ArticleField>,
}

/// One thing that refers to another.
#[derive(Debug, Clone)]
pub struct Use {
    pub kind: &'static str,
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug)]
pub enum Error {
    Refused(Refusal),
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Invalids> for Error {
    fn from(invalids: Invalids) -> Self {
        Self::Refused(Refusal::Invalid(invalids))
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::Refused(match denied {
            Denied::Hidden => Refusal::NotFound,
            Denied::Forbidden => Refusal::Forbidden,
            Denied::OutOfScope(scope) => Refusal::OutOfScope(scope),
        })
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Self::Refused(Refusal::StorageFull),
            StorageError::Broken(_) => Self::Broken(Box::new(error)),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            // Use cases look before they write. What was deleted, or referred to, in between was so by a race: who asks
            // again in a moment gets the answer.
            StoreError::Busy | StoreError::Referenced => Self::Refused(Refusal::Overloaded),
            StoreError::Full => Self::Refused(Refusal::StorageFull),
            StoreError::Taken(_) | StoreError::Broken(_) => Self::Broken(Box::new(error)),
        }
    }
}

/// Turns a lost race for a slug, or for a language in a group of translations, into the refusal that the loser would have
/// had a moment later.
pub(super) fn slug_race(error: StoreError, constraint: Constraint, slug: &Slug) -> Error {
    match error {
        StoreError::Taken(which) if which == constraint => Refusal::SlugTaken(slug.clone()).into(),
        StoreError::Taken(Constraint::Translation) => Refusal::TranslationTaken(Vec::new()).into(),
        other => other.into(),
    }
}
