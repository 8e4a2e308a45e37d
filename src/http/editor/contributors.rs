//! Contributors, as editors manage them.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use crate::domain::contributor::ContributorPatch;
use crate::domain::id::ContributorId;
use crate::http::conditional::{changed, created, show, show_revision};
use crate::http::extract::{Body, Editor, IfMatch, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::input::ContributorIn;
use crate::http::view::list::EditorContributorPage;
use crate::http::view::taxonomy::EditorContributor;
use crate::services::contributors;

/// List contributors to edit
///
/// By slug, with their revisions.
#[utoipa::path(
    tag = "editor contributors",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of contributors.", body = EditorContributorPage))
)]
#[get("/api/v1/editor/contributors")]
pub(super) async fn list_editor_contributors(
    editor: Editor,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    show(
        &req,
        &EditorContributorPage::from(contributors::list(&editor, paging.0.limit, paging.0.cursor).await?),
    )
}

/// Create a contributor
///
/// Only the name must be given; the slug is made from it unless given.
#[utoipa::path(
    tag = "editor contributors",
    request_body = ContributorIn,
    responses(
        (status = 201, description = "The new contributor.", body = EditorContributor),
        (status = 409, description = "Another contributor has the slug."),
    )
)]
#[post("/api/v1/editor/contributors")]
pub(super) async fn create_contributor(
    editor: Editor,
    _: Query<()>,
    body: Body<ContributorIn>,
) -> Result<HttpResponse, Problem> {
    let view = EditorContributor::from(contributors::create(&editor, body.0.0).await?);
    created(
        &view,
        &format!("/api/v1/editor/contributors/{}", view.id),
        view.revision,
    )
}

/// Read a contributor to edit
///
/// Their revision is the ETag that a change needs.
#[utoipa::path(
    tag = "editor contributors",
    params(("id" = ContributorId, Path, description = "The contributor's id.")),
    responses((status = 200, description = "The contributor.", body = EditorContributor))
)]
#[get("/api/v1/editor/contributors/{id}")]
pub(super) async fn get_editor_contributor(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ContributorId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = EditorContributor::from(contributors::read(&editor, id.0).await?);
    show_revision(&req, &view, view.revision)
}

/// Change a contributor
///
/// A JSON Merge Patch (RFC 7396). Live pages that name the contributor show the change at once.
#[utoipa::path(
    tag = "editor contributors",
    params(("id" = ContributorId, Path, description = "The contributor's id.")),
    request_body = ContributorPatch,
    responses(
        (status = 200, description = "The contributor after the change.", body = EditorContributor),
        (status = 409, description = "Another contributor has the slug."),
    )
)]
#[patch("/api/v1/editor/contributors/{id}")]
pub(super) async fn patch_contributor(
    editor: Editor,
    id: PathId<ContributorId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<ContributorPatch>,
) -> Result<HttpResponse, Problem> {
    let basis = move |revision| version.matches(revision);
    let view = EditorContributor::from(contributors::edit(&editor, id.0, basis, body.0).await?);
    changed(&view, view.revision)
}

/// Delete a contributor
///
/// Refused while anything refers to it; the refusal names what does.
#[utoipa::path(
    tag = "editor contributors",
    params(("id" = ContributorId, Path, description = "The contributor's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Something refers to it; `uses` says what."),
    )
)]
#[delete("/api/v1/editor/contributors/{id}")]
pub(super) async fn delete_contributor(
    editor: Editor,
    id: PathId<ContributorId>,
    _: Query<()>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    contributors::delete(&editor, id.0, move |revision| version.matches(revision)).await?;
    Ok(HttpResponse::NoContent().finish())
}
