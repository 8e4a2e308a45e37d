//! Reports of what wants an editor's eye.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::domain::time::Timestamp;
use crate::http::conditional::show;
use crate::http::extract::{Editor, Given, Parameters, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::{BrokenLinkPage, MediaPage};
use crate::services::media::{self, Report};
use crate::services::related;

pub(super) struct Expiring {
    before: Option<Timestamp>,
    paging: Paging,
}

impl Parameters for Expiring {
    fn read(given: &mut Given) -> Self {
        Self {
            before: given.one("before", Timestamp::parse),
            paging: Paging::read(given),
        }
    }
}

/// List media whose rights end soon
///
/// Those that have ended too. The last uploaded first.
#[utoipa::path(
    tag = "editor reports",
    params(
        ("before" = Option<Timestamp>, Query, description = "Rights that end before this; in thirty days unless given."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of media.", body = MediaPage))
)]
#[get("/api/v1/editor/reports/rights-expiring")]
pub(super) async fn report_rights_expiring(
    editor: Editor,
    req: HttpRequest,
    asked: Query<Expiring>,
) -> Result<HttpResponse, Problem> {
    let report = Report::RightsExpiring(asked.0.before);
    reported(&editor, &req, report, asked.0.paging).await
}

/// List media that nothing shows
///
/// Neither a working copy nor a live page nor a contributor. The last uploaded first.
#[utoipa::path(
    tag = "editor reports",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of media.", body = MediaPage))
)]
#[get("/api/v1/editor/reports/unused-media")]
pub(super) async fn report_unused_media(
    editor: Editor,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    reported(&editor, &req, Report::Unused, paging.0).await
}

/// List pictures without an alternative text
///
/// Those that say none themselves; a place that shows one may. The last uploaded first.
#[utoipa::path(
    tag = "editor reports",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of media.", body = MediaPage))
)]
#[get("/api/v1/editor/reports/missing-alt")]
pub(super) async fn report_missing_alt(
    editor: Editor,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    reported(&editor, &req, Report::MissingAlt, paging.0).await
}

/// List related links that lead readers nowhere
///
/// To articles that are not live or are deleted, and to pages elsewhere that failed when `copydesk links check` asked them last;
/// from working copies outside the trash, the newest links first. Contributors see those in their own articles.
#[utoipa::path(
    tag = "editor reports",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of links.", body = BrokenLinkPage))
)]
#[get("/api/v1/editor/reports/broken-links")]
pub(super) async fn report_broken_links(
    editor: Editor,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = related::broken(&editor, paging.0.limit, paging.0.cursor).await?;
    show(&req, &BrokenLinkPage::from(page))
}

async fn reported(editor: &Editor, req: &HttpRequest, report: Report, paging: Paging) -> Result<HttpResponse, Problem> {
    let page = media::report(editor, report, paging.limit, paging.cursor).await?;
    show(req, &MediaPage::from(page))
}
