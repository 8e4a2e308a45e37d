//! Who is at an article.

use actix_web::{HttpResponse, post};

use crate::domain::id::ArticleId;
use crate::domain::lock::LockIn;
use crate::http::conditional::changed;
use crate::http::extract::{Editor, MaybeBody, NoBody, PathId, Query};
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::http::view::lock::LockedView;
use crate::services::articles;

/// Tell others that you are at an article
///
/// For five minutes; ask again to go on. It is advice: nothing is refused for it, and `If-Match` decides whose change is taken. Where
/// somebody else is at it, `take_over` takes their place, and `taken_from` tells whose that was. It makes no revision.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = Option<LockIn>,
    responses(
        (status = 200, description = "Your lock.", body = LockedView),
        (status = 409, description = "Somebody else is at the article, or it is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/lock")]
pub(super) async fn lock_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    body: MaybeBody<LockIn>,
) -> Result<HttpResponse, Problem> {
    let view = LockedView::from(articles::lock(&editor, id.0, body.0.take_over).await?);
    changed(&view, view.revision)
}

/// Tell others that you are done with an article
///
/// A lock that is not there, or somebody else's, stays as it is.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses((status = 200, description = "The working copy.", body = WorkingCopy))
)]
#[post("/api/v1/editor/articles/{id}/actions/unlock")]
pub(super) async fn unlock_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::unlock(&editor, id.0).await?);
    changed(&view, view.revision())
}
