//! Articles in other languages.

use actix_web::{HttpRequest, HttpResponse, get, post};

use crate::domain::id::ArticleId;
use crate::http::conditional::{created, show};
use crate::http::extract::{Body, Editor, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::http::view::input::TranslationIn;
use crate::http::view::list::WorkingCopyPage;
use crate::services::articles;

/// List the translations of an article
///
/// The other articles of its group, by language. Contributors see their own.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of working copies.", body = WorkingCopyPage))
)]
#[get("/api/v1/editor/articles/{id}/translations")]
pub(super) async fn list_translations(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = articles::translations(&editor, id.0, paging.0.limit, paging.0.cursor).await?;
    show(&req, &WorkingCopyPage::from(page))
}

/// Begin a translation
///
/// A draft in another language, with everything that was written but the note among editors. It is published by itself.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = TranslationIn,
    responses(
        (status = 201, description = "The new draft.", body = WorkingCopy),
        (status = 409, description = "The article is in the trash, or there is a translation into this language."),
    )
)]
#[post("/api/v1/editor/articles/{id}/translations")]
pub(super) async fn create_translation(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    body: Body<TranslationIn>,
) -> Result<HttpResponse, Problem> {
    let TranslationIn { locale, headline } = body.0;
    let view = WorkingCopy::from(articles::translate(&editor, id.0, locale, headline).await?);
    let location = format!("/api/v1/editor/articles/{}", view.id());
    created(&view, &location, view.revision())
}
