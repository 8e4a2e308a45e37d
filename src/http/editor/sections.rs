//! Sections, as editors manage them.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use crate::domain::id::SectionId;
use crate::domain::section::SectionPatch;
use crate::http::conditional::{changed, created, show, show_revision};
use crate::http::extract::{Body, Editor, IfMatch, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::input::SectionIn;
use crate::http::view::list::EditorSectionPage;
use crate::http::view::taxonomy::EditorSection;
use crate::services::sections;

/// List sections to edit
///
/// By slug, with their revisions.
#[utoipa::path(
    tag = "editor sections",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of sections.", body = EditorSectionPage))
)]
#[get("/api/v1/editor/sections")]
pub(super) async fn list_editor_sections(
    editor: Editor,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    show(
        &req,
        &EditorSectionPage::from(sections::list(&editor, paging.0.limit, paging.0.cursor).await?),
    )
}

/// Create a section
///
/// Only the name must be given; the slug is made from it unless given.
#[utoipa::path(
    tag = "editor sections",
    request_body = SectionIn,
    responses(
        (status = 201, description = "The new section.", body = EditorSection),
        (status = 409, description = "Another section has the slug."),
    )
)]
#[post("/api/v1/editor/sections")]
pub(super) async fn create_section(
    editor: Editor,
    _: Query<()>,
    body: Body<SectionIn>,
) -> Result<HttpResponse, Problem> {
    let view = EditorSection::from(sections::create(&editor, body.0.0).await?);
    created(&view, &format!("/api/v1/editor/sections/{}", view.id), view.revision)
}

/// Read a section to edit
///
/// Its revision is the ETag that a change needs.
#[utoipa::path(
    tag = "editor sections",
    params(("id" = SectionId, Path, description = "The section's id.")),
    responses((status = 200, description = "The section.", body = EditorSection))
)]
#[get("/api/v1/editor/sections/{id}")]
pub(super) async fn get_editor_section(
    editor: Editor,
    req: HttpRequest,
    id: PathId<SectionId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = EditorSection::from(sections::read(&editor, id.0).await?);
    show_revision(&req, &view, view.revision)
}

/// Change a section
///
/// A JSON Merge Patch (RFC 7396). Live pages that name the section show the change at once.
#[utoipa::path(
    tag = "editor sections",
    params(("id" = SectionId, Path, description = "The section's id.")),
    request_body = SectionPatch,
    responses(
        (status = 200, description = "The section after the change.", body = EditorSection),
        (status = 409, description = "Another section has the slug."),
    )
)]
#[patch("/api/v1/editor/sections/{id}")]
pub(super) async fn patch_section(
    editor: Editor,
    id: PathId<SectionId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<SectionPatch>,
) -> Result<HttpResponse, Problem> {
    let basis = move |revision| version.matches(revision);
    let view = EditorSection::from(sections::edit(&editor, id.0, basis, body.0).await?);
    changed(&view, view.revision)
}

/// Delete a section
///
/// Refused while anything refers to it; the refusal names what does.
#[utoipa::path(
    tag = "editor sections",
    params(("id" = SectionId, Path, description = "The section's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Something refers to it; `uses` says what."),
    )
)]
#[delete("/api/v1/editor/sections/{id}")]
pub(super) async fn delete_section(
    editor: Editor,
    id: PathId<SectionId>,
    _: Query<()>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    sections::delete(&editor, id.0, move |revision| version.matches(revision)).await?;
    Ok(HttpResponse::NoContent().finish())
}
