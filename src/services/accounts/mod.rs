//! Accounts: users, logins, tokens.

mod keys;
mod login;
mod passwords;
mod phc;
mod tokens;
pub mod users;

pub use keys::KeyError;
pub use login::{Login, authenticate, login};
pub(in crate::services) use passwords::Hashers;
pub(in crate::services) use tokens::Tokens;
