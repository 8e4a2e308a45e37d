//! Logging in, and staying so.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::client;
use super::codes::Code;
use super::conditional::{Validators, answered, json, respond_json};
use super::etag::strong_etag;
use super::extract::{Body, Query, address_of, app_of};
use super::middleware::request_id_of;
use super::problem::Problem;
use super::routes::Routes;
use super::view::account::{JsonWebKeySet, LoginIn, RefreshIn, ResetIn, TokenPair};
use crate::domain::account::Email;
use crate::domain::audit::{Origin, Via};
use crate::limits::{Logins, Network, Try};
use crate::services::accounts::{self, Hashing, reset};
use crate::services::{Error, Refusal};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(login)
        .service(refresh_tokens)
        .service(reset_password)
        .service(get_jwks);
}

/// Log in
///
/// Begins a session: an access token for the editor surface, and a refresh token that gives the next one. An unknown address, a wrong
/// password and a disabled account are refused alike. Where the account has a second factor and the password is right, its code is asked for
/// by `second_factor_needed`; a wrong one is refused like a wrong password.
#[utoipa::path(
    tag = "accounts",
    request_body = LoginIn,
    responses(
        (status = 200, description = "The tokens.", body = TokenPair),
        (status = 401, description = "The address and the password do not belong together."),
        (status = 429, description = "Too many were tried: from this address, or for this account, whether it exists or not."),
    )
)]
#[post("/api/v1/auth/login")]
async fn login(req: HttpRequest, _: Query<()>, body: Body<LoginIn>) -> Result<HttpResponse, Problem> {
    const REFUSAL: &str = "The address and the password do not belong together.";
    let LoginIn { email, password, code } = body.0;
    let email = Email::parse(&email).map_err(|_reason| Problem::new(Code::Unauthenticated, REFUSAL))?;
    let guess = Guess::begin(&req, &email)?;
    let (app, origin) = (app_of(&req)?, origin(&req));
    let tokens = accounts::login(app, &guess.hashing, email, password, code, origin, agent_of(&req)).await;
    match tokens {
        Ok(tokens) => {
            guess.succeeded();
            give(tokens)
        }
        Err(error) => {
            if !matches!(error, Error::Refused(_)) {
                guess.not_looked_at();
            }
            Err(refused(error, REFUSAL))
        }
    }
}

/// Prolong a session
///
/// Takes the refresh token, once, and gives another with a new access token. For ten seconds the token that was taken gives the
/// same again, for who did not hear the answer; later its use ends the session, since somebody else may have it. Whatever is wrong
/// with a token is refused alike.
#[utoipa::path(
    tag = "accounts",
    request_body = RefreshIn,
    responses(
        (status = 200, description = "The tokens.", body = TokenPair),
        (status = 401, description = "The refresh token is not, or no more, good."),
    )
)]
#[post("/api/v1/auth/refresh")]
async fn refresh_tokens(req: HttpRequest, _: Query<()>, body: Body<RefreshIn>) -> Result<HttpResponse, Problem> {
    let tokens = accounts::refresh(app_of(&req)?, &body.0.refresh_token, origin(&req)).await;
    let refusal = "The refresh token is not, or no more, good. Log in again.";
    give(tokens.map_err(|error| refused(error, refusal))?)
}

