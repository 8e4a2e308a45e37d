//! Actions that move an article.

use actix_web::{HttpResponse, post};

use crate::domain::id::ArticleId;
use crate::http::conditional::changed;
use crate::http::extract::{Editor, IfMatch, NoBody, PathId, Query};
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::services::articles;

/// Publish an article
///
/// Freezes the working copy as the edition that readers see from now on. Publishing what is live already changes
/// nothing.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "The working copy, now live.", body = WorkingCopy),
        (status = 409, description = "The article is in the trash, or another live article has its slug."),
        (status = 422, description = "The article lacks something that it needs to be published."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/publish")]
pub(super) async fn publish_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = WorkingCopy::from(articles::publish(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}

/// Take an article down
///
/// Readers get 410 from now on; the working copy stays. Links to the article stay too, hidden; `referrers` names them.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "The working copy, no longer live.", body = WorkingCopy),
        (status = 409, description = "The article is not live, or is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/unpublish")]
pub(super) async fn unpublish_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = WorkingCopy::from(articles::unpublish(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}

/// Retract an article
///
/// For what should never have been published. Readers get 410 from now on, as after taking it down; `referrers` names what
/// links to it.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "The working copy, retracted.", body = WorkingCopy),
        (status = 409, description = "The article was never live, or is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/retract")]
pub(super) async fn retract_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = WorkingCopy::from(articles::retract(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}

/// Take an article out of the trash
///
/// It comes back as a draft, or as unpublished; it does not go live by itself.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses((status = 200, description = "The working copy, out of the trash.", body = WorkingCopy))
)]
#[post("/api/v1/editor/articles/{id}/actions/restore")]
pub(super) async fn restore_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = WorkingCopy::from(articles::restore(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}
