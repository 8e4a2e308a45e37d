//! Refresh tokens: what prolongs a session. Each is used once, and gives its successor.
//!
//! A token is the id of its session, 32 secret bytes, and a mark by which we know our own: one that was replaced long ago is known for
//! ours and its use for theft, though nothing of it is kept; one that somebody made up ends nobody's session. The successor
//! follows from the token by a keyed hash, so that whoever asks twice is given the same, and no token needs to be kept for that.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use uuid::Uuid;

use crate::domain::id::SessionId;
use crate::domain::text::hex;

/// Tells people, and what looks for secrets in the wrong places, what it is.
const PREFIX: &str = "cdr_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const MARK_BYTES: usize = 16;

/// The system gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
pub(super) struct NoRandom;

/// What prolongs one session.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: SessionId,
    secret: [u8; SECRET_BYTES],
}

impl RefreshToken {
    /// The first one of a session.
    pub(super) fn first(session: SessionId) -> Result<Self, NoRandom> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|_reason| NoRandom)?;
        Ok(Self { session, secret })
    }

    /// What is kept of it.
    pub(super) fn digest(&self) -> String {
        hex(&Sha256::digest(self.secret))
    }
}

/// What makes and knows them, with a key that all nodes have.
#[derive(Clone)]
pub(in crate::services) struct RefreshTokens(Hmac<Sha256>);

impl RefreshTokens {
    /// From a secret of the installation; tokens tell nothing of it.
    pub(in crate::services) fn new(secret: &[u8]) -> Self {
        // As many bytes as a key has.
        Self(Hmac::new(&Sha512::digest(secret)))
    }

    /// As a client has it.
    pub(super) fn write(&self, token: &RefreshToken) -> String {
        let mark = self.keyed(*b"mark", token).finalize().into_bytes();
        let bytes = token.session.0.as_bytes().iter().chain(&token.secret);
        let bytes: Vec<u8> = bytes.chain(mark.iter().take(MARK_BYTES)).copied().collect();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One that we wrote, or `None`.
    pub(super) fn read(&self, text: &str) -> Option<RefreshToken> {
        const LENGTH: usize = (ID_BYTES + SECRET_BYTES + MARK_BYTES).div_ceil(3) * 4;
        let text = text.strip_prefix(PREFIX).filter(|text| text.len() <= LENGTH)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (secret, mark) = rest.split_first_chunk::<SECRET_BYTES>()?;
        let token = RefreshToken {
            session: SessionId(Uuid::from_bytes(*id)),
            secret: *secret,
        };
        let ours = self.keyed(*b"mark", &token).verify_truncated_left(mark).is_ok();
        (ours && mark.len() == MARK_BYTES).then_some(token)
    }

    /// The one that takes its place.
    pub(super) fn after(&self, token: &RefreshToken) -> RefreshToken {
        RefreshToken {
            session: token.session,
            secret: self.keyed(*b"next", token).finalize().into_bytes().into(),
        }
    }

    fn keyed(&self, what: [u8; 4], token: &RefreshToken) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&what);
        mac.update(token.session.0.as_bytes());
        mac.update(&token.secret);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken::first(SessionId(Uuid::from_u128(7))).unwrap()
    }

    #[test]
    fn a_token_is_known_by_who_wrote_it_and_nobody_else() {
        let (ours, others) = (RefreshTokens::new(b"ours"), RefreshTokens::new(b"others"));
        let text = ours.write(&token());
        assert!(text.starts_with("cdr_") && text.len() == 90, "{text}");
        assert!(ours.read(&text).is_some() && others.read(&text).is_none());
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let (before, behind) = (letters.iter().take(at), letters.iter().skip(at + 1));
            let other = if *letter == 'A' { 'B' } else { 'A' };
            let cut: String = before.clone().collect();
            let bent: String = before.chain([&other]).chain(behind).collect();
            assert!(ours.read(&bent).is_none(), "bent at {at}");
            assert!(ours.read(&cut).is_none(), "cut at {at}");
        }
        for wrong in [
            format!("{text}A"),
            format!("{text}=="),
            format!(" {text}"),
            text.to_uppercase(),
        ] {
            assert!(ours.read(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_successor_is_always_the_same_and_never_the_token() {
        let (ours, others) = (RefreshTokens::new(b"ours"), RefreshTokens::new(b"others"));
        let token = token();
        let next = ours.after(&token);
        assert!(next == ours.after(&token) && next != token && next != others.after(&token));
        assert_eq!(next.session, token.session);
        assert_ne!(next.digest(), token.digest());
    }
}
