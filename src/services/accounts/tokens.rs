//! Access tokens: JWTs (RFC 9068) signed with Ed25519, with exactly the claims we write.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::keys::{self, Key, KeyError, Keys};
use crate::config::Config;
use crate::domain::account::{Role, User};
use crate::domain::id::{SessionId, UserId};
use crate::domain::session::Session;
use crate::domain::time::Timestamp;

/// A longer token is none of ours.
const MAX_BYTES: usize = 4096;
/// Seconds that two clocks may differ.
const LEEWAY: i64 = 5;
/// Seconds that a process may go on signing with a key that was replaced, until it looks again.
const STILL_SIGNS: i64 = 120;
/// How soon it is looked again for a key that is not known.
const AGAIN: Duration = Duration::from_secs(1);
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
    ring: RwLock<Arc<Ring>>,
    /// When it was last looked whether there are other keys.
    looked: Mutex<Option<Instant>>,
    root: EncodingKey,
    issuer: String,
    audience: String,
    seconds: i64,
}

/// The keys as they were when it was last looked.
struct Ring {
    kid: String,
    signing: EncodingKey,
    /// The one that signs comes first.
    verifying: Vec<Verifying>,
}

struct Verifying {
    kid: String,
    /// base64url.
    public: String,
    key: DecodingKey,
    /// The second from which on it is not taken; `None` for the one that signs.
    until: Option<i64>,
}

impl Ring {
    fn new(keys: &Keys, seconds: i64) -> Result<Self, KeyError> {
        let verifying = |key: &Key, until| {
            Ok(Verifying {
                kid: key.kid.clone(),
                public: key.public.clone(),
                key: DecodingKey::from_ed_components(&key.public).map_err(KeyError::Unusable)?,
                until,
            })
        };
        let former = keys.former.iter();
        let former = former.map(|(key, since)| verifying(key, Some(since + seconds + STILL_SIGNS)));
        let all = std::iter::once(verifying(&keys.signing, None)).chain(former);
        Ok(Self {
            kid: keys.signing.kid.clone(),
            signing: EncodingKey::from_ed_pem(keys.signing.pem.as_bytes()).map_err(KeyError::Unusable)?,
            verifying: all.collect::<Result<_, KeyError>>()?,
        })
    }

    fn find(&self, kid: &str, now: i64) -> Option<&Verifying> {
        self.current(now).find(|one| one.kid == kid)
    }

    fn current(&self, now: i64) -> impl Iterator<Item = &Verifying> {
        self.verifying
            .iter()
            .filter(move |one| one.until.is_none_or(|until| now < until))
    }
}

impl Tokens {
    pub(in crate::services) fn load(config: &Config) -> Result<Self, KeyError> {
        let keys = keys::load(config)?;
        let seconds = i64::from(config.auth.access_token_seconds);
        Ok(Self {
            ring: RwLock::new(Arc::new(Ring::new(&keys, seconds)?)),
            looked: Mutex::new(None),
            root: EncodingKey::from_ed_pem(keys.root.pem.as_bytes()).map_err(KeyError::Unusable)?,
            issuer: config.auth.issuer.clone(),
            audience: config.auth.audience.clone(),
            seconds,
        })
    }

    /// Takes the keys that there are now. Where they cannot be read it goes on with those that it has.
    pub(in crate::services) fn look(&self, config: &Config) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        match keys::load(config).and_then(|keys| Ring::new(&keys, self.seconds)) {
            Ok(ring) => *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring),
            Err(fault) => tracing::error!(error = ?fault, "The signing keys cannot be read"),
        }
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A secret that all nodes with these keys have, one for each purpose: a signature that nobody is shown.
    pub(in crate::services) fn secret_for(&self, purpose: &str) -> Result<Vec<u8>, KeyError> {
        let signed = jsonwebtoken::crypto::sign(purpose.as_bytes(), &self.root, Algorithm::EdDSA);
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
        let ring = self.ring();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(ring.kid.clone());
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
        Ok((jsonwebtoken::encode(&header, &claims, &ring.signing)?, seconds))
    }

    /// Whose token this is and of which session, or `None` for every token that is not wholly as we write them.
    pub(super) fn check(&self, token: &str, now: Timestamp, config: &Config) -> Option<Said> {
        let kid = (token.len() <= MAX_BYTES).then(|| kid(token)).flatten()?;
        let mut ring = self.ring();
        if ring.find(&kid, now.seconds()).is_none() && self.may_look() {
            self.look(config);
            ring = self.ring();
        }
        let verifying = &ring.find(&kid, now.seconds())?.key;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        // The times are checked below, by the clock that is handed in.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        let claims = jsonwebtoken::decode::<Claims>(token, verifying, &validation)
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

    /// Whether it may be looked for a key that is not known: whoever makes up names of keys has no file read more than once a second.
    fn may_look(&self) -> bool {
        let looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_none_or(|looked| looked.elapsed() >= AGAIN)
    }

    pub(in crate::services) fn jwks(&self, now: Timestamp) -> serde_json::Value {
        let ring = self.ring();
        let keys: Vec<_> = ring
            .current(now.seconds())
            .map(|one| {
                json!({
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": one.kid, "x": one.public,
                })
            })
            .collect();
        json!({ "keys": keys })
    }
}

/// The name of the key in a header that is wholly as we write it.
fn kid(token: &str) -> Option<String> {
    use base64::Engine as _;
    let (header, _) = token.split_once('.')?;
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).ok()?;
    let header: OurHeader = serde_json::from_slice(&json).ok()?;
    (header.typ == TYPE && header.alg == "EdDSA").then_some(header.kid)
}
