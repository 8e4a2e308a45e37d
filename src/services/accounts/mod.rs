//! Accounts: users, logins, sessions, tokens.

mod keys;
mod login;
mod passwords;
mod phc;
mod refresh;
pub mod sessions;
mod tokens;
pub mod users;

pub use keys::KeyError;
pub use login::{Known, Login, authenticate, login, refresh};
pub(in crate::services) use passwords::Hashers;
pub(in crate::services) use refresh::RefreshTokens;
pub(in crate::services) use tokens::Tokens;
