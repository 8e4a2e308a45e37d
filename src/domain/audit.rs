//! Who did what to which thing: what is written down of it, once and for good.

use uuid::Uuid;

use super::id::{AuditId, UserId};
use super::invalid::words;
use super::revision::RevisionReason;
use super::time::Timestamp;

words! {
    /// What was done.
    AuditAction {
        Create = "create",
        Edit = "edit",
        Publish = "publish",
        Unpublish = "unpublish",
        Retract = "retract",
        Submit = "submit",
        Reject = "reject",
        Schedule = "schedule",
        Unschedule = "unschedule",
        /// What was to be done at a time could not be.
        Fail = "fail",
        Trash = "trash",
        Restore = "restore",
        /// An older revision was put back.
        Revert = "revert",
        /// A public note was added, changed or removed.
        Correct = "correct",
        /// It was merged into another, or names what another was merged into.
        Merge = "merge",
        /// The lock of somebody else was taken over.
        TakeOver = "take_over",
        /// It is gone for good.
        Delete = "delete",
        SetPassword = "set_password",
        /// A code was made by which another password can be set, once.
        OfferReset = "offer_reset",
        /// Logins need a second factor from then on.
        EnableTotp = "enable_totp",
        /// They need none any more.
        DisableTotp = "disable_totp",
        /// A code that was written down stood for a second factor, once.
        UseRecoveryCode = "use_recovery_code",
        Disable = "disable",
        Enable = "enable",
        LogIn = "log_in",
        /// Somebody ended their own session, or all of them.
        LogOut = "log_out",
        /// A session was ended from elsewhere: from another one, or with a new password or a disabled account.
        EndSession = "end_session",
        /// Whoever has a link may see it before it is published.
        Share = "share",
        /// Such a link was taken back.
        Unshare = "unshare",
        /// An API key was taken back.
        Revoke = "revoke",
        /// A refresh token was used again after it had been replaced, so somebody else may have it; its session is ended.
        Reuse = "reuse",
    }
}

words! {
    /// What it was done to.
    AuditedKind {
        Article = "article",
        Media = "media",
        Section = "section",
        Contributor = "contributor",
        Tag = "tag",
        User = "user",
        Session = "session",
        ApiKey = "api_key",
    }
}

words! {
    /// What it came by.
    Via {
        /// Somebody asked the server.
        Http = "http",
        /// A time came that somebody had set.
        Schedule = "schedule",
        /// The trash was emptied.
        Trash = "trash",
        /// The command line.
        Command = "command",
    }
}

/// From where something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub via: Via,
    /// The address of who asked, as the server sees it.
    pub address: Option<String>,
    /// The id of the token or the API key that was sent, not what was sent.
    pub token_id: Option<Uuid>,
    pub request_id: Option<String>,
}

impl Origin {
    /// Without a request.
    pub fn of(via: Via) -> Self {
        Self {
            via,
            address: None,
            token_id: None,
            request_id: None,
        }
    }
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub action: AuditAction,
    pub kind: AuditedKind,
    pub id: Uuid,
    /// What it was called then.
    pub name: String,
    /// The revision that it has since.
    pub revision: Option<i32>,
    /// The fields that are others since, by the names that their JSON has; never what is in them.
    pub changed: Vec<&'static str>,
    /// What it was merged into.
    pub into: Option<Uuid>,
}

impl Deed {
    pub fn new(action: AuditAction, kind: AuditedKind, id: Uuid, name: &str) -> Self {
        Self {
            action,
            kind,
            id,
            name: name.to_owned(),
            revision: None,
            changed: Vec::new(),
            into: None,
        }
    }

    #[must_use]
    pub fn at_revision(self, revision: i32) -> Self {
        Self {
            revision: Some(revision),
            ..self
        }
    }

    #[must_use]
    pub fn changing(self, changed: Vec<&'static str>) -> Self {
        Self { changed, ..self }
    }

    #[must_use]
    pub fn into_other(self, other: Uuid) -> Self {
        Self {
            into: Some(other),
            ..self
        }
    }
}

/// A deed as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: AuditId,
    pub at: Timestamp,
    /// `None` where it was the program, or the command line, which knows nobody.
    pub actor: Option<UserId>,
    pub origin: Origin,
    pub action: AuditAction,
    pub kind: AuditedKind,
    pub subject: Uuid,
    pub name: String,
    pub revision: Option<i32>,
    pub changed: Vec<String>,
    pub into: Option<Uuid>,
}

/// Which entries. An empty list leaves that side open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub actors: Vec<UserId>,
    pub actions: Vec<AuditAction>,
    pub kinds: Vec<AuditedKind>,
    pub subject: Option<Uuid>,
    /// Inclusive.
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
}

impl From<RevisionReason> for AuditAction {
    fn from(reason: RevisionReason) -> Self {
        match reason {
            RevisionReason::Edit | RevisionReason::Autosave => Self::Edit,
            RevisionReason::Publish => Self::Publish,
            RevisionReason::Unpublish => Self::Unpublish,
            RevisionReason::Retract => Self::Retract,
            RevisionReason::Submit => Self::Submit,
            RevisionReason::Reject => Self::Reject,
            RevisionReason::Schedule => Self::Schedule,
            RevisionReason::Unschedule => Self::Unschedule,
            RevisionReason::Trash => Self::Trash,
            RevisionReason::Restore => Self::Restore,
            RevisionReason::Revert => Self::Revert,
            RevisionReason::Correct => Self::Correct,
            RevisionReason::Merge => Self::Merge,
        }
    }
}

/// The names of the fields in which one value of a type is another than the one before. Every field is either compared or named as one
/// that is not, so that none is forgotten.
macro_rules! differing {
    ($type:ident, $now:expr, $before:expr; $($field:ident),+ $(,)?; but $($other:ident),* $(,)?) => {{
        let $type { $($field,)+ $($other: _,)* } = $before;
        let mut changed: Vec<&'static str> = Vec::new();
        $(if $now.$field != *$field {
            changed.push(stringify!($field));
        })+
        changed
    }};
}
pub(crate) use differing;
