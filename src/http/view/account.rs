//! Logins and sessions, as they are asked for and answered.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::{Email, Password};
use crate::domain::id::SessionId;
use crate::domain::invalid::{Invalids, read_text};
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::services::accounts::Login;
use crate::services::accounts::reset::ResetCode;

/// Who logs in.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct LoginIn {
    #[schema(max_length = 254, examples("editor@newsroom.example"))]
    pub(crate) email: String,
    #[schema(value_type = String, format = Password, max_length = 1024, examples("correct horse battery staple"))]
    pub(crate) password: Password,
    /// Of a second factor, where the account has one: the six digits of this moment, or a recovery code.
    #[deserr(default)]
    #[schema(max_length = 64, examples("287082"))]
    pub(crate) code: Option<String>,
}

/// What prolongs a session.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct RefreshIn {
    /// The one that was given last.
    #[schema(examples("cdr_AZxj8FoZc6qlLnyNngsaL2tleSBvZiB0aGUgaGFyYm91ciBtYXN0ZXIncyBsb2dib29rcytTZWFsZWQgYnkgdXM"))]
    pub(crate) refresh_token: String,
}

/// An access token for the editor surface, and what gives the next one.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenPair {
    /// Send it as `Authorization: Bearer …`.
    pub(crate) access_token: String,
    #[schema(examples("Bearer"))]
    pub(crate) token_type: &'static str,
    /// Seconds until it ends.
    #[schema(examples(900))]
    pub(crate) expires_in: i64,
    /// Good for one `POST /api/v1/auth/refresh`.
    pub(crate) refresh_token: String,
    /// Seconds until the session ends unless it is prolonged.
    #[schema(examples(28800))]
    pub(crate) refresh_expires_in: i64,
}

impl From<Login> for TokenPair {
    fn from(login: Login) -> Self {
        Self {
            access_token: login.access_token,
            token_type: "Bearer",
            expires_in: login.expires_in,
            refresh_token: login.refresh_token,
            refresh_expires_in: login.refresh_expires_in,
        }
    }
}

/// A password that somebody chooses.
pub(crate) struct ChosenPassword(pub(crate) Password);

impl Deserr<Invalids> for ChosenPassword {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        read_text(value, at, |text| Password::choose(text.to_owned()).map(Self))
    }
}

/// Another password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct PasswordIn {
    #[schema(value_type = String, format = Password, max_length = 1024, examples("correct horse battery staple"))]
    pub(crate) current_password: Password,
    /// At most 1024 bytes, and none of those that are guessed first.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 1024, examples("kestrels over the strait"))]
    pub(crate) new_password: ChosenPassword,
}

/// Who forgot their password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct ResetCodeIn {
    #[schema(value_type = String, max_length = 254, examples("editor@newsroom.example"))]
    pub(crate) email: Email,
}

/// What they are told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResetCode)]
pub(crate) struct ResetCodeView {
    #[schema(examples("7GK2M-9QX0T-4BVN8-R3HCE"))]
    code: String,
    expires_at: Timestamp,
}

impl From<ResetCode> for ResetCodeView {
    fn from(code: ResetCode) -> Self {
        Self {
            code: code.code,
            expires_at: code.expires_at,
        }
    }
}

/// Another password, and the code that allows it.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct ResetIn {
    #[schema(max_length = 254, examples("editor@newsroom.example"))]
    pub(crate) email: String,
    /// In capitals or not, with or without its hyphens.
    #[schema(examples("7GK2M-9QX0T-4BVN8-R3HCE"))]
    pub(crate) code: String,
    /// At most 1024 bytes, and none of those that are guessed first.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 1024, examples("kestrels over the strait"))]
    pub(crate) new_password: ChosenPassword,
}

/// A login that has not ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    id: SessionId,
    created_at: Timestamp,
    /// When it was prolonged last, or else began.
    last_used_at: Timestamp,
    /// Its end, however often it is prolonged.
    expires_at: Timestamp,
    /// From where somebody logged in, as the server saw it.
    #[schema(examples("192.0.2.7"))]
    address: Option<String>,
    /// With what, as that calls itself; its first 200 characters.
    #[schema(
        max_length = 200,
        examples("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    )]
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            address: session.address,
            user_agent: session.user_agent,
            current: false,
        }
    }
}

impl SessionView {
    /// As the session `asking` is shown it.
    pub(crate) fn to(self, asking: SessionId) -> Self {
        let current = self.id == asking;
        Self { current, ..self }
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
