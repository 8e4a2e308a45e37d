//! Related links of live articles, from both of their ends.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::keys::Keys;
use super::public;
use crate::http::extract::{Query, Reader};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::{BacklinkPage, RelatedCardPage};
use crate::services::delivery::LinksOf;

/// List the related links of a live article
///
/// Those of its list, in their order, as far as what they lead to is live.
#[utoipa::path(
    tag = "delivery",
    params(
        ("article" = String, Path, description = "The id, the short id or the slug.", example = "7gk2m9qx"),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of links.", body = RelatedCardPage),
        (status = 410, description = "The article was live once and is not now."),
    )
)]
#[get("/api/v1/articles/{article}/related")]
pub(super) async fn list_related(
    reader: Reader,
    req: HttpRequest,
    article: Path<String>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let links = reader
        .related(article.into_inner(), paging.0.limit, paging.0.cursor)
        .await?;
    let shown = links.page.items.iter().filter_map(|card| card.article.as_ref());
    let mut keys = keys(&links);
    shown.for_each(|card| keys.card(card));
    public(&req, &reader, &RelatedCardPage::from(links.page), None, keys)
}

/// List what links to a live article
///
/// The live articles whose related links lead to it, the latest published first.
#[utoipa::path(
    tag = "delivery",
    params(
        ("article" = String, Path, description = "The id, the short id or the slug.", example = "7gk2m9qx"),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of backlinks.", body = BacklinkPage),
        (status = 410, description = "The article was live once and is not now."),
    )
)]
#[get("/api/v1/articles/{article}/backlinks")]
pub(super) async fn list_backlinks(
    reader: Reader,
    req: HttpRequest,
    article: Path<String>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let links = reader
        .backlinks(article.into_inner(), paging.0.limit, paging.0.cursor)
        .await?;
    let mut keys = keys(&links);
    links.page.items.iter().for_each(|one| keys.card(&one.article));
    keys.id("backlinks", links.article.0);
    public(&req, &reader, &BacklinkPage::from(links.page), None, keys)
}

fn keys<T>(links: &LinksOf<T>) -> Keys {
    let mut keys = Keys::default();
    keys.id("article", links.article.0);
    links.linked.iter().for_each(|id| keys.link(*id));
    keys
}
