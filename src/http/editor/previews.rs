//! Letting somebody without a login see an article before it is published.

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};

use crate::domain::id::{ArticleId, PreviewTokenId};
use crate::domain::preview::Lifetime;
use crate::http::codes::Code;
use crate::http::conditional::{json, show};
use crate::http::extract::{Editor, MaybeBody, PathId, Query, WithKey};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::PreviewTokenPage;
use crate::http::view::preview::{PreviewTokenIn, PreviewTokenView};
use crate::services::articles;

/// List the previews of an article
///
/// Those that work, the newest first; to an API key, those that were made with it.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of previews.", body = PreviewTokenPage))
)]
#[get("/api/v1/editor/articles/{id}/preview-tokens")]
pub(super) async fn list_preview_tokens(
    editor: Editor,
    with: WithKey,
    req: HttpRequest,
    id: PathId<ArticleId>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let Paging { limit, cursor } = paging.0;
    let page = articles::shares(&editor, id.0, with.0, limit, cursor).await?;
    show(&req, &PreviewTokenPage::from(page))
}

/// Share a preview of an article
///
/// Whoever has the token reads the article at `/api/v1/preview/{token}` as readers would: as it is at each time or, with `revision`, as it
/// was then. For an hour to thirty days, a week unless said. It ends when it is taken back, with the API key that it was made with, and while whoever made it is disabled or may not
/// see the article. An article has at most 100 that work.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = Option<PreviewTokenIn>,
    responses(
        (status = 201, description = "The preview.", body = PreviewTokenView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/preview-tokens")]
pub(super) async fn create_preview_token(
    editor: Editor,
    with: WithKey,
    id: PathId<ArticleId>,
    _: Query<()>,
    body: MaybeBody<PreviewTokenIn>,
) -> Result<HttpResponse, Problem> {
    let PreviewTokenIn { revision, expires_in } = body.0;
    let lifetime = expires_in.unwrap_or(Lifetime::DEFAULT);
    let preview = articles::share(&editor, id.0, revision, lifetime, with.0).await?;
    let view = PreviewTokenView::from(preview);
    let location = format!("/api/v1/editor/articles/{}/preview-tokens/{}", id.0, view.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .content_type("application/json")
        .body(json(&view)?))
}

/// Take a preview back
///
/// Nobody sees the article by it from the next request on.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("preview" = PreviewTokenId, Path, description = "The preview's id, which is not its token."),
    ),
    responses((status = 204, description = "The preview has ended."))
)]
#[delete("/api/v1/editor/articles/{id}/preview-tokens/{preview}")]
pub(super) async fn delete_preview_token(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let not_found = |_| Problem::plain(Code::NotFound);
    let id = ArticleId::parse(&path.0).map_err(not_found)?;
    let preview = PreviewTokenId::parse(&path.1).map_err(not_found)?;
    articles::unshare(&editor, id, preview).await?;
    Ok(HttpResponse::NoContent().finish())
}
