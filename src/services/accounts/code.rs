//! Codes that people read out, write down and type.

use sha2::{Digest as _, Sha256};

use super::refresh::NoRandom;
use crate::domain::text::hex;

/// Without the letters that are taken for others (Crockford's base 32); to be read out on the telephone.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code, each five bits: a hundred are beyond guessing in any time that they last.
const LENGTH: usize = 20;
const GROUP: usize = 5;

pub(super) fn fresh() -> Result<String, NoRandom> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|_reason| NoRandom)?;
    let mut code = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        code.extend(LETTERS.get(usize::from(byte & 31)).map(|letter| char::from(*letter)));
    }
    Ok(code)
}

/// What is kept of a code, however it was typed: in small letters, without the hyphens, with an O for a 0.
pub(super) fn digest(typed: &str) -> String {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    let plain: String = letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    hex(&Sha256::digest(plain.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_what_it_is_however_it_is_typed() {
        let code = fresh().unwrap();
        assert_eq!((code.len(), code.split('-').count()), (23, 4), "{code}");
        for typed in [
            code.to_lowercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            format!(" {code} "),
            code.replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(digest(&typed), digest(&code), "{typed}");
        }
        assert_ne!(digest(&fresh().unwrap()), digest(&code));
    }
}
