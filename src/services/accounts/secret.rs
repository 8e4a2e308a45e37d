//! The text of an API key.
//!
//! A key is the id of its row, 32 secret bytes, and a checksum by which a mistyped one is refused without asking the database, and by
//! which whoever looks for leaked secrets knows one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::refresh::NoRandom;
use crate::domain::id::ApiKeyId;
use crate::domain::text::hex;

pub(super) const PREFIX: &str = "cdk_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
/// With the others a multiple of three, so that no letter has bits to spare, and one key is one text.
const SUM_BYTES: usize = 3;
const LETTERS: usize = (ID_BYTES + SECRET_BYTES + SUM_BYTES) / 3 * 4;

/// What whoever has the key knows.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SecretKey {
    pub(super) id: ApiKeyId,
    secret: [u8; SECRET_BYTES],
}

impl SecretKey {
    pub(super) fn new(id: ApiKeyId) -> Result<Self, NoRandom> {
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|_reason| NoRandom)?;
        Ok(Self { id, secret })
    }

    /// What is kept of it.
    pub(super) fn digest(&self) -> String {
        hex(&Sha256::digest(self.secret))
    }

    /// As it is shown once.
    pub(super) fn write(&self) -> String {
        let sum = self.sum();
        let bytes: Vec<u8> = [self.id.0.as_bytes().as_slice(), &self.secret, &sum].concat();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One of this form, or `None`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix(PREFIX).filter(|text| text.len() == LETTERS)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (secret, sum) = rest.split_first_chunk::<SECRET_BYTES>()?;
        let key = Self {
            id: ApiKeyId(Uuid::from_bytes(*id)),
            secret: *secret,
        };
        (key.sum() == sum).then_some(key)
    }

    fn sum(&self) -> [u8; SUM_BYTES] {
        let sum = Sha256::new()
            .chain_update(PREFIX)
            .chain_update(self.id.0.as_bytes())
            .chain_update(self.secret)
            .finalize();
        sum.first_chunk().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_text_and_no_other() {
        let key = SecretKey::new(ApiKeyId(Uuid::from_u128(7))).unwrap();
        let text = key.write();
        assert!(text.starts_with("cdk_") && text.len() == 72, "{text}");
        assert!(SecretKey::read(&text) == Some(key));
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let other = if *letter == 'A' { 'B' } else { 'A' };
            let bent: String = letters
                .iter()
                .enumerate()
                .map(|(i, c)| if i == at { other } else { *c })
                .collect();
            assert!(SecretKey::read(&bent).is_none(), "bent at {at}");
        }
        for wrong in [
            format!("{text}A"),
            format!("{text}="),
            format!(" {text}"),
            text.to_uppercase(),
            String::new(),
        ] {
            assert!(SecretKey::read(&wrong).is_none(), "{wrong}");
        }
    }
}
