//! Access tokens: JWTs (RFC 9068) signed with Ed25519, with exactly the claims we write.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::keys::{self, Key, KeyError};
use crate::config::Config;
use crate::domain::account::{Role, User};
use crate::domain::id::{SessionId, UserId};
use crate::domain::session::Session;
use crate::domain::time::Timestamp;

/// A longer token is none of ours.
const MAX_BYTES: usize = 4096;
/// Seconds that two clocks may differ.
const LEEWAY: i64 = 5;
const TYPE: &str = "at+jwt";

/// Exactly these; one more or less is not our token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    iat: i64,
    exp: i64,
    jti: Uuid,
    sid: Uuid,
    role: Role,
}

/// The header as we write it; whoever writes more (`crit`, `jwk`, `jku`) is not us.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OurHeader {
    typ: String,
    alg: String,
    kid: String,
}

/// What a good token says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    /// Its own id.
    pub(super) token: Uuid,
}

pub(in crate::services) struct Tokens {
    key: Key,
    signing: EncodingKey,
    verifying: DecodingKey,
    issuer: String,
    audience: String,
    seconds: i64,
}

impl Tokens {
    pub(in crate::services) fn load(config: &Config) -> Result<Self, KeyError> {
        let key = keys::load(config)?;
        Ok(Self {
            signing: EncodingKey::from_ed_pem(key.pem.as_bytes()).map_err(KeyError::Unusable)?,
            verifying: DecodingKey::from_ed_components(&key.public).map_err(KeyError::Unusable)?,
            key,
            issuer: config.auth.issuer.clone(),
            audience: config.auth.audience.clone(),
            seconds: i64::from(config.auth.access_token_seconds),
        })
    }

    /// A secret that all nodes with this key have, one for each purpose: a signature that nobody is shown.
    pub(in crate::services) fn secret_for(&self, purpose: &str) -> Result<Vec<u8>, KeyError> {
        let signed = jsonwebtoken::crypto::sign(purpose.as_bytes(), &self.signing, Algorithm::EdDSA);
        signed.map(String::into_bytes).map_err(KeyError::Unusable)
    }

    /// A token of a session that ends in `left` seconds, and the seconds until the token does: none outlives its session.
    pub(super) fn issue(
        &self,
        user: &User,
        session: &Session,
        left: i64,
        now: Timestamp,
        jti: Uuid,
    ) -> Result<(String, i64), jsonwebtoken::errors::Error> {
        let seconds = self.seconds.min(left);
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.key.kid.clone());
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user.id.0,
            iat: now.seconds(),
            exp: now.seconds() + seconds,
            jti,
            sid: session.id.0,
            role: user.role,
        };
        Ok((jsonwebtoken::encode(&header, &claims, &self.signing)?, seconds))
    }

    /// Whose token this is and of which session, or `None` for every token that is not wholly as we write them.
    pub(super) fn check(&self, token: &str, now: Timestamp) -> Option<Said> {
        if token.len() > MAX_BYTES || !self.header_is_ours(token) {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        // The times are checked below, by the clock that is handed in.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &validation)
            .ok()?
            .claims;
        let now = now.seconds();
        let lives = claims
            .exp
            .checked_sub(claims.iat)
            .is_some_and(|seconds| (1..=self.seconds).contains(&seconds));
        let current = claims.iat <= now + LEEWAY && now < claims.exp.saturating_add(LEEWAY);
        (lives && current && claims.iss == self.issuer && claims.aud == self.audience).then_some(Said {
            user: UserId(claims.sub),
            session: SessionId(claims.sid),
            token: claims.jti,
        })
    }

    fn header_is_ours(&self, token: &str) -> bool {
        use base64::Engine as _;
        let Some((header, _)) = token.split_once('.') else {
            return false;
        };
        let Ok(json) = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header) else {
            return false;
        };
        serde_json::from_slice::<OurHeader>(&json)
            .is_ok_and(|header| header.typ == TYPE && header.alg == "EdDSA" && header.kid == self.key.kid)
    }

    pub(in crate::services) fn jwks(&self) -> serde_json::Value {
        json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key.kid, "x": self.key.public,
        }]})
    }
}
