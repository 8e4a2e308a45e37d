//! Argon2id and its hashes as text: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` (the PHC string format).
//!
//! The library would take its 19 MiB anew for each hash; here it works in memory that the caller keeps.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// KiB of memory, passes, lanes.
type Cost = (u32, u32, u32);
/// The cost, the salt and the hash.
type Parts = (Cost, Vec<u8>, Vec<u8>);

/// 19 MiB, two passes, one lane: what OWASP names first.
const COST: Cost = (19_456, 2, 1);
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub(super) enum HashError {
    #[error("argon2 does not work: {0}")]
    Argon2(argon2::Error),
    #[error("the system gives no random numbers")]
    Random,
    #[error("a stored hash has not the form of one")]
    Form,
}

/// The hash of a password, with a salt of its own.
pub(super) fn make(password: &[u8], memory: &mut Vec<Block>) -> Result<String, HashError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|_reason| HashError::Random)?;
    let hash = derive(password, &salt, COST, memory)?;
    let (m, t, p) = COST;
    let text = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    Ok(format!(
        "$argon2id$v=19$m={m},t={t},p={p}${}${}",
        text(&salt),
        text(&hash)
    ))
}

/// Whether `stored` is the hash of this password.
pub(super) fn is_of(password: &[u8], stored: &str, memory: &mut Vec<Block>) -> Result<bool, HashError> {
    let (cost, salt, expected) = read(stored).ok_or(HashError::Form)?;
    let hash = derive(password, &salt, cost, memory)?;
    // All bytes are compared, so that the time does not tell how many agree.
    let differing = hash.iter().zip(&expected).fold(0, |all, (a, b)| all | (a ^ b));
    Ok(expected.len() == hash.len() && differing == 0)
}

/// Whether a stored hash has the cost that new ones get.
pub(super) fn is_current(stored: &str) -> bool {
    read(stored).is_some_and(|(cost, _, _)| cost == COST)
}

fn derive(
    password: &[u8],
    salt: &[u8],
    (m, t, p): Cost,
    memory: &mut Vec<Block>,
) -> Result<[u8; HASH_BYTES], HashError> {
    let params = Params::new(m, t, p, Some(HASH_BYTES)).map_err(HashError::Argon2)?;
    memory.resize(params.block_count(), Block::new());
    let mut hash = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, &mut hash, memory.as_mut_slice())
        .map_err(HashError::Argon2)?;
    Ok(hash)
}

/// What a stored text says.
fn read(stored: &str) -> Option<Parts> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut cost = parts.next()?.split(',');
    let mut number = |name| cost.next()?.strip_prefix(name)?.parse().ok();
    let cost = (number("m=")?, number("t=")?, number("p=")?);
    let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    let hash = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    parts.next().is_none().then_some((cost, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_password() {
        let mut memory = Vec::new();
        let stored = make(b"correct horse battery", &mut memory).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_of(b"correct horse battery", &stored, &mut memory).unwrap());
        assert!(!is_of(b"correct horse batterz", &stored, &mut memory).unwrap());
        assert!(is_of(b"x", "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAA", &mut memory).is_err());
        assert!(
            !is_of(
                b"x",
                stored.rsplit_once('$').unwrap().0.to_owned().as_str(),
                &mut memory
            )
            .unwrap_or(false)
        );
    }

    #[test]
    fn a_stored_hash_is_what_the_library_reads() {
        use argon2::PasswordVerifier as _;
        let stored = make(b"correct horse battery", &mut Vec::new()).unwrap();
        let hash = argon2::password_hash::phc::PasswordHash::new(&stored).unwrap();
        assert!(
            Argon2::default()
                .verify_password(b"correct horse battery", &hash)
                .is_ok()
        );
    }
}
