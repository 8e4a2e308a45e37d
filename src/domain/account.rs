//! Who may log in.

use zxcvbn::{Score, zxcvbn};

use super::id::UserId;
use super::invalid::{Flaw, Rule, read_by_parse, words};
use super::text::Name;
use super::time::Timestamp;

words! {
    /// What a user may do, from least to most.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Writes drafts of their own.
        Contributor = "contributor",
        /// Does everything editorial, and publishes.
        Editor = "editor",
        /// Also manages accounts.
        Admin = "admin",
    }
}

/// An e-mail address as a login name: lower case, so one address is one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks the form only: something before and after one `@`, no blanks, at most 254 characters (RFC 5321).
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text.trim().to_lowercase();
        let malformed = || Flaw::new(Rule::Malformed, "is not an e-mail address");
        let (local, domain) = text.split_once('@').ok_or_else(malformed)?;
        let plain = |part: &str| {
            !part.is_empty() && !part.contains('@') && !part.chars().any(|c| c.is_whitespace() || c.is_control())
        };
        if text.len() <= 254 && plain(local) && plain(domain) {
            Ok(Self(text))
        } else {
            Err(malformed())
        }
    }

    /// From the store, where it was checked when it was written.
    pub fn trusted(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

read_by_parse!(Email);

/// A password on its way to being hashed; never shown, never logged.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Fewest characters (NIST SP 800-63B-4 asks for 15 where there is no second factor).
    pub const MIN_CHARS: usize = 15;
    /// Most bytes; none is cut off.
    pub const MAX_BYTES: usize = 1024;

    /// Characters by which it is judged whether a password is an obvious one: where signs stand for letters, a hundred of them take
    /// the estimate most of a second.
    const JUDGED_CHARS: usize = 24;

    /// A password somebody chooses. Any Unicode, no rules of composition; but what those who guess try first is refused, be it a
    /// common one, rows of keys, or a short one again and again.
    pub fn choose(text: String) -> Result<Self, Flaw> {
        if text.chars().count() < Self::MIN_CHARS {
            return Err(Flaw::new(
                Rule::TooShort,
                format!("needs at least {} characters", Self::MIN_CHARS),
            ));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(Flaw::new(
                Rule::TooLong,
                format!("is longer than {} bytes", Self::MAX_BYTES),
            ));
        }
        let beginning: String = text.chars().take(Self::JUDGED_CHARS).collect();
        // Of the estimate's steps, the one that holds where hashes were stolen and hashing is slow.
        if zxcvbn(&beginning, &["copydesk"]).score() < Score::Three {
            return Err(Flaw::new(Rule::NotAllowed, "is among those that are guessed first"));
        }
        Ok(Self(text))
    }

    /// A password somebody claims to know; the bound alone is checked.
    pub fn claim(text: &str) -> Result<Self, Flaw> {
        if text.len() > Self::MAX_BYTES {
            return Err(Flaw::new(
                Rule::TooLong,
                format!("is longer than {} bytes", Self::MAX_BYTES),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl deserr::Deserr<super::invalid::Invalids> for Password {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, super::invalid::Invalids> {
        super::invalid::read_text(value, at, Self::claim)
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Somebody with a login.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub name: Name,
    pub role: Role,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_account_whatever_its_case() {
        assert_eq!(Email::parse(" Desk@News.Example "), Email::parse("desk@news.example"));
        for wrong in ["", "desk", "@news.example", "desk@", "a@b@c", "a b@c"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_guessed_first() {
        for good in [
            "correct horse battery",
            "Прощай, старый маяк",
            "海辺の灯台の光は今夜も消えないでいるよ",
        ] {
            assert!(Password::choose(good.into()).is_ok(), "{good}");
        }
        for (weak, rule) in [
            ("short", Rule::TooShort),
            (&"long".repeat(300), Rule::TooLong),
            ("aaaaaaaaaaaaaaaaaaaa", Rule::NotAllowed),
            ("passwordpassword", Rule::NotAllowed),
            ("password12345678", Rule::NotAllowed),
            ("1234567890123456", Rule::NotAllowed),
            ("qwertyuiopasdfgh", Rule::NotAllowed),
            ("copydeskcopydesk", Rule::NotAllowed),
            ("iloveyouiloveyou", Rule::NotAllowed),
        ] {
            let refused = Password::choose(weak.into()).map_err(|flaw| flaw.rule);
            assert_eq!(refused.err(), Some(rule), "{weak}");
        }
    }
}
