//! What was done, by whom.

use actix_web::{HttpRequest, HttpResponse, get};

use crate::domain::audit::{AuditAction, AuditFilter, AuditedKind};
use crate::domain::id::{ArticleId, AuditId, UserId};
use crate::domain::time::Timestamp;
use crate::http::conditional::show;
use crate::http::extract::{Editor, Given, Parameters, PathId, Query};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::audit::AuditEntryView;
use crate::http::view::list::AuditEntryPage;
use crate::services::audit;

/// Which part of it.
pub(super) struct Filter {
    filter: AuditFilter,
    paging: Paging,
}

impl Parameters for Filter {
    fn read(given: &mut Given) -> Self {
        let filter = AuditFilter {
            actors: given.many("actor", UserId::parse),
            actions: given.many("action", AuditAction::parse),
            kinds: given.many("type", AuditedKind::parse),
            // Of whatever kind it is.
            subject: given.one("subject", AuditId::parse).map(|AuditId(id)| id),
            from: given.one("from", Timestamp::parse),
            to: given.one("to", Timestamp::parse),
        };
        Self {
            filter,
            paging: Paging::read(given),
        }
    }
}

/// List what was done
///
/// By whom, to what, when and from where; the last first. For administrators. Nothing of it is ever changed.
#[utoipa::path(
    tag = "editor audit",
    params(
        ("actor" = Option<Vec<UserId>>, Query, description = "By one of these users."),
        ("action" = Option<Vec<AuditAction>>, Query, description = "One of these actions."),
        ("type" = Option<Vec<AuditedKind>>, Query, description = "To a thing of one of these types."),
        ("subject" = Option<Uuid>, Query, description = "To the thing with this id, which may be gone."),
        ("from" = Option<Timestamp>, Query, description = "From this moment on."),
        ("to" = Option<Timestamp>, Query, description = "Before this moment."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same filters."),
    ),
    responses((status = 200, description = "A page of what was done.", body = AuditEntryPage))
)]
#[get("/api/v1/editor/audit")]
pub(super) async fn list_audit(
    editor: Editor,
    req: HttpRequest,
    asked: Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let Filter { filter, paging } = asked.0;
    let page = audit::entries(&editor, filter, paging.limit, paging.cursor).await?;
    show(&req, &AuditEntryPage::from(page))
}

/// List what was done to an article
///
/// By whom and when, the last first. For editors; from where is for administrators to know.
#[utoipa::path(
    tag = "editor audit",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of what was done.", body = AuditEntryPage))
)]
#[get("/api/v1/editor/articles/{id}/audit")]
pub(super) async fn list_article_audit(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let Paging { limit, cursor } = paging.0;
    let page = audit::of_article(&editor, id.0, limit, cursor).await?;
    show(&req, &AuditEntryPage::from(page.map(AuditEntryView::without_origin)))
}
