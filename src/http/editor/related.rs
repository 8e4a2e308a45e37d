//! Related links of working copies: part of the article, and of its revision.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put};

use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::related::{RelatedNew, RelatedPatch};
use crate::http::codes::Code;
use crate::http::conditional::{changed, created, show};
use crate::http::extract::{Body, Editor, IfMatch, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::ReferrerPage;
use crate::http::view::related::{RelatedLinkView, RelatedLinksIn, RelatedLinksView, RelatedSuggestions};
use crate::services::related;

/// List the related links of an article
///
/// All of them, in their order, with whether readers see them and why not. The ETag is the revision of the article.
#[utoipa::path(
    tag = "editor related links",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses((status = 200, description = "The links.", body = RelatedLinksView))
)]
#[get("/api/v1/editor/articles/{id}/related")]
pub(super) async fn list_related_links(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = RelatedLinksView::from(related::list(&editor, id.0).await?);
    // Targets come and go without a new revision, so the links are always sent.
    changed(&view, view.revision)
}

/// Replace the related links of an article
///
/// The whole list, in its order. A link that is there already is named by its `id`, and keeps what is not said again. Blocks
/// of the body that show a link that goes, or that is to show in the list only, go with it; a link that is to show in the
/// body and does not gets a block at its end. `changes` tells of both.
#[utoipa::path(
    tag = "editor related links",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = RelatedLinksIn,
    responses(
        (status = 200, description = "The links after the change.", body = RelatedLinksView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[put("/api/v1/editor/articles/{id}/related")]
pub(super) async fn replace_related_links(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<RelatedLinksIn>,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = RelatedLinksView::from(related::replace(&editor, id.0, basis, body.0.items).await?);
    changed(&view, view.revision)
}

/// Add a related link
///
/// To an article by `article_id`, or to a page elsewhere by `url` and `title`. With `reciprocal` the target gets a link
/// back, where it has none.
#[utoipa::path(
    tag = "editor related links",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = RelatedNew,
    responses(
        (status = 201, description = "All links of the article, with the new one.", body = RelatedLinksView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[post("/api/v1/editor/articles/{id}/related")]
pub(super) async fn add_related_link(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<RelatedNew>,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let links = related::add(&editor, id.0, basis, body.0).await?;
    let added = links.added.map(|link| format!("/{link}")).unwrap_or_default();
    let view = RelatedLinksView::from(links);
    let location = format!("/api/v1/editor/articles/{}/related{added}", id.0);
    created(&view, &location, view.revision)
}

/// The ids of a path to one link.
fn ids(path: &(String, String)) -> Result<(ArticleId, RelatedLinkId), Problem> {
    let not_found = |_| Problem::plain(Code::NotFound);
    let article = ArticleId::parse(&path.0).map_err(not_found)?;
    Ok((article, RelatedLinkId::parse(&path.1).map_err(not_found)?))
}

/// Read a related link
///
/// With whether readers see it and why not. The ETag is the revision of the article.
#[utoipa::path(
    tag = "editor related links",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("link" = RelatedLinkId, Path, description = "The link's id."),
    ),
    responses((status = 200, description = "The link.", body = RelatedLinkView))
)]
#[get("/api/v1/editor/articles/{id}/related/{link}")]
pub(super) async fn get_related_link(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let (id, link) = ids(&path)?;
    let (position, view, revision) = related::read(&editor, id, link).await?;
    // Its target comes and goes without a new revision, so the link is always sent.
    changed(&RelatedLinkView::at(position, view), revision)
}

/// Change a related link
///
/// A JSON Merge Patch (RFC 7396), and a new `position` in the list. Where a link leads does not change: another target is
/// another link.
#[utoipa::path(
    tag = "editor related links",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("link" = RelatedLinkId, Path, description = "The link's id."),
    ),
    request_body = RelatedPatch,
    responses(
        (status = 200, description = "All links of the article, after the change.", body = RelatedLinksView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[patch("/api/v1/editor/articles/{id}/related/{link}")]
pub(super) async fn patch_related_link(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
    version: IfMatch,
    body: Body<RelatedPatch>,
) -> Result<HttpResponse, Problem> {
    let (id, link) = ids(&path)?;
    let basis = version.basis();
    let view = RelatedLinksView::from(related::patch(&editor, id, basis, link, body.0).await?);
    changed(&view, view.revision)
}

/// Remove a related link
///
/// With the blocks of the body that show it; `changes` tells of them.
#[utoipa::path(
    tag = "editor related links",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("link" = RelatedLinkId, Path, description = "The link's id."),
    ),
    responses(
        (status = 200, description = "The links that are left.", body = RelatedLinksView),
        (status = 409, description = "The article is in the trash."),
    )
)]
#[delete("/api/v1/editor/articles/{id}/related/{link}")]
pub(super) async fn remove_related_link(
    editor: Editor,
    path: Path<(String, String)>,
    _: Query<()>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, link) = ids(&path)?;
    let basis = version.basis();
    let view = RelatedLinksView::from(related::remove(&editor, id, basis, link).await?);
    changed(&view, view.revision)
}

/// List what links to an article
///
/// From working copies, published or not, the trash included; those of the last changed articles first. Contributors see
/// their own.
#[utoipa::path(
    tag = "editor related links",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of links.", body = ReferrerPage))
)]
#[get("/api/v1/editor/articles/{id}/backlinks")]
pub(super) async fn list_referrers(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = related::backlinks(&editor, id.0, paging.0.limit, paging.0.cursor).await?;
    show(&req, &ReferrerPage::from(page))
}

/// Suggest what an article could link to
///
/// The ten live stories that are most like it by their words, their tags and their section, the most like first, and why.
/// Never the article itself, and never one that it links to already.
#[utoipa::path(
    tag = "editor related links",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    responses((status = 200, description = "The suggestions.", body = RelatedSuggestions))
)]
#[get("/api/v1/editor/articles/{id}/related/suggestions")]
pub(super) async fn suggest_related(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    show(
        &req,
        &RelatedSuggestions::from(related::suggestions(&editor, id.0).await?),
    )
}
