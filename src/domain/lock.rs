//! Who is at an article: advice for others, not a law. Whose change is taken is decided by `If-Match`.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::id::UserId;
use super::invalid::Invalids;
use super::time::Timestamp;

/// How long a lock holds, in seconds; who is at it still asks again.
const LEASE: i64 = 5 * 60;

/// That somebody is at an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lock {
    pub locked_by: UserId,
    /// Since when.
    pub locked_at: Timestamp,
    /// Until when, unless they ask again.
    pub expires_at: Timestamp,
}

/// How an article is locked.
#[derive(Debug, Clone, Copy, Default, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct LockIn {
    /// Whether the lock of somebody else is taken over.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    pub take_over: bool,
}

impl Lock {
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// The lock of whoever asks now; who has one already keeps since when.
    pub fn taken(before: Option<Self>, by: UserId, now: Timestamp) -> Self {
        let own = before.filter(|lock| lock.locked_by == by && lock.holds(now));
        Self {
            locked_by: by,
            locked_at: own.map_or(now, |lock| lock.locked_at),
            expires_at: now.plus_seconds(LEASE),
        }
    }

    /// What is left of it when it is given up: that it was there, so that who read it then is not told that nothing changed.
    pub fn ended(self, now: Timestamp) -> Self {
        let expires_at = self.expires_at.min(now);
        Self { expires_at, ..self }
    }
}
