//! Another password for somebody who forgot theirs: an administrator makes a code, and tells it to them; there is no mail server
//! between. It is good once, for an hour.

use std::sync::Arc;

use super::passwords::Hashing;
use super::sessions::{lives, of_user};
use super::{code, users};
use crate::domain::access::Action;
use crate::domain::account::{Email, Password, User};
use crate::domain::audit::{AuditAction, Origin};
use crate::domain::id::SessionId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::time::Timestamp;
use crate::services::{App, Ctx, Error, Refusal, audit};
use crate::store::{self, DbConn};

/// How long a code is good, in seconds.
const GOOD_FOR: i64 = 60 * 60;
/// What somebody is told who forgot their password.
#[derive(Debug)]
pub struct ResetCode {
    pub code: String,
    pub expires_at: Timestamp,
}

/// Makes a code for the user of this address, in the place of one that they had.
///
/// # Errors
/// `Forbidden`; `Unauthenticated` where the session ended meanwhile; `Invalid` where nobody who may log in has the address.
pub async fn make_code(ctx: &Ctx, session: SessionId, email: Email) -> Result<ResetCode, Error> {
    ctx.may(Action::ManageAccounts, None)?;
    let code = code::fresh().map_err(|error| Error::Broken(error.into()))?;
    let kept = code::digest(&code);
    let expires_at = ctx
        .write(move |ctx, tx| {
            // Without holding who asks: two who make codes for each other would wait for each other.
            lives(ctx, tx, session)?;
            let (user, expires_at) = offer(tx, &email, kept, ctx.now)?;
            audit::record(ctx, tx, &of_user(AuditAction::OfferReset, &user))?;
            Ok(expires_at)
        })
        .await?;
    Ok(ResetCode { code, expires_at })
}

/// The same from the command line.
///
/// # Errors
/// `Invalid` where nobody who may log in has the address.
pub async fn make_code_by_command(app: &Arc<App>, email: Email) -> Result<ResetCode, Error> {
    let code = code::fresh().map_err(|error| Error::Broken(error.into()))?;
    let (kept, own) = (code::digest(&code), Arc::clone(app));
    let write = move |tx: &mut DbConn| {
        let (user, expires_at) = offer(tx, &email, kept, own.now())?;
        audit::record_command(&own, tx, &of_user(AuditAction::OfferReset, &user))?;
        Ok::<_, Error>(expires_at)
    };
    let expires_at = app.store.write(write).await?;
    Ok(ResetCode { code, expires_at })
}

fn offer(tx: &mut DbConn, email: &Email, digest: String, now: Timestamp) -> Result<(User, Timestamp), Error> {
    // So that of two codes at once the second takes the place of the first.
    let user = users::hold(tx, email)?
        .filter(|user| user.disabled_at.is_none())
        .ok_or_else(|| {
            let flaw = Flaw::new(Rule::UnknownReference, "is the address of nobody who may log in");
            Invalids::from(flaw.at("/email"))
        })?;
    let reset = store::reset::Reset {
        digest,
        created_at: now,
        expires_at: now.plus_seconds(GOOD_FOR),
    };
    store::reset::put(tx, user.id, &reset)?;
    Ok((user, reset.expires_at))
}

/// Sets another password for who has the code, once, and ends their sessions. Whatever is wrong is refused alike.
///
/// # Errors
/// `Unauthenticated`, `Overloaded`.
pub async fn redeem(app: &Arc<App>, email: Email, code: String, chosen: Password, origin: Origin) -> Result<(), Error> {
    let given = code::digest(&code);
    let (kept, own) = (given.clone(), Arc::clone(app));
    let read = move |conn: &mut DbConn| {
        let found = store::reset::by_email(conn, &email)?;
        let good = |(user, reset): &(User, store::reset::Reset)| {
            reset.digest == given && own.now() < reset.expires_at && user.disabled_at.is_none()
        };
        found.filter(good).ok_or_else(|| Error::from(Refusal::Unauthenticated))
    };
    // Nobody has a password hashed without a good code.
    let (user, _) = app.store.read(read).await?;
    let hash = Hashing::begin(app)?.hash(chosen).await?;
    let ours = Arc::clone(app);
    let write = move |tx: &mut DbConn| {
        let user = store::user::hold(tx, user.id)?.filter(|user| user.disabled_at.is_none());
        let user = user.ok_or(Refusal::Unauthenticated)?;
        if !store::reset::take(tx, user.id, &kept)? {
            return Err(Error::from(Refusal::Unauthenticated));
        }
        store::user::set_password(tx, user.id, &hash)?;
        let now = ours.now();
        store::session::end_all(tx, user.id, None, ours.living(now))?;
        let deed = of_user(AuditAction::SetPassword, &user);
        Ok(audit::record_of(&ours, tx, Some(user.id), &origin, &deed)?)
    };
    app.store.write(write).await
}
