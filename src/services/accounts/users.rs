//! Users, as the operator manages them from the command line.

use std::sync::Arc;

use super::{Hashing, sessions};
use crate::domain::account::{Email, Password, Role, User};
use crate::domain::audit::{AuditAction, AuditedKind, Deed};
use crate::domain::id::UserId;
use crate::domain::text::Name;
use crate::services::{App, Error, Refusal, audit};
use crate::store::{self, Constraint, DbConn, StoreError};

/// Why a user was not made.
#[derive(Debug)]
pub enum CreateError {
    /// The address is that of another account.
    Taken,
    Other(Error),
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(Constraint::UserEmail) => Self::Taken,
            other => Self::Other(other.into()),
        }
    }
}

/// Makes a user with a password.
pub async fn create(
    app: &Arc<App>,
    email: Email,
    name: Name,
    role: Role,
    password: Password,
) -> Result<User, CreateError> {
    let hashing = Hashing::begin(app).map_err(CreateError::Other)?;
    let hash = hashing.hash(password).await.map_err(CreateError::Other)?;
    let id = UserId(app.ids.uuid());
    let user = User {
        id,
        email,
        name,
        role,
        created_at: app.now(),
        disabled_at: None,
    };
    let own = Arc::clone(app);
    app.store
        .write(move |tx| {
            store::user::insert(tx, &user, &hash)?;
            record(&own, tx, AuditAction::Create, &user)?;
            Ok(user)
        })
        .await
}

/// All users, by address.
pub async fn list(app: &App) -> Result<Vec<User>, Error> {
    app.store
        .read(|conn| store::user::list(conn).map_err(Error::from))
        .await
}

/// Whether anybody can log in yet.
pub async fn any(app: &App) -> Result<bool, Error> {
    app.store.read(|conn| store::user::any(conn).map_err(Error::from)).await
}

/// Gives a user another password, and ends their sessions.
pub async fn set_password(app: &Arc<App>, email: Email, password: Password) -> Result<(), Error> {
    let hash = Hashing::begin(app)?.hash(password).await?;
    let own = Arc::clone(app);
    app.store
        .write(move |tx| {
            let (user, _) = store::user::by_email(tx, &email)?.ok_or(Refusal::NotFound)?;
            store::user::set_password(tx, user.id, &hash)?;
            record(&own, tx, AuditAction::SetPassword, &user)?;
            Ok(sessions::end_by_command(&own, tx, &user)?)
        })
        .await
}

/// Shuts a user out and ends their sessions, or lets them in again. Their tokens stop working at once, and for good.
pub async fn set_disabled(app: &Arc<App>, email: Email, disabled: bool) -> Result<(), Error> {
    let at = disabled.then(|| app.now());
    let own = Arc::clone(app);
    let action = if disabled {
        AuditAction::Disable
    } else {
        AuditAction::Enable
    };
    app.store
        .write(move |tx| {
            let user = hold(tx, &email)?.ok_or(Refusal::NotFound)?;
            store::user::set_disabled(tx, user.id, at)?;
            if user.disabled_at.is_some() == disabled {
                return Ok(());
            }
            record(&own, tx, action, &user)?;
            if disabled {
                store::reset::remove(tx, user.id)?;
                sessions::end_by_command(&own, tx, &user)?;
            }
            Ok(())
        })
        .await
}

/// The user of an address, who stays as they are until the transaction ends; `None` where there is none.
pub(super) fn hold(tx: &mut DbConn, email: &Email) -> Result<Option<User>, StoreError> {
    match store::user::by_email(tx, email)? {
        Some((user, _)) => store::user::hold(tx, user.id),
        None => Ok(None),
    }
}

fn record(app: &App, tx: &mut DbConn, action: AuditAction, user: &User) -> Result<(), StoreError> {
    let deed = Deed::new(action, AuditedKind::User, user.id.0, user.name.as_str());
    audit::record_command(app, tx, &deed)
}
