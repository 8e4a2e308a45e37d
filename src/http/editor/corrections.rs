//! Public notes on articles.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use crate::domain::correction::{CorrectionIn, CorrectionPatch};
use crate::domain::id::{ArticleId, CorrectionId};
use crate::http::codes::Code;
use crate::http::conditional::{changed, created, show_revision};
use crate::http::extract::{Body, Editor, IfMatch, PathId, Query};
use crate::http::problem::Problem;
use crate::http::view::correction::CorrectionsView;
use crate::services::articles;

/// List the corrections of an article
///
/// The oldest first. The ETag is the revision of the article.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses((status = 200, description = "The corrections.", body = CorrectionsView))
)]
#[get("/api/v1/editor/articles/{id}/corrections")]
pub(super) async fn list_corrections(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = CorrectionsView::from(articles::corrections(&editor, id.0).await?);
    show_revision(&req, &view, view.revision)
}

/// Correct an article
///
/// A public note: what was wrong, what can be misunderstood, what is new. What is live shows it at once, in a new edition that has
/// nothing else that is new; what is not shows it when it goes live. No older revision takes it back.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = CorrectionIn,
    responses(
        (status = 201, description = "All corrections of the article, with the new one.", body = CorrectionsView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/corrections")]
pub(super) async fn correct_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<CorrectionIn>,
) -> Result<HttpResponse, Problem> {
    let (all, own) = articles::correct(&editor, id.0, version.basis(), body.0).await?;
    let view = CorrectionsView::from(all);
    let location = format!("/api/v1/editor/articles/{}/corrections/{own}", id.0);
    created(&view, &location, view.revision)
}

/// The ids of a path to one correction.
fn ids(path: &(String, String)) -> Result<(ArticleId, CorrectionId), Problem> {
    let not_found = |_| Problem::plain(Code::NotFound);
    let article = ArticleId::parse(&path.0).map_err(not_found)?;
    Ok((article, CorrectionId::parse(&path.1).map_err(not_found)?))
}

/// Change a correction
///
/// What is live shows it at once.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("correction" = CorrectionId, Path, description = "The correction's id."),
    ),
    request_body = CorrectionPatch,
    responses(
        (status = 200, description = "All corrections of the article, after the change.", body = CorrectionsView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[patch("/api/v1/editor/articles/{id}/corrections/{correction}")]
pub(super) async fn patch_correction(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
    version: IfMatch,
    body: Body<CorrectionPatch>,
) -> Result<HttpResponse, Problem> {
    let (id, own) = ids(&path)?;
    let all = articles::change_correction(&editor, id, version.basis(), own, body.0).await?;
    let view = CorrectionsView::from(all);
    changed(&view, view.revision)
}

/// Remove a correction
///
/// What is live shows it no more.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("correction" = CorrectionId, Path, description = "The correction's id."),
    ),
    responses(
        (status = 200, description = "The other corrections of the article.", body = CorrectionsView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[delete("/api/v1/editor/articles/{id}/corrections/{correction}")]
pub(super) async fn remove_correction(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, own) = ids(&path)?;
    let all = articles::remove_correction(&editor, id, version.basis(), own).await?;
    let view = CorrectionsView::from(all);
    changed(&view, view.revision)
}
