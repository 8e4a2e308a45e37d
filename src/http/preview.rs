//! Articles before they are published, for whoever has a token.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::conditional::{sheet, show_bytes};
use super::extract::{Query, Reader, app_of};
use super::problem::Problem;
use super::routes::Routes;
use super::view::published::ArticleView;
use crate::domain::body::BodyFormat;
use crate::domain::related::Include;
use crate::services::articles;
use crate::services::delivery::{PublishedArticle, Wanted};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(get_preview);
}

/// Preview an article
///
/// As readers would see it, had it gone live when it was last changed. For whoever has a token of `POST …/preview-tokens`; nobody may keep or
/// index it. A token that is not good, for whatever reason, is 404.
#[utoipa::path(
    tag = "previews",
    params(
        ("token" = String, Path, description = "The token.", example = "cdp_AZxj8FoQfD6LHworPE1eb1NlZW4gYnkgdGhlIGhhcmJvdXIgbWFzdGVyIGFsb25l"),
        ("body" = Option<BodyFormat>, Query, description = "The form of the body: `blocks` unless given, in `body`; `html`, \
            `markdown` and `text` in `body_html`, `body_markdown` and `body_text`; `none` leaves it out."),
        ("include" = Option<Vec<Include>>, Query, explode = false, description = "What comes with the article besides, \
            with commas between: `related`, the links of its list; `backlinks`, the first 20 articles that link to it."),
    ),
    responses((status = 200, description = "The article, page-complete.", body = ArticleView))
)]
#[get("/api/v1/preview/{token}")]
async fn get_preview(
    // A bad token of a login is refused here as everywhere.
    _: Reader,
    req: HttpRequest,
    token: Path<String>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let make = |article: PublishedArticle| {
        let view = ArticleView::from(article);
        sheet(|sheet| view.write(sheet))
    };
    let bytes = articles::preview(app_of(&req)?, &token, wanted.0, make).await??;
    Ok(show_bytes(&req, bytes, "application/json"))
}
