//! Logging in.

use actix_web::{HttpRequest, HttpResponse, get, post};

use super::codes::Code;
use super::conditional::{Validators, json, respond_json};
use super::etag::strong_etag;
use super::extract::{Body, Query, app_of};
use super::problem::Problem;
use super::routes::Routes;
use super::view::account::{AccessToken, JsonWebKeySet, LoginIn};
use crate::domain::account::Email;
use crate::services::{Error, Refusal, accounts};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(login).service(get_jwks);
}

/// Log in
///
/// A token for the editor surface. An unknown address, a wrong password and a disabled account are refused alike.
#[utoipa::path(
    tag = "accounts",
    request_body = LoginIn,
    responses(
        (status = 200, description = "The token.", body = AccessToken),
        (status = 401, description = "The address and the password do not belong together."),
    )
)]
#[post("/api/v1/auth/login")]
async fn login(req: HttpRequest, _: Query<()>, body: Body<LoginIn>) -> Result<HttpResponse, Problem> {
    let LoginIn { email, password } = body.0;
    let email = Email::parse(&email).map_err(|_reason| refused(Refusal::Unauthenticated.into()))?;
    let token = accounts::login(app_of(&req)?, email, password).await.map_err(refused)?;
    let token = AccessToken::from(token);
    Ok(HttpResponse::Ok().content_type("application/json").body(json(&token)?))
}

/// A refusal to log in speaks of what was sent, not of the token that nobody has yet.
fn refused(error: Error) -> Problem {
    match error {
        Error::Refused(Refusal::Unauthenticated) => Problem::new(
            Code::Unauthenticated,
            "The address and the password do not belong together.",
        ),
        other => other.into(),
    }
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
    Ok(respond_json(&req, bytes, &validators, "public, max-age=300", None))
}
