//! What stands at an address of the site.

use actix_web::{HttpRequest, HttpResponse, get};

use super::keys::Keys;
use super::{Written, ready};
use crate::domain::body::BodyFormat;
use crate::domain::related::Include;
use crate::http::conditional::sheet;
use crate::http::extract::{Given, Parameters, Query, Reader};
use crate::http::parameters::unread;
use crate::http::problem::Problem;
use crate::http::view::resolution::ResolutionView;
use crate::services::delivery::{Resolution, Wanted};

pub(super) struct Asked {
    path: String,
    wanted: Wanted,
}

impl Parameters for Asked {
    fn read(given: &mut Given) -> Self {
        Self {
            path: given.needed("path", unread).unwrap_or_default(),
            wanted: Wanted::read(given),
        }
    }
}

/// Ask what stands at an address of the site
///
/// The article where one is live, where it is found now, or that it is gone. A path that an article once had leads to it,
/// and so does any path that ends with its short id.
#[utoipa::path(
    tag = "delivery",
    params(
        (
            "path" = String, Query, max_length = 2048,
            description = "A path of the site as a browser asks for it, or a whole address of the site.",
            example = "/2026/02/16/ferry-service-resumes-7gk2m9qx",
        ),
        ("body" = Option<BodyFormat>, Query, description = "The form of an article's body: `blocks` unless given, in `body`; \
            `html`, `markdown` and `text` in `body_html`, `body_markdown` and `body_text`; `none` leaves it out."),
        ("include" = Option<Vec<Include>>, Query, explode = false, description = "What comes with the article besides, \
            with commas between: `related`, the links of its list; `backlinks`, the first 20 articles that link to it."),
    ),
    responses(
        (status = 200, description = "What stands there.", body = ResolutionView),
        (status = 404, description = "No article was ever there."),
    )
)]
#[get("/api/v1/resolve")]
pub(super) async fn resolve_path(
    reader: Reader,
    req: HttpRequest,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let found = reader.resolve(&asked.0.path, asked.0.wanted).await?;
    let keys = match &found {
        Resolution::Article(article) => Keys::page(article),
        Resolution::Redirect { article_id, .. } | Resolution::Gone(article_id, _) => {
            let mut keys = Keys::default();
            keys.id("article", article_id.0);
            keys
        }
    };
    // No `Last-Modified`: what moves or goes makes the answer newer without a newer article in it.
    let view = ResolutionView::from(found);
    let written = Written::new(sheet(|sheet| view.write(sheet))?, None, keys);
    Ok(ready(&req, &reader, written, "application/json"))
}
