//! The site itself.

use actix_web::{HttpRequest, HttpResponse, get};

use super::keys::Keys;
use super::public;
use crate::http::extract::{Query, Reader};
use crate::http::problem::Problem;
use crate::http::view::site::SiteView;

/// Read what the site is
///
/// Its name, its language, its sections and how its pages are addressed: what a front end puts around every page.
#[utoipa::path(tag = "delivery", responses((status = 200, description = "The site.", body = SiteView)))]
#[get("/api/v1/site")]
pub(super) async fn get_site(reader: Reader, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let view = SiteView::from(reader.site().await?);
    public(&req, &reader, &view, None, Keys::of(&["site", "sections"]))
}
