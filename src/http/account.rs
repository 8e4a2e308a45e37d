//! What somebody does with their own account and sessions.

use actix_web::{HttpRequest, HttpResponse, delete, get, post};

use super::auth::{Guess, agent_of, give};
use super::conditional::{answered, show};
use super::extract::{Body, Editor, NoBody, OwnSession, PathId, Query};
use super::parameters::Paging;
use super::problem::Problem;
use super::routes::Routes;
use super::view::account::{PasswordIn, ResetCodeIn, ResetCodeView, SessionView, TokenPair};
use super::view::list::SessionPage;
use crate::domain::id::SessionId;
use crate::services::accounts::{reset, sessions};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(log_out)
        .service(log_out_everywhere)
        .service(list_sessions)
        .service(end_session)
        .service(change_password)
        .service(create_reset_code);
}

/// Log out
///
/// Ends the session of the token: neither that nor its refresh token is good from now on.
#[utoipa::path(
    tag = "accounts",
    responses((status = 204, description = "The session has ended."))
)]
#[post("/api/v1/auth/logout")]
async fn log_out(user: Editor, own: OwnSession, _: Query<()>, _: NoBody) -> Result<HttpResponse, Problem> {
    sessions::log_out(&user, own.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Log out everywhere
///
/// Ends all sessions of whose token it is, this one too. API keys stay.
#[utoipa::path(
    tag = "accounts",
    responses((status = 204, description = "The sessions have ended."))
)]
#[post("/api/v1/auth/logout-all")]
async fn log_out_everywhere(user: Editor, _: OwnSession, _: Query<()>, _: NoBody) -> Result<HttpResponse, Problem> {
    sessions::log_out_everywhere(&user).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List your sessions
///
/// Those that have not ended, the last used first.
#[utoipa::path(
    tag = "accounts",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of sessions.", body = SessionPage))
)]
#[get("/api/v1/auth/sessions")]
async fn list_sessions(
    user: Editor,
    own: OwnSession,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let Paging { limit, cursor } = paging.0;
    let page = sessions::list(&user, limit, cursor).await?;
    let page = page.map(|session| SessionView::from(session).to(own.0));
    show(&req, &SessionPage::from(page))
}

/// End one of your sessions
///
/// One of somebody else is answered like one that is not there.
#[utoipa::path(
    tag = "accounts",
    params(("id" = SessionId, Path, description = "The session's id.")),
    responses((status = 204, description = "The session has ended."))
)]
#[delete("/api/v1/auth/sessions/{id}")]
async fn end_session(
    user: Editor,
    _: OwnSession,
    id: PathId<SessionId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    sessions::end(&user, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change your password
///
/// Begins a new session and ends all others, this one too: whoever had the old password, or the tokens of a session, is out. API keys stay.
#[utoipa::path(
    tag = "accounts",
    request_body = PasswordIn,
    responses(
        (status = 200, description = "The password is the new one; the tokens of the new session.", body = TokenPair),
        (status = 422, description = "The new password is refused, or the current one is another; `errors` says which."),
    )
)]
#[post("/api/v1/auth/password")]
async fn change_password(
    user: Editor,
    own: OwnSession,
    req: HttpRequest,
    _: Query<()>,
    body: Body<PasswordIn>,
) -> Result<HttpResponse, Problem> {
    let PasswordIn {
        current_password,
        new_password,
    } = body.0;
    // Whoever came by a token knows no password yet.
    let guess = Guess::begin(&req, &sessions::email(&user).await?)?;
    let (hashing, agent) = (&guess.hashing, agent_of(&req));
    let login = sessions::change_password(&user, hashing, own.0, current_password, new_password.0, agent).await?;
    guess.succeeded();
    give(login)
}

/// Make a code for who forgot their password
///
/// For administrators, who tell it to whose it is; `POST …/auth/reset` takes it, once, for an hour. It takes the place of one that there was.
#[utoipa::path(
    tag = "accounts",
    request_body = ResetCodeIn,
    responses((status = 200, description = "The code; it is shown this once.", body = ResetCodeView))
)]
#[post("/api/v1/auth/reset-codes")]
async fn create_reset_code(
    user: Editor,
    own: OwnSession,
    _: Query<()>,
    body: Body<ResetCodeIn>,
) -> Result<HttpResponse, Problem> {
    let code = reset::make_code(&user, own.0, body.0.email).await?;
    answered(&ResetCodeView::from(code))
}
