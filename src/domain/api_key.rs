//! API keys: what a program is given in the place of a login.

use super::id::{ApiKeyId, UserId};
use super::scope::Scopes;
use super::text::Name;
use super::time::Timestamp;

/// What a program of an integrator asks with, on behalf of whoever made it. Of the key itself there is only a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// Who made it, and who it acts for.
    pub user_id: UserId,
    pub name: Name,
    pub scopes: Scopes,
    pub digest: String,
    pub created_at: Timestamp,
    /// `None` is until it is revoked.
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// Most that one user has at a time.
    pub const MOST: i64 = 100;
    /// Most that one user ever has: those that were taken back stay.
    pub const MOST_EVER: i64 = 1000;

    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
