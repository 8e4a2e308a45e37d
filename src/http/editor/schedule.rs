//! What is to be done by itself.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::domain::time::Timestamp;
use crate::http::conditional::show;
use crate::http::extract::{Editor, Given, Parameters, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::ScheduledMovePage;
use crate::services::articles;

/// Which part of the calendar.
pub(super) struct Span {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    paging: Paging,
}

impl Parameters for Span {
    fn read(given: &mut Given) -> Self {
        Self {
            from: given.one("from", Timestamp::parse),
            to: given.one("to", Timestamp::parse),
            paging: Paging::read(given),
        }
    }
}

/// List what goes live and what is taken down by itself
///
/// What is next first. Contributors see what is about their own articles.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("from" = Option<Timestamp>, Query, description = "From this moment on."),
        ("to" = Option<Timestamp>, Query, description = "Before this moment."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same times."),
    ),
    responses((status = 200, description = "A page of what is to be done.", body = ScheduledMovePage))
)]
#[get("/api/v1/editor/schedule")]
pub(super) async fn list_schedule(
    editor: Editor,
    req: HttpRequest,
    span: Query<Span>,
) -> Result<HttpResponse, Problem> {
    let Span { from, to, paging } = span.0;
    let page = articles::planned(&editor, from, to, paging.limit, paging.cursor).await?;
    show(&req, &ScheduledMovePage::from(page))
}
