//! Sections, contributors and tags, as editors manage them. Each kind has the same handlers, told apart by their types,
//! their words and their paths.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use crate::domain::contributor::{Contributor, ContributorMerge, ContributorPatch};
use crate::domain::id::{ContributorId, SectionId, TagId};
use crate::domain::section::{Section, SectionPatch};
use crate::domain::tag::{Tag, TagMerge, TagPatch};
use crate::http::conditional::{changed, created, show, show_revision};
use crate::http::extract::{Body, Editor, IfMatch, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::input::{ContributorIn, SectionIn, TagIn};
use crate::http::view::list::{EditorContributorPage, EditorSectionPage, EditorTagPage};
use crate::http::view::taxonomy::{EditorContributor, EditorSection, EditorTag};
use crate::services::{merge, taxonomy};

/// The handlers that a kind has: list, create, read, change, delete.
macro_rules! handlers {
    (
        $noun:literal in $tag:literal at $all:literal and $one:literal;
        $of:ident, $id:ident, $patch:ident, $in:ident, $view:ident, $page:ident;
        $list:ident, $create:ident, $get:ident, $change:ident, $delete:ident
    ) => {
        #[utoipa::path(
            tag = $tag,
            summary = concat!("List ", $noun, "s to edit"),
            description = "By slug, with their revisions and how many articles name each.",
            params(
                ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
                ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
            ),
            responses((status = 200, description = concat!("A page of ", $noun, "s."), body = $page))
        )]
        #[get($all)]
        pub(super) async fn $list(
            editor: Editor,
            req: HttpRequest,
            paging: Query<Paging>,
        ) -> Result<HttpResponse, Problem> {
            let page = taxonomy::list::<$of>(&editor, paging.0.limit, paging.0.cursor).await?;
            show(&req, &<$page>::from(page))
        }

        #[utoipa::path(
            tag = $tag,
            summary = concat!("Create a ", $noun),
            description = "Only the name must be given; the slug is made from it unless given.",
            request_body = $in,
            responses(
                (status = 201, description = concat!("The new ", $noun, "."), body = $view),
                (status = 409, description = concat!("Another ", $noun, " has the slug.")),
            )
        )]
        #[post($all)]
        pub(super) async fn $create(editor: Editor, _: Query<()>, body: Body<$in>) -> Result<HttpResponse, Problem> {
            let view = <$view>::from(taxonomy::create::<$of>(&editor, body.0.0).await?);
            created(&view, &format!("{}/{}", $all, view.id), view.revision)
        }

        #[utoipa::path(
            tag = $tag,
            summary = concat!("Read a ", $noun, " to edit"),
            description = "The revision is the ETag that a change needs.",
            params(("id" = $id, Path, description = concat!("The ", $noun, "'s id."))),
            responses((status = 200, description = concat!("The ", $noun, "."), body = $view))
        )]
        #[get($one)]
        pub(super) async fn $get(
            editor: Editor,
            req: HttpRequest,
            id: PathId<$id>,
            _: Query<()>,
        ) -> Result<HttpResponse, Problem> {
            let view = <$view>::from(taxonomy::read::<$of>(&editor, id.0).await?);
            show_revision(&req, &view, view.revision)
        }

        #[utoipa::path(
            tag = $tag,
            summary = concat!("Change a ", $noun),
            description = concat!(
                "A JSON Merge Patch (RFC 7396). Live pages that name the ", $noun, " show the change at once.",
            ),
            params(("id" = $id, Path, description = concat!("The ", $noun, "'s id."))),
            request_body = $patch,
            responses(
                (status = 200, description = concat!("The ", $noun, " after the change."), body = $view),
                (status = 409, description = concat!("Another ", $noun, " has the slug.")),
            )
        )]
        #[patch($one)]
        pub(super) async fn $change(
            editor: Editor,
            id: PathId<$id>,
            _: Query<()>,
            version: IfMatch,
            body: Body<$patch>,
        ) -> Result<HttpResponse, Problem> {
            let basis = version.basis();
            let view = <$view>::from(taxonomy::edit::<$of>(&editor, id.0, basis, body.0).await?);
            changed(&view, view.revision)
        }

        #[utoipa::path(
            tag = $tag,
            summary = concat!("Delete a ", $noun),
            description = "Refused while anything refers to it; the refusal names what does.",
            params(("id" = $id, Path, description = concat!("The ", $noun, "'s id."))),
            responses(
                (status = 204, description = "It is gone."),
                (status = 409, description = "Something refers to it; `uses` says what."),
            )
        )]
        #[delete($one)]
        pub(super) async fn $delete(
            editor: Editor,
            id: PathId<$id>,
            _: Query<()>,
            version: IfMatch,
        ) -> Result<HttpResponse, Problem> {
            taxonomy::delete::<$of>(&editor, id.0, version.basis()).await?;
            Ok(HttpResponse::NoContent().finish())
        }
    };
}

/// The handler that merges two of a kind.
macro_rules! merging {
    ($noun:literal in $tag:literal at $path:literal; $of:ident, $id:ident, $body:ident, $view:ident; $merge:ident) => {
        #[utoipa::path(
            tag = $tag,
            summary = concat!("Merge a ", $noun, " into another"),
            description = "Every article that names this one names the other from now on, on live pages too, and this one is \
                deleted. Working copies that change by that get a new revision. `If-Match` is for the one that goes.",
            params(("id" = $id, Path, description = concat!("The id of the ", $noun, " that goes."))),
            request_body = $body,
            responses((status = 200, description = concat!("The ", $noun, " that stays."), body = $view))
        )]
        #[post($path)]
        pub(super) async fn $merge(
            editor: Editor,
            id: PathId<$id>,
            _: Query<()>,
            version: IfMatch,
            body: Body<$body>,
        ) -> Result<HttpResponse, Problem> {
            let basis = version.basis();
            let view = <$view>::from(merge::merge::<$of>(&editor, id.0, basis, body.0.into).await?);
            changed(&view, view.revision)
        }
    };
}

handlers! {
    "section" in "editor sections" at "/api/v1/editor/sections" and "/api/v1/editor/sections/{id}";
    Section, SectionId, SectionPatch, SectionIn, EditorSection, EditorSectionPage;
    list_editor_sections, create_section, get_editor_section, patch_section, delete_section
}

handlers! {
    "contributor" in "editor contributors" at "/api/v1/editor/contributors" and "/api/v1/editor/contributors/{id}";
    Contributor, ContributorId, ContributorPatch, ContributorIn, EditorContributor, EditorContributorPage;
    list_editor_contributors, create_contributor, get_editor_contributor, patch_contributor, delete_contributor
}
merging! {
    "contributor" in "editor contributors" at "/api/v1/editor/contributors/{id}/actions/merge";
    Contributor, ContributorId, ContributorMerge, EditorContributor; merge_contributor
}

handlers! {
    "tag" in "editor tags" at "/api/v1/editor/tags" and "/api/v1/editor/tags/{id}";
    Tag, TagId, TagPatch, TagIn, EditorTag, EditorTagPage;
    list_editor_tags, create_tag, get_editor_tag, patch_tag, delete_tag
}
merging! {
    "tag" in "editor tags" at "/api/v1/editor/tags/{id}/actions/merge";
    Tag, TagId, TagMerge, EditorTag; merge_tag
}
