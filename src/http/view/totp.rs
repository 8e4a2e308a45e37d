//! Second factors, as they are asked for and answered.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::Password;
use crate::domain::invalid::Invalids;
use crate::domain::time::Timestamp;
use crate::services::accounts::totp::{NewTotp, TotpState};

/// Who asks knows the password.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct CurrentPasswordIn {
    #[schema(value_type = String, format = Password, max_length = 1024, examples("correct horse battery staple"))]
    pub(crate) current_password: Password,
}

/// A code of the second factor that was begun.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct TotpCodeIn {
    #[schema(max_length = 64, examples("287082"))]
    pub(crate) code: String,
}

/// Whether logins need a second factor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Totp)]
pub(crate) struct TotpView {
    enabled: bool,
    enabled_at: Option<Timestamp>,
    #[schema(minimum = 0, maximum = 10, examples(10))]
    recovery_codes_left: usize,
}

impl From<TotpState> for TotpView {
    fn from(state: TotpState) -> Self {
        Self {
            enabled: state.enabled_at.is_some(),
            enabled_at: state.enabled_at,
            recovery_codes_left: state.recovery_codes_left,
        }
    }
}

/// What a program makes codes with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewTotp)]
pub(crate) struct NewTotpView {
    /// In base 32, to be typed; it is shown this once.
    #[schema(examples("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"))]
    secret: String,
    /// The same with the names of site and account, to be shown as a QR code.
    #[schema(examples(
        "otpauth://totp/Strait%20Times:editor%40newsroom.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Strait%20Times"
    ))]
    uri: String,
}

impl From<NewTotp> for NewTotpView {
    fn from(new: NewTotp) -> Self {
        Self {
            secret: new.secret,
            uri: new.uri,
        }
    }
}

/// Codes to write down: each stands for the second factor, once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(min_items = 10, max_items = 10)]
    pub(crate) recovery_codes: Vec<String>,
}
