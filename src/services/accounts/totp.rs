//! A second factor: a code that a program of its owner makes from a secret and the time (RFC 6238), or one of those that they wrote down.
//!
//! The secret is made of the id of its row with a key that all nodes have, so whoever steals the database has none.

use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha512};
use totp_rs::{Builder, Secret, Totp as Clockwork};

use super::passwords::Hashing;
use super::sessions::{holder, knows, of_user};
use super::{code, users};
use crate::domain::account::{Email, Password, User};
use crate::domain::audit::{AuditAction, Origin};
use crate::domain::id::{SessionId, TotpId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::time::Timestamp;
use crate::services::{App, Ctx, Error, Refusal, audit};
use crate::store::totp::Totp;
use crate::store::{self, DbConn};

/// Bytes of a secret: as many as HMAC-SHA-1 takes whole (RFC 4226 §4).
const SECRET_BYTES: usize = 20;
/// How long one that was begun can be confirmed, in seconds.
const TO_CONFIRM: i64 = 10 * 60;
/// Codes to write down.
const RECOVERY: usize = 10;

/// What makes secrets, with a key that all nodes have.
#[derive(Clone)]
pub(in crate::services) struct TotpSecrets(Hmac<Sha256>);

impl TotpSecrets {
    /// From a secret of the installation; what is made of it tells nothing of it.
    pub(in crate::services) fn new(secret: &[u8]) -> Self {
        Self(Hmac::new(&sha2::Digest::finalize(
            <Sha512 as sha2::Digest>::new_with_prefix(secret),
        )))
    }

    fn of(&self, id: TotpId) -> Secret {
        let mut mac = self.0.clone();
        mac.update(id.0.as_bytes());
        let bytes: Vec<u8> = mac.finalize().into_bytes().into_iter().take(SECRET_BYTES).collect();
        Secret::new(bytes.into())
    }
}

/// What is shown once, for a program that makes codes.
#[derive(Debug)]
pub struct NewTotp {
    /// In base 32, to be typed.
    pub secret: String,
    /// The same with the names of site and account, to be made a picture of.
    pub uri: String,
}

/// Where somebody's second factor stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TotpState {
    pub enabled_at: Option<Timestamp>,
    pub recovery_codes_left: usize,
}

impl App {
    fn clockwork(&self, id: TotpId, account: &Email) -> Result<Clockwork, Error> {
        // A colon parts the names in an address of this kind.
        let plain = |name: &str| name.replace(':', " ");
        Builder::new()
            .with_secret(self.totps.of(id))
            .with_account_name(plain(account.as_str()))
            .with_issuer(Some(plain(&self.config.site.name)))
            .build()
            .map_err(broken)
    }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Broken(error.to_string().into())
}

/// Where that of who asks stands.
///
/// # Errors
/// None but faults.
pub async fn state(ctx: &Ctx) -> Result<TotpState, Error> {
    let found = ctx.read(|ctx, conn| Ok(store::totp::find(conn, ctx.actor.id)?)).await?;
    let on = found.filter(|totp| totp.confirmed_at.is_some());
    Ok(on.map_or_else(TotpState::default, |totp| TotpState {
        enabled_at: totp.confirmed_at,
        recovery_codes_left: totp.recovery.len(),
    }))
}

/// A new one for who asks, that counts once it is confirmed; one that was not confirmed is forgotten.
///
/// # Errors
/// `Invalid` where the password is another, or where there is one already; `Unauthenticated`; `Overloaded`.
pub async fn begin(ctx: &Ctx, hashing: &Hashing, session: SessionId, current: Password) -> Result<NewTotp, Error> {
    let (user, _) = knows(ctx, hashing, current).await?;
    let id = TotpId(ctx.app.ids.uuid());
    let clockwork = ctx.app.clockwork(id, &user.email)?;
    ctx.write(move |ctx, tx| {
        let user = holder(ctx, tx, session)?;
        if on(tx, &user)?.is_some() {
            let flaw = Flaw::new(Rule::NotAllowed, "there is a second factor already; remove it first");
            return Err(Invalids::from(flaw.at("")).into());
        }
        let totp = Totp {
            id,
            created_at: ctx.now,
            confirmed_at: None,
            last_step: 0,
            recovery: Vec::new(),
        };
        Ok(store::totp::put(tx, user.id, &totp)?)
    })
    .await?;
    Ok(NewTotp {
        secret: clockwork.secret().to_base32(),
        uri: clockwork.to_url().map_err(broken)?,
    })
}

