//! Tokens as a login makes them, without the cost of a login, and tokens that nobody should take.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use uuid::Uuid;

use super::database::{Person, Template};

/// The application's own key.
pub(crate) struct Signer {
    key: SigningKey,
    /// As `/.well-known/jwks.json` shows it.
    pub(crate) jwk: Value,
}

impl Signer {
    pub(super) fn new(pem: &str, jwks: &Value) -> Self {
        Self {
            key: SigningKey::from_pkcs8_pem(pem).expect("a key"),
            jwk: jwks["keys"][0].clone(),
        }
    }

    pub(crate) fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.jwk["kid"]})
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// For headers and claims that JSON libraries would not write.
    pub(crate) fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = self.key.sign(message.as_bytes());
        format!("{message}.{}", encode(signature.to_bytes()))
    }
}

/// What a login would say of somebody. The session of a test newsroom has the id of whose it is.
pub(crate) fn claims(person: Person, now: i64) -> Value {
    json!({
        "iss": "copydesk", "aud": "copydesk-editor", "sub": Template::get().id(person),
        "iat": now, "exp": now + 900, "jti": Uuid::now_v7(), "sid": Template::get().id(person),
        "role": person.role().as_str(),
    })
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
