//! Sessions: what begins with a login, and when it ends.

use super::id::{SessionId, UserId};
use super::time::Timestamp;

/// What begins with a login. Of the token that prolongs it there is only a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    /// When it began, or was prolonged last.
    pub last_used_at: Timestamp,
    /// Its end, however often it is prolonged.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
    /// The digest of its token.
    pub token: String,
    /// When that took the place of the one before.
    pub rotated_at: Option<Timestamp>,
    /// The digest of the one before.
    pub previous_token: Option<String>,
    /// From where somebody logged in, as the server saw it.
    pub address: Option<String>,
    /// With what, as that calls itself.
    pub user_agent: Option<String>,
}

/// What tells sessions that live from those that have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Living {
    pub now: Timestamp,
    /// What was not prolonged since has ended.
    pub used_after: Timestamp,
}

impl Living {
    pub fn at(now: Timestamp, idle_seconds: u32) -> Self {
        Self {
            now,
            used_after: now.plus_seconds(-i64::from(idle_seconds)),
        }
    }
}

impl Session {
    /// Seconds within which a token that was replaced gives its successor again: to a client whose answer was lost, and to the
    /// second of two that asked at once.
    pub const GRACE: i64 = 10;
    /// Most that one user has at a time; a login beyond that ends the one that was used longest ago.
    pub const MOST: i64 = 100;
    /// Days that it is kept after its end.
    pub const KEPT_DAYS: i64 = 7;
    /// Most characters that are kept of what a client calls itself.
    pub const MOST_OF_AGENT: usize = 200;

    pub fn lives(&self, living: Living) -> bool {
        self.revoked_at.is_none() && self.expires_at > living.now && self.last_used_at > living.used_after
    }

    /// Whether the token with this digest was replaced by the one in force a moment ago.
    pub fn gives_again(&self, digest: &str, now: Timestamp) -> bool {
        let since = self.rotated_at.map(|at| at.plus_seconds(Self::GRACE));
        self.previous_token.as_deref() == Some(digest) && since.is_some_and(|until| now <= until)
    }

    /// Seconds until it ends unless it is prolonged.
    pub fn seconds_left(&self, now: Timestamp, idle_seconds: u32) -> i64 {
        let idle_end = self.last_used_at.plus_seconds(i64::from(idle_seconds));
        let left = self.expires_at.min(idle_end).seconds() - now.seconds();
        // What lives has a part of a second left.
        left.max(1)
    }
}
