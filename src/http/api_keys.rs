//! What programs of integrators ask with.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};

use super::conditional::{json, show};
use super::extract::{Body, Editor, OwnSession, PathId, Query};
use super::parameters::Paging;
use super::problem::Problem;
use super::routes::Routes;
use super::view::api_key::{ApiKeyIn, ApiKeyView, NewApiKeyView};
use super::view::list::ApiKeyPage;
use crate::domain::id::ApiKeyId;
use crate::services::accounts::api_keys;

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(revoke_api_key);
}

/// List API keys
///
/// Yours, those that were taken back too, the newest first. An administrator sees everybody's.
#[utoipa::path(
    tag = "accounts",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of API keys.", body = ApiKeyPage))
)]
#[get("/api/v1/auth/api-keys")]
async fn list_api_keys(
    user: Editor,
    _: OwnSession,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let Paging { limit, cursor } = paging.0;
    let page = api_keys::list(&user, limit, cursor).await?;
    show(&req, &ApiKeyPage::from(page))
}

/// Create an API key
///
/// For a program that acts for you, and may do what the scopes name of what you may. The key is shown this once: of it there is only a digest. You
/// have at most 100 that work, and 1,000 with those that were taken back.
#[utoipa::path(
    tag = "accounts",
    request_body = ApiKeyIn,
    responses((status = 201, description = "The key.", body = NewApiKeyView))
)]
#[post("/api/v1/auth/api-keys")]
async fn create_api_key(
    user: Editor,
    own: OwnSession,
    _: Query<()>,
    body: Body<ApiKeyIn>,
) -> Result<HttpResponse, Problem> {
    let (about, key) = api_keys::create(&user, own.0, body.0.into()).await?;
    let about = ApiKeyView::from(about);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/auth/api-keys/{}", about.id)))
        .content_type("application/json")
        .body(json(&NewApiKeyView { about, key })?))
}

/// Read an API key
///
/// Without what is secret of it. One of somebody else is answered like one that is not there, but to an administrator.
#[utoipa::path(
    tag = "accounts",
    params(("id" = ApiKeyId, Path, description = "The key's id.")),
    responses((status = 200, description = "The key.", body = ApiKeyView))
)]
#[get("/api/v1/auth/api-keys/{id}")]
async fn get_api_key(
    user: Editor,
    _: OwnSession,
    req: HttpRequest,
    id: PathId<ApiKeyId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    show(&req, &ApiKeyView::from(api_keys::read(&user, id.0).await?))
}

/// Revoke an API key
///
/// It works nowhere from the next request on, and stays in the list. One of somebody else is answered like one that is not there,
/// but to an administrator.
#[utoipa::path(
    tag = "accounts",
    params(("id" = ApiKeyId, Path, description = "The key's id.")),
    responses((status = 204, description = "The key works no more."))
)]
#[delete("/api/v1/auth/api-keys/{id}")]
async fn revoke_api_key(
    user: Editor,
    _: OwnSession,
    id: PathId<ApiKeyId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    api_keys::revoke(&user, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
