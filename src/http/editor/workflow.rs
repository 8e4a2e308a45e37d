//! Actions that move an article.

use actix_web::{HttpResponse, post};

use crate::domain::id::ArticleId;
use crate::domain::schedule::ScheduleIn;
use crate::http::conditional::changed;
use crate::http::extract::{Body, Editor, IfMatch, MaybeBody, NoBody, PathId, Query};
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::http::view::correction::RetractIn;
use crate::http::view::schedule::RejectIn;
use crate::http::view::validation::ValidationView;
use crate::services::articles;

/// Look an article over
///
/// Everything that an editor should look at, were it published now. What is an error keeps it from being published; what a
/// newsroom's errors are is configured (`publish.block`).
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "What was found.", body = ValidationView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/validate")]
pub(super) async fn validate_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let view = ValidationView::from(articles::validate(&editor, id.0).await?);
    changed(&view, view.revision)
}

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
/// For what should never have been published. Readers get 410 from now on, with the notice; `referrers` names what links to it. The
/// notice is a correction of the kind `retraction`.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = Option<RetractIn>,
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
    body: MaybeBody<RetractIn>,
) -> Result<HttpResponse, Problem> {
    let notice = body.0.notice;
    let view = WorkingCopy::from(articles::retract(&editor, id.0, version.basis(), notice).await?);
    changed(&view, view.revision())
}

/// Hand an article in
///
/// Its author is done; an editor is to publish it, set a time for it, or send it back. Until then its author does not change it.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "The working copy, in review.", body = WorkingCopy),
        (status = 409, description = "The article is no draft, or is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/submit")]
pub(super) async fn submit_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::submit(&editor, id.0, version.basis()).await?);
    changed(&view, view.revision())
}

/// Send an article back
///
/// To its author, as a draft, with a note that says why. The note is in the revision.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = RejectIn,
    responses(
        (status = 200, description = "The working copy, a draft again.", body = WorkingCopy),
        (status = 409, description = "The article is not in review, or is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/reject")]
pub(super) async fn reject_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<RejectIn>,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::reject(&editor, id.0, version.basis(), body.0.note).await?);
    changed(&view, view.revision())
}

/// Set the times of an article
///
/// When it goes live by itself, and when it is taken down; in the place of the times that it had. What is live can get a time for
/// its next edition. The revision that goes live is whatever is there then, unless one is named.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = ScheduleIn,
    responses(
        (status = 200, description = "The working copy, with its times.", body = WorkingCopy),
        (status = 409, description = "The article was retracted, or is in the trash."),
        (status = 422, description = "A time cannot be kept, or the article would lack something then."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/schedule")]
pub(super) async fn schedule_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<ScheduleIn>,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::schedule(&editor, id.0, version.basis(), body.0).await?);
    changed(&view, view.revision())
}

/// Take the times of an article back
///
/// What waited to go live is a draft again, or unpublished where readers had it before; what is live stays.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses(
        (status = 200, description = "The working copy, without times.", body = WorkingCopy),
        (status = 409, description = "The article has no times, or is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/unschedule")]
pub(super) async fn unschedule_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::unschedule(&editor, id.0, version.basis()).await?);
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
