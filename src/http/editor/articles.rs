//! Working copies.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};

use crate::domain::article::{ArticleKind, ArticlePatch};
use crate::domain::body::BodyFormat;
use crate::domain::id::{ArticleId, UserId};
use crate::domain::locale::Locale;
use crate::domain::page::Limit;
use crate::domain::schedule::GoesLive;
use crate::domain::slug::Slug;
use crate::domain::workflow::Status;
use crate::http::conditional::{changed, created, show, show_revision};
use crate::http::extract::{Body, Editor, Given, IfMatch, Parameters, PathId, Prefer, Query};
use crate::http::parameters::{Shape, cursor};
use crate::http::problem::Problem;
use crate::http::view::article::WorkingCopy;
use crate::http::view::input::ArticleIn;
use crate::http::view::list::WorkingCopyPage;
use crate::services::articles::{self, ArticleQuery, Saving};

impl Parameters for ArticleQuery {
    fn read(given: &mut Given) -> Self {
        Self {
            statuses: given.many("status", Status::parse),
            kinds: given.many("kind", ArticleKind::parse),
            locales: given.many("locale", Locale::parse),
            sections: given.many("section", Slug::parse),
            tags: given.many("tag", Slug::parse),
            contributors: given.many("contributor", Slug::parse),
            created_by: given.many("created_by", UserId::parse),
            trashed: given.flag("trashed"),
            count: given.flag("count"),
            limit: given.one("limit", Limit::parse),
            cursor: given.one("cursor", cursor),
        }
    }
}

/// List working copies
///
/// The latest changed first. Contributors see their own.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("status" = Option<Vec<Status>>, Query, description = "States."),
        ("kind" = Option<Vec<ArticleKind>>, Query, description = "Kinds of article."),
        ("locale" = Option<Vec<Locale>>, Query, description = "Languages, as BCP 47 tags."),
        ("section" = Option<Vec<Slug>>, Query, description = "Slugs of sections; each brings the sections below it."),
        ("tag" = Option<Vec<Slug>>, Query, description = "Slugs of tags."),
        ("contributor" = Option<Vec<Slug>>, Query, description = "Slugs of contributors whom the byline names."),
        ("created_by" = Option<Vec<UserId>>, Query, description = "Who made them."),
        ("trashed" = Option<bool>, Query, description = "With `true` the trash, and only that."),
        ("count" = Option<bool>, Query, description = "With `true` the answer says how many there are in all."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before, with the same filters."),
    ),
    responses((status = 200, description = "A page of working copies.", body = WorkingCopyPage))
)]
#[get("/api/v1/editor/articles")]
pub(super) async fn list_working_copies(
    editor: Editor,
    req: HttpRequest,
    query: Query<ArticleQuery>,
) -> Result<HttpResponse, Problem> {
    show(&req, &WorkingCopyPage::from(articles::list(&editor, query.0).await?))
}

/// Create an article
///
/// A draft. Only the headline must be given; the slug is made from it unless given. The body comes as blocks, as Markdown
/// or as HTML.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("Prefer" = Option<String>, Header, example = "handling=strict", description = "`handling=strict` refuses a body of \
            Markdown or HTML of which something would be lost; else that is told in `warnings`."),
    ),
    request_body = ArticleIn,
    responses(
        (status = 201, description = "The new draft.", body = WorkingCopy),
        (status = 409, description = "Another article has the slug, or the language in the group of translations."),
    )
)]
#[post("/api/v1/editor/articles")]
pub(super) async fn create_article(
    editor: Editor,
    _: Query<()>,
    prefer: Prefer,
    body: Body<ArticleIn>,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::create(&editor, body.0.0, prefer.handling()).await?);
    let location = format!("/api/v1/editor/articles/{}", view.id());
    created(&view, &location, view.revision()).map(|response| prefer.applied(response))
}

