//! Older states of an article.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};

use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Rule};
use crate::http::codes::Code;
use crate::http::conditional::{changed, show};
use crate::http::extract::{Body, Editor, Given, IfMatch, Parameters, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::http::view::list::RevisionPage;
use crate::http::view::revision::{RevertIn, RevisionDiffView, RevisionView};
use crate::services::articles;

/// List the revisions of an article
///
/// The newest first. Each write makes one; autosaves of one editor within five minutes become one.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of revisions.", body = RevisionPage))
)]
#[get("/api/v1/editor/articles/{id}/revisions")]
pub(super) async fn list_revisions(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = articles::revisions(&editor, id.0, paging.0.limit, paging.0.cursor).await?;
    show(&req, &RevisionPage::from(page))
}

/// The ids of a path to one revision.
fn ids(path: &(String, String)) -> Result<(ArticleId, i32), Problem> {
    let article = ArticleId::parse(&path.0).ok();
    let both = article.zip(number(&path.1).ok());
    both.ok_or_else(|| Problem::plain(Code::NotFound))
}

/// The number of a revision, in its one spelling.
fn number(text: &str) -> Result<i32, Flaw> {
    let number = text.parse::<i32>().ok().filter(|number| *number > 0);
    let number = number.filter(|number| number.to_string() == text);
    number.ok_or_else(|| Flaw::new(Rule::Malformed, "is not the number of a revision"))
}

/// Read a revision
///
/// All that the article was, as it was written. An autosave that became part of a later revision is not there any more.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("revision" = i32, Path, minimum = 1, description = "The revision's number."),
    ),
    responses((status = 200, description = "The revision.", body = RevisionView))
)]
#[get("/api/v1/editor/articles/{id}/revisions/{revision}")]
pub(super) async fn get_revision(
    editor: Editor,
    req: HttpRequest,
    path: Path<(String, String)>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let (id, number) = ids(&path)?;
    show(
        &req,
        &RevisionView::from(articles::revision(&editor, id, number).await?),
    )
}

/// Which revisions are compared.
pub(super) struct Compared {
    from: Option<i32>,
    to: Option<i32>,
}

impl Parameters for Compared {
    fn read(given: &mut Given) -> Self {
        Self {
            from: given.needed("from", number),
            to: given.one("to", number),
        }
    }
}

/// Compare two revisions
///
/// Fields by their names, blocks of the body by their ids, texts by their words.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("from" = i32, Query, minimum = 1, description = "The older revision."),
        ("to" = Option<i32>, Query, minimum = 1, description = "The newer one; the newest unless given."),
    ),
    responses((status = 200, description = "What is other in the newer one.", body = RevisionDiffView))
)]
#[get("/api/v1/editor/articles/{id}/diff")]
pub(super) async fn diff_revisions(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    compared: Query<Compared>,
) -> Result<HttpResponse, Problem> {
    let Compared { from, to } = compared.0;
    // One that is missing is refused before.
    let from = from.unwrap_or_default();
    show(
        &req,
        &RevisionDiffView::from(articles::diff(&editor, id.0, from, to).await?),
    )
}

/// Put an older revision back
///
/// As a new revision: nothing is overwritten. What it names and is no longer there is left out, and told in `left_out`.
#[utoipa::path(
    tag = "editor articles",
    params(("id" = ArticleId, Path, description = "The article's id.")),
    request_body = RevertIn,
    responses(
        (status = 200, description = "The working copy, as it was.", body = WorkingCopy),
        (status = 409, description = "The article is in the trash, or another of its group has the language by now."),
    )
)]
#[post("/api/v1/editor/articles/{id}/actions/revert")]
pub(super) async fn revert_article(
    editor: Editor,
    id: PathId<ArticleId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<RevertIn>,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::revert(&editor, id.0, version.basis(), body.0.revision).await?);
    changed(&view, view.revision())
}
