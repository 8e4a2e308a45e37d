//! Sections, contributors and tags for readers.

use std::collections::BTreeSet;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::public;
use crate::domain::slug::Slug;
use crate::http::codes::Code;
use crate::http::extract::{Query, Reader};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::{ContributorPage, SectionPage, TagPage};
use crate::http::view::taxonomy::{ContributorView, SectionView, TagView};

/// List sections
///
/// By slug, each with the sections above it and the number of live articles.
#[utoipa::path(
    tag = "delivery",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of sections.", body = SectionPage))
)]
#[get("/api/v1/sections")]
pub(super) async fn list_sections(
    reader: Reader,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = SectionPage::from(reader.sections(paging.0.limit, paging.0.cursor).await?);
    public(&req, &reader, &page, None, "sections articles")
}

/// Read a section
///
/// With the sections above it, outermost first.
#[utoipa::path(
    tag = "delivery",
    params(("slug" = Slug, Path, description = "The slug.")),
    responses((status = 200, description = "The section.", body = SectionView))
)]
#[get("/api/v1/sections/{slug}")]
pub(super) async fn get_section(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = SectionView::from(reader.section(named(&slug)?).await?);
    public(&req, &reader, &view, None, "sections articles")
}

/// List contributors
///
/// By slug.
#[utoipa::path(
    tag = "delivery",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of contributors.", body = ContributorPage))
)]
#[get("/api/v1/contributors")]
pub(super) async fn list_contributors(
    reader: Reader,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = ContributorPage::from(reader.contributors(paging.0.limit, paging.0.cursor).await?);
    let avatars: BTreeSet<String> = page.items.iter().filter_map(avatar_key).collect();
    let keys: Vec<String> = ["contributors".to_owned()].into_iter().chain(avatars).collect();
    public(&req, &reader, &page, None, &keys.join(" "))
}

/// Read a contributor
///
/// What readers are told about who made a story.
#[utoipa::path(
    tag = "delivery",
    params(("slug" = Slug, Path, description = "The slug.")),
    responses((status = 200, description = "The contributor.", body = ContributorView))
)]
#[get("/api/v1/contributors/{slug}")]
pub(super) async fn get_contributor(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = ContributorView::from(reader.contributor(named(&slug)?).await?);
    let keys = [format!("contributor:{}", view.id)]
        .into_iter()
        .chain(avatar_key(&view));
    let keys: Vec<String> = keys.collect();
    public(&req, &reader, &view, None, &keys.join(" "))
}

/// List tags
///
/// By slug, each with the number of live articles that have it.
#[utoipa::path(
    tag = "delivery",
    params(
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of tags.", body = TagPage))
)]
#[get("/api/v1/tags")]
pub(super) async fn list_tags(
    reader: Reader,
    req: HttpRequest,
    paging: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let page = TagPage::from(reader.tags(paging.0.limit, paging.0.cursor).await?);
    public(&req, &reader, &page, None, "tags articles")
}

/// Read a tag
///
/// The articles that have it are listed by `tag=` of the list of articles.
#[utoipa::path(
    tag = "delivery",
    params(("slug" = Slug, Path, description = "The slug.")),
    responses((status = 200, description = "The tag.", body = TagView))
)]
#[get("/api/v1/tags/{slug}")]
pub(super) async fn get_tag(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = TagView::from(reader.tag(named(&slug)?).await?);
    let keys = format!("tag:{} articles", view.id);
    public(&req, &reader, &view, None, &keys)
}

/// The name under which caches keep what shows a contributor's picture.
fn avatar_key(contributor: &ContributorView) -> Option<String> {
    contributor.avatar.as_ref().map(|card| format!("media:{}", card.id))
}

/// What cannot be a slug is not there.
fn named(slug: &str) -> Result<Slug, Problem> {
    Slug::parse(slug).map_err(|_reason| Problem::plain(Code::NotFound))
}
