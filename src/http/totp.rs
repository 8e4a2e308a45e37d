//! The second factor of somebody's own account.

use actix_web::{HttpRequest, HttpResponse, get, post};

use super::auth::{Guess, tried};
use super::conditional::{answered, show};
use super::extract::{Body, Editor, OwnSession, Query};
use super::problem::Problem;
use super::routes::Routes;
use super::view::totp::{CurrentPasswordIn, NewTotpView, RecoveryCodes, TotpCodeIn, TotpView};
use crate::services::accounts::{sessions, totp};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(get_totp)
        .service(begin_totp)
        .service(confirm_totp)
        .service(remove_totp);
}

/// Read whether your logins need a second factor
///
/// And how many recovery codes are left.
#[utoipa::path(
    tag = "accounts",
    responses((status = 200, description = "Where it stands.", body = TotpView))
)]
#[get("/api/v1/auth/totp")]
async fn get_totp(user: Editor, _: OwnSession, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    show(&req, &TotpView::from(totp::state(&user).await?))
}

/// Begin a second factor
///
/// Codes by time (RFC 6238: SHA-1, six digits, 30 seconds). Logins need none before one was confirmed; begun again, the one before is
/// forgotten. API keys and sessions that there are go on without.
#[utoipa::path(
    tag = "accounts",
    request_body = CurrentPasswordIn,
    responses(
        (status = 200, description = "What a program makes codes with.", body = NewTotpView),
        (status = 422, description = "The password is another, or there is a second factor already; `errors` says which."),
    )
)]
#[post("/api/v1/auth/totp")]
async fn begin_totp(
    user: Editor,
    own: OwnSession,
    req: HttpRequest,
    _: Query<()>,
    body: Body<CurrentPasswordIn>,
) -> Result<HttpResponse, Problem> {
    let guess = Guess::begin(&req, &sessions::email(&user).await?)?;
    let new = totp::begin(&user, &guess.hashing, own.0, body.0.current_password).await?;
    guess.succeeded();
    answered(&NewTotpView::from(new))
}

/// Confirm a second factor
///
/// Within ten minutes, with the code of this moment, which shows that a program has the secret. Logins need a code from now on. The recovery codes are shown this once.
#[utoipa::path(
    tag = "accounts",
    request_body = TotpCodeIn,
    responses(
        (status = 200, description = "Codes to write down.", body = RecoveryCodes),
        (status = 422, description = "The code is another, or none was begun."),
    )
)]
#[post("/api/v1/auth/totp/confirm")]
async fn confirm_totp(
    user: Editor,
    own: OwnSession,
    req: HttpRequest,
    _: Query<()>,
    body: Body<TotpCodeIn>,
) -> Result<HttpResponse, Problem> {
    // Whoever came by a token must not find the code of a factor that its owner began. A right one is no word on the password.
    tried(&req, &sessions::email(&user).await?)?;
    let recovery_codes = totp::confirm(&user, own.0, body.0.code).await?;
    answered(&RecoveryCodes { recovery_codes })
}

/// Remove your second factor
///
/// Logins need none from now on, and its recovery codes are gone. Who has neither takes `copydesk user remove-totp`.
#[utoipa::path(
    tag = "accounts",
    request_body = CurrentPasswordIn,
    responses(
        (status = 204, description = "There is none."),
        (status = 422, description = "The password is another."),
    )
)]
#[post("/api/v1/auth/totp/remove")]
async fn remove_totp(
    user: Editor,
    own: OwnSession,
    req: HttpRequest,
    _: Query<()>,
    body: Body<CurrentPasswordIn>,
) -> Result<HttpResponse, Problem> {
    let guess = Guess::begin(&req, &sessions::email(&user).await?)?;
    totp::remove(&user, &guess.hashing, own.0, body.0.current_password).await?;
    guess.succeeded();
    Ok(HttpResponse::NoContent().finish())
}