/// Has logins of who asks need the second factor that was begun, and returns the codes to write down.
///
/// # Errors
/// `Invalid` where the code is another, or where none was begun in the last ten minutes; `Unauthenticated`.
pub async fn confirm(ctx: &Ctx, session: SessionId, typed: String) -> Result<Vec<String>, Error> {
    let codes: Result<Vec<String>, _> = (0..RECOVERY).map(|_| code::fresh()).collect();
    let codes = codes.map_err(|error| Error::Broken(error.into()))?;
    let recovery = codes.iter().map(|code| code::digest(code)).collect();
    ctx.write(move |ctx, tx| {
        let user = holder(ctx, tx, session)?;
        let wrong = |what| Error::from(Invalids::from(Flaw::new(Rule::NotAllowed, what).at("/code")));
        let is_open = |totp: &Totp| totp.confirmed_at.is_none() && ctx.now < totp.created_at.plus_seconds(TO_CONFIRM);
        let begun = store::totp::find(tx, user.id)?.filter(is_open);
        let begun = begun.ok_or_else(|| wrong("belongs to no second factor that was begun"))?;
        let step = step(&ctx.app, &begun, &user, &typed, ctx.now)?;
        let totp = Totp {
            confirmed_at: Some(ctx.now),
            last_step: step.ok_or_else(|| wrong("is not the code of this moment"))?,
            recovery,
            ..begun
        };
        store::totp::put(tx, user.id, &totp)?;
        Ok(audit::record(ctx, tx, &of_user(AuditAction::EnableTotp, &user))?)
    })
    .await?;
    Ok(codes)
}

/// Takes away that of who asks. None is no error.
///
/// # Errors
/// `Invalid` where the password is another; `Unauthenticated`; `Overloaded`.
pub async fn remove(ctx: &Ctx, hashing: &Hashing, session: SessionId, current: Password) -> Result<(), Error> {
    knows(ctx, hashing, current).await?;
    ctx.write(move |ctx, tx| {
        let user = holder(ctx, tx, session)?;
        let was_on = on(tx, &user)?.is_some();
        store::totp::remove(tx, user.id)?;
        if was_on {
            audit::record(ctx, tx, &of_user(AuditAction::DisableTotp, &user))?;
        }
        Ok(())
    })
    .await
}

/// The same from the command line, for who lost all.
///
/// # Errors
/// `NotFound`.
pub async fn remove_by_command(app: &Arc<App>, email: Email) -> Result<bool, Error> {
    let own = Arc::clone(app);
    let write = move |tx: &mut DbConn| {
        let user = users::hold(tx, &email)?.ok_or(Refusal::NotFound)?;
        let was_on = on(tx, &user)?.is_some();
        store::totp::remove(tx, user.id)?;
        if was_on {
            audit::record_command(&own, tx, &of_user(AuditAction::DisableTotp, &user))?;
        }
        Ok::<_, Error>(was_on)
    };
    app.store.write(write).await
}

fn on(tx: &mut DbConn, user: &User) -> Result<Option<Totp>, Error> {
    Ok(store::totp::find(tx, user.id)?.filter(|totp| totp.confirmed_at.is_some()))
}

/// The step of the code of this moment, or of half a minute before or after; `None` where it is another, or was taken before.
fn step(app: &App, totp: &Totp, user: &User, typed: &str, now: Timestamp) -> Result<Option<i64>, Error> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    let step = app.clockwork(totp.id, &user.email)?.check(&digits, seconds);
    Ok(step
        .and_then(|step| i64::try_from(step).ok())
        .filter(|step| *step > totp.last_step))
}

/// Lets a login pass whose user, held, has no second factor, or who typed its code or one of those that they wrote down. Each is taken once.
///
/// # Errors
/// `SecondFactor` where none was typed and one is needed; `Unauthenticated` where it is another.
pub(super) fn pass(app: &App, tx: &mut DbConn, user: &User, typed: Option<&str>, origin: &Origin) -> Result<(), Error> {
    let Some(mut totp) = on(tx, user)? else {
        return Ok(());
    };
    let typed = typed.ok_or(Refusal::SecondFactor)?;
    if let Some(step) = step(app, &totp, user, typed, app.now())? {
        totp.last_step = step;
    } else {
        let digest = code::digest(typed);
        let left = totp.recovery.len();
        totp.recovery.retain(|kept| *kept != digest);
        if totp.recovery.len() == left {
            tracing::warn!(user.id = %user.id, address = origin.address, "The right password came with a wrong code");
            return Err(Refusal::Unauthenticated.into());
        }
        let deed = of_user(AuditAction::UseRecoveryCode, user);
        audit::record_of(app, tx, Some(user.id), origin, &deed)?;
    }
    Ok(store::totp::put(tx, user.id, &totp)?)
}