/// Set another password by a code
///
/// For who forgot theirs and was told a code of `POST …/auth/reset-codes` or of the command line: good once, for an hour, however it is typed.
/// All sessions of the account end. Whatever is wrong with address and code is refused alike.
#[utoipa::path(
    tag = "accounts",
    request_body = ResetIn,
    responses(
        (status = 204, description = "The password is the new one; log in with it."),
        (status = 401, description = "The address and the code do not belong together, or the code is no more good."),
        (status = 429, description = "Too many were tried from this address."),
    )
)]
#[post("/api/v1/auth/reset")]
async fn reset_password(req: HttpRequest, _: Query<()>, body: Body<ResetIn>) -> Result<HttpResponse, Problem> {
    const REFUSAL: &str = "The address and the code do not belong together, or the code is no more good.";
    let ResetIn {
        email,
        code,
        new_password,
    } = body.0;
    let email = Email::parse(&email).map_err(|_reason| Problem::new(Code::Unauthenticated, REFUSAL))?;
    // A code is beyond guessing, and whoever tries some must keep nobody from using theirs.
    if let Some((logins, from)) = logins(&req)? {
        logins.come(from)?;
    }
    let done = reset::redeem(app_of(&req)?, email, code, new_password.0, origin(&req)).await;
    done.map_err(|error| refused(error, REFUSAL))?;
    Ok(HttpResponse::NoContent().finish())
}

/// A password that is tried, before anything is looked up for it.
pub(super) struct Guess<'a> {
    pub(super) hashing: Hashing,
    /// `None` where nobody connected.
    turn: Option<Try<'a>>,
}

impl<'a> Guess<'a> {
    pub(super) fn begin(req: &'a HttpRequest, account: &Email) -> Result<Self, Problem> {
        let logins = logins(req)?;
        if let Some((logins, from)) = logins {
            logins.come(from)?;
        }
        let hashing = Hashing::begin(app_of(req)?)?;
        let turn = logins.map(|(logins, from)| logins.begin(account.as_str(), from));
        Ok(Self {
            hashing,
            turn: turn.transpose()?,
        })
    }

    /// Something broke before anybody looked at it.
    fn not_looked_at(self) {
        if let Some(turn) = self.turn {
            turn.not_looked_at();
        }
    }

    /// It was the right one.
    pub(super) fn succeeded(self) {
        if let Some(turn) = self.turn {
            turn.succeeded();
        }
    }
}

/// Counts a try that nobody hashes anything for.
pub(super) fn tried(req: &HttpRequest, account: &Email) -> Result<(), Problem> {
    if let Some((logins, from)) = logins(req)? {
        logins.come(from)?;
        let _counted = logins.begin(account.as_str(), from)?;
    }
    Ok(())
}

/// The limits on who tries, and where they are.
fn logins(req: &HttpRequest) -> Result<Option<(&Logins, Network)>, Problem> {
    let app = app_of(req)?;
    let client = client::of(req.head(), &app.config().http.trusted_proxies);
    Ok(client.map(|client| (&app.throttle().logins, client.address.into())))
}

/// From where somebody asks of whom no access token says who it is.
fn origin(req: &HttpRequest) -> Origin {
    Origin {
        address: address_of(req),
        request_id: Some(request_id_of(req)),
        ..Origin::of(Via::Http)
    }
}

/// A refusal speaks of what was sent, not of the access token that nobody has yet.
fn refused(error: Error, refusal: &str) -> Problem {
    match error {
        Error::Refused(Refusal::Unauthenticated) => Problem::new(Code::Unauthenticated, refusal),
        other => other.into(),
    }
}

/// What the client calls itself.
pub(super) fn agent_of(req: &HttpRequest) -> Option<String> {
    let agent = req.headers().get(header::USER_AGENT);
    agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned())
}

pub(super) fn give(tokens: accounts::Login) -> Result<HttpResponse, Problem> {
    answered(&TokenPair::from(tokens))
}

/// Read the public keys
///
/// The keys that access tokens are signed with, as a JSON Web Key Set (RFC 7517).
#[utoipa::path(
    tag = "accounts",
    responses((status = 200, description = "The keys.", body = JsonWebKeySet))
)]
#[get("/.well-known/jwks.json")]
async fn get_jwks(req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let bytes = json(&app_of(&req)?.jwks())?;
    let validators = Validators {
        etag: strong_etag(&bytes),
        last_modified: None,
    };
    Ok(respond_json(&req, bytes, &validators, "public, max-age=60", None))
}
