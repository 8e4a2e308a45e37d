//! What can go wrong in the store: a refusal that the caller can act on, or a fault.

use std::error::Error;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// What the store's functions answer.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something else has this value already.
    #[error("the value is taken ({0:?})")]
    Taken(Constraint),
    /// A row names a thing that is not there, or a thing that goes is still named.
    #[error("a reference is broken")]
    Referenced,
    /// Nothing is wrong but the moment; the same may succeed later.
    #[error("the database is busy")]
    Busy,
    /// The disk of the database is full. Nothing of the transaction is kept.
    #[error("there is no room left for the database")]
    Full,
    /// A fault of ours, of the database or of the disk.
    #[error("the database failed")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// What must be unique, by the meaning it has to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// The slug of a working copy, within its locale.
    ArticleSlug,
    /// The slug of a live edition, within its locale.
    LiveSlug,
    /// The language of an article within its group, of a working copy or where readers see it.
    Translation,
    SectionSlug,
    ContributorSlug,
    TagSlug,
    UserEmail,
    ShortId,
    Other,
}

/// Each constraint that a caller can meet: its name, which PostgreSQL tells, and its columns, which SQLite tells.
const CONSTRAINTS: &[(&str, &str, Constraint)] = &[
    (
        "articles_locale_slug_key",
        "articles.locale, articles.slug",
        Constraint::ArticleSlug,
    ),
    (
        "editions_live_locale_slug_key",
        "editions.locale, editions.slug",
        Constraint::LiveSlug,
    ),
    (
        "articles_translation_group_locale_key",
        "articles.translation_group, articles.locale",
        Constraint::Translation,
    ),
    (
        "editions_live_translation_group_locale_key",
        "editions.translation_group, editions.locale",
        Constraint::Translation,
    ),
    ("sections_slug_key", "sections.slug", Constraint::SectionSlug),
    (
        "contributors_slug_key",
        "contributors.slug",
        Constraint::ContributorSlug,
    ),
    ("tags_slug_key", "tags.slug", Constraint::TagSlug),
    ("users_email_key", "users.email", Constraint::UserEmail),
    ("articles_short_id_key", "articles.short_id", Constraint::ShortId),
];

/// Faults that pass, told by their words alone: Diesel keeps neither database's code for them.
const PASSING: &[&str] = &[
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "due to lock timeout",
    "due to statement timeout",
    "too many clients already",
];

/// What both databases say when there is no room, by words for the same reason.
const FULL: &[&str] = &[
    "database or disk is full",
    "No space left on device",
    "Disk quota exceeded",
];

impl StoreError {
    pub(super) fn broken(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Broken(why.into())
    }

    /// Why a commit of what was written failed. Where the connection broke nobody knows whether it lasts, and who is told to come again could
    /// do it twice.
    pub(super) fn at_commit(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(kind, _) if ends_connection(*kind) => Self::broken(error),
            _ => Self::from(error),
        }
    }
}

fn ends_connection(kind: DatabaseErrorKind) -> bool {
    matches!(
        kind,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
    )
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => Self::Taken(constraint(&**about)),
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Self::Referenced,
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            DieselError::DatabaseError(kind, about) if ends_connection(*kind) => {
                tracing::warn!(error = about.message(), "A connection to the database broke");
                Self::Busy
            }
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, about)
                if PASSING.iter().any(|words| about.message().contains(words)) =>
            {
                Self::Busy
            }
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, about)
                if FULL.iter().any(|words| about.message().contains(words)) =>
            {
                Self::Full
            }
            _ => Self::broken(error),
        }
    }
}

/// Which constraint a violation is of. The one place that reads the messages of both databases.
fn constraint(about: &(dyn DatabaseErrorInformation + Send + Sync)) -> Constraint {
    let columns = about.message().strip_prefix("UNIQUE constraint failed: ");
    CONSTRAINTS
        .iter()
        .find(|(name, told, _)| about.constraint_name() == Some(name) || columns == Some(told))
        .map_or(Constraint::Other, |(_, _, meaning)| *meaning)
}
