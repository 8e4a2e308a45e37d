//! Accounts: users, logins, sessions, tokens, API keys.

pub mod api_keys;
mod code;
mod keys;
mod login;
mod passwords;
mod phc;
mod refresh;
pub mod reset;
mod secret;
pub mod sessions;
mod tokens;
pub mod totp;
pub mod users;

pub(in crate::services) use api_keys::KeyUses;
pub use keys::{KeyError, rotate_keys};
pub use login::{By, Known, Login, authenticate, login, refresh};
pub(in crate::services) use passwords::Hashers;
pub use passwords::Hashing;
pub(in crate::services) use refresh::RefreshTokens;
pub(in crate::services) use tokens::Tokens;
pub(in crate::services) use totp::TotpSecrets;