/// Read a working copy
///
/// As it is now, published or not; its revision is the ETag.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("body" = Option<BodyFormat>, Query, description = "The form of the body: `blocks` unless given, in `body`; `html`, \
            `markdown` and `text` in `body_html`, `body_markdown` and `body_text`; `none` leaves it out."),
    ),
    responses((status = 200, description = "The working copy.", body = WorkingCopy))
)]
#[get("/api/v1/editor/articles/{id}")]
pub(super) async fn get_working_copy(
    editor: Editor,
    req: HttpRequest,
    id: PathId<ArticleId>,
    shape: Query<Shape>,
) -> Result<HttpResponse, Problem> {
    let view = WorkingCopy::from(articles::read(&editor, id.0, shape.0.format).await?);
    match shape.0.format {
        // These show where linked articles are now, which the revision does not tell: they are always sent.
        BodyFormat::Html | BodyFormat::Markdown => changed(&view, view.revision()),
        _ if !view.is_told_by_revision() => changed(&view, view.revision()),
        BodyFormat::Blocks | BodyFormat::Text | BodyFormat::None => show_revision(&req, &view, view.revision()),
    }
}

/// How a patch is taken.
pub(super) struct Patching {
    merge: bool,
    autosave: bool,
    goes_live: Option<GoesLive>,
}

impl Parameters for Patching {
    fn read(given: &mut Given) -> Self {
        Self {
            merge: given.flag("merge"),
            autosave: given.flag("autosave"),
            goes_live: given.one("goes_live", GoesLive::parse),
        }
    }
}

/// Change an article
///
/// A JSON Merge Patch (RFC 7396): absent fields stay, null clears, arrays are replaced whole. What readers see changes
/// with the next publish.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("merge" = Option<bool>, Query, description = "With `true` a patch is taken on an older revision too, where nobody \
            else changed since then what it changes."),
        ("autosave" = Option<bool>, Query, description = "With `true` a program says that it saves while somebody writes: \
            such revisions of one editor within five minutes become one."),
        ("goes_live" = Option<GoesLive>, Query, description = "Of an article that goes live by itself: whether that is then \
            the `latest` revision, or the one that was `scheduled` before this change. As it was set, unless given."),
        ("Prefer" = Option<String>, Header, example = "handling=strict", description = "`handling=strict` refuses a body of \
            Markdown or HTML of which something would be lost; else that is told in `warnings`."),
    ),
    request_body = ArticlePatch,
    responses(
        (status = 200, description = "The working copy after the change.", body = WorkingCopy),
        (status = 409, description = "The article is in the trash, or another has the slug or the language in the group."),
    )
)]
#[patch("/api/v1/editor/articles/{id}")]
pub(super) async fn patch_article(
    editor: Editor,
    id: PathId<ArticleId>,
    how: Query<Patching>,
    version: IfMatch,
    prefer: Prefer,
    body: Body<ArticlePatch>,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let saving = Saving {
        handling: prefer.handling(),
        merge: how.0.merge,
        autosave: how.0.autosave,
        goes_live: how.0.goes_live,
    };
    let view = WorkingCopy::from(articles::edit(&editor, id.0, basis, body.0, saving).await?);
    changed(&view, view.revision()).map(|response| prefer.applied(response))
}

/// How an article is deleted.
pub(super) struct Deletion {
    permanent: bool,
}

impl Parameters for Deletion {
    fn read(given: &mut Given) -> Self {
        Self {
            permanent: given.flag("permanent"),
        }
    }
}

/// Put an article in the trash
///
/// What is live is taken down in the same moment; `referrers` names what links to it. Nothing is lost: `restore` brings it
/// back. With `permanent=true` admins delete it for good, with everything that was ever published of it; links to it stay,
/// hidden, with what it was called.
#[utoipa::path(
    tag = "editor articles",
    params(
        ("id" = ArticleId, Path, description = "The article's id."),
        ("permanent" = Option<bool>, Query, description = "With `true` the article is deleted for good."),
    ),
    responses(
        (status = 200, description = "The working copy, now in the trash.", body = WorkingCopy),
        (status = 204, description = "It is deleted for good."),
    )
)]
#[delete("/api/v1/editor/articles/{id}")]
pub(super) async fn trash_article(
    editor: Editor,
    id: PathId<ArticleId>,
    how: Query<Deletion>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    if how.0.permanent {
        articles::delete(&editor, id.0, basis).await?;
        return Ok(HttpResponse::NoContent().finish());
    }
    let view = WorkingCopy::from(articles::trash(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}
