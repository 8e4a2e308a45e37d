//! Previews: who is shown a story before it is published.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};

use super::id::{ApiKeyId, ArticleId, PreviewTokenId, UserId};
use super::invalid::{Flaw, Invalids, Rule, refuse};
use super::time::Timestamp;

/// What lets whoever has it see an article as readers would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewToken {
    pub id: PreviewTokenId,
    pub article_id: ArticleId,
    /// The revision that is shown; `None` is whatever is there.
    pub revision: Option<i32>,
    pub created_by: UserId,
    /// The key that it was made with. It ends with that.
    pub api_key_id: Option<ApiKeyId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl PreviewToken {
    /// Most that one article has at a time.
    pub const MOST: usize = 100;
    /// Days that it is kept after its end.
    pub const KEPT_DAYS: i64 = 7;

    pub fn works(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// How long a preview lasts, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(i64);

impl Lifetime {
    /// An hour.
    pub const LEAST: i64 = 60 * 60;
    /// Thirty days.
    pub const MOST: i64 = 30 * 24 * 60 * 60;
    /// A week, where nothing is said.
    pub const DEFAULT: Self = Self(7 * 24 * 60 * 60);

    pub fn new(seconds: i64) -> Result<Self, Flaw> {
        if (Self::LEAST..=Self::MOST).contains(&seconds) {
            return Ok(Self(seconds));
        }
        let message = format!("must be from {} to {} seconds", Self::LEAST, Self::MOST);
        Err(Flaw::new(Rule::OutOfRange, message))
    }

    /// When one that begins then ends.
    pub fn from(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(self.0)
    }
}

impl Deserr<Invalids> for Lifetime {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let seconds = <i64 as Deserr<Invalids>>::deserialize_from_value(value, at)?;
        Self::new(seconds).or_else(|flaw| refuse(flaw, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_lasts_an_hour_to_thirty_days() {
        for (seconds, is_taken) in [
            (3599, false),
            (3600, true),
            (2_592_000, true),
            (2_592_001, false),
            (-1, false),
            (i64::MAX, false),
        ] {
            assert_eq!(Lifetime::new(seconds).is_ok(), is_taken, "{seconds}");
        }
    }
}
