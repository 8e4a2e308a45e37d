//! Logging in, as it is asked and answered.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::Password;
use crate::domain::invalid::Invalids;
use crate::services::accounts::Login;

/// Who logs in.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct LoginIn {
    #[schema(max_length = 254, examples("editor@newsroom.example"))]
    pub(crate) email: String,
    #[schema(value_type = String, format = Password, max_length = 1024, examples("correct horse battery staple"))]
    pub(crate) password: Password,
}

/// A token for the editor surface.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that RFC 6749 §5.1 gives")]
pub(crate) struct AccessToken {
    /// Send it as `Authorization: Bearer …`.
    pub(crate) access_token: String,
    #[schema(examples("Bearer"))]
    pub(crate) token_type: &'static str,
    /// Seconds until it ends.
    #[schema(examples(900))]
    pub(crate) expires_in: i64,
}

impl From<Login> for AccessToken {
    fn from(login: Login) -> Self {
        Self {
            access_token: login.access_token,
            token_type: "Bearer",
            expires_in: login.expires_in,
        }
    }
}

/// A set of public keys (RFC 7517).
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the token service writes")]
pub(crate) struct JsonWebKeySet {
    keys: Vec<JsonWebKey>,
}

/// A public key (RFC 8037).
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the token service writes")]
pub(crate) struct JsonWebKey {
    #[schema(examples("OKP"))]
    kty: String,
    #[schema(examples("Ed25519"))]
    crv: String,
    #[schema(rename = "use", examples("sig"))]
    r#use: String,
    #[schema(examples("EdDSA"))]
    alg: String,
    /// The thumbprint of the key (RFC 7638).
    kid: String,
    /// The public key, base64url.
    x: String,
}
