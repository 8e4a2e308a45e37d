//! Sections, contributors and tags for readers.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::keys::Keys;
use super::public;
use crate::domain::edition::Summary;
use crate::domain::page::{Latest, Limit};
use crate::domain::printed::Printed;
use crate::domain::slug::Slug;
use crate::http::codes::Code;
use crate::http::extract::{Given, Parameters, Query, Reader};
use crate::http::parameters::Paging;
use crate::http::problem::Problem;
use crate::http::view::list::{ContributorPage, SectionPage, TagPage};
use crate::http::view::taxonomy::{ContributorView, SectionView, TagView};
use crate::services::delivery::TaxonQuery;

impl Parameters for TaxonQuery {
    fn read(given: &mut Given) -> Self {
        let Paging { limit, cursor } = Paging::read(given);
        Self {
            latest: With::read(given).latest,
            count: given.flag("count"),
            limit: limit.unwrap_or(Limit::DEFAULT),
            cursor,
        }
    }
}

/// What comes with a section, a contributor or a tag.
pub(super) struct With {
    latest: Option<Latest>,
}

impl Parameters for With {
    fn read(given: &mut Given) -> Self {
        Self {
            latest: given.one("latest", Latest::parse),
        }
    }
}

/// List sections
///
/// By slug, each with the sections above it and the number of live articles.
#[utoipa::path(
    tag = "delivery",
    params(
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with each; \
            none unless given."),
        ("count" = Option<bool>, Query, description = "With `true` the answer says how many there are in all."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` or the `previous_cursor` of a page."),
    ),
    responses((status = 200, description = "A page of sections.", body = SectionPage))
)]
#[get("/api/v1/sections")]
pub(super) async fn list_sections(
    reader: Reader,
    req: HttpRequest,
    query: Query<TaxonQuery>,
) -> Result<HttpResponse, Problem> {
    let page = SectionPage::from(reader.sections(query.0).await?);
    let stories = page.items.iter().map(|one| &one.latest);
    let keys = with_stories(Keys::of(&["sections", "articles"]), stories);
    public(&req, &reader, &page, None, keys)
}

/// Read a section
///
/// With the sections above it, outermost first.
#[utoipa::path(
    tag = "delivery",
    params(
        ("slug" = Slug, Path, description = "The slug."),
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with it; \
            none unless given."),
    ),
    responses((status = 200, description = "The section.", body = SectionView))
)]
#[get("/api/v1/sections/{slug}")]
pub(super) async fn get_section(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    with: Query<With>,
) -> Result<HttpResponse, Problem> {
    let view = SectionView::from(reader.section(named(&slug)?, with.0.latest).await?);
    let keys = with_stories(Keys::of(&["sections", "articles"]), [&view.latest]);
    public(&req, &reader, &view, None, keys)
}

/// List contributors
///
/// By slug.
#[utoipa::path(
    tag = "delivery",
    params(
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with each; \
            none unless given."),
        ("count" = Option<bool>, Query, description = "With `true` the answer says how many there are in all."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` or the `previous_cursor` of a page."),
    ),
    responses((status = 200, description = "A page of contributors.", body = ContributorPage))
)]
#[get("/api/v1/contributors")]
pub(super) async fn list_contributors(
    reader: Reader,
    req: HttpRequest,
    query: Query<TaxonQuery>,
) -> Result<HttpResponse, Problem> {
    let page = ContributorPage::from(reader.contributors(query.0).await?);
    let stories = page.items.iter().map(|one| &one.latest);
    let mut keys = with_stories(Keys::of(&["contributors"]), stories);
    page.items.iter().for_each(|one| avatar(&mut keys, one));
    public(&req, &reader, &page, None, keys)
}

/// Read a contributor
///
/// What readers are told about who made a story.
#[utoipa::path(
    tag = "delivery",
    params(
        ("slug" = Slug, Path, description = "The slug."),
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with it; \
            none unless given."),
    ),
    responses((status = 200, description = "The contributor.", body = ContributorView))
)]
#[get("/api/v1/contributors/{slug}")]
pub(super) async fn get_contributor(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    with: Query<With>,
) -> Result<HttpResponse, Problem> {
    let view = ContributorView::from(reader.contributor(named(&slug)?, with.0.latest).await?);
    let mut keys = with_stories(Keys::default(), [&view.latest]);
    keys.id("contributor", view.id.0);
    avatar(&mut keys, &view);
    public(&req, &reader, &view, None, keys)
}

/// List tags
///
/// By slug, each with the number of live articles that have it.
#[utoipa::path(
    tag = "delivery",
    params(
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with each; \
            none unless given."),
        ("count" = Option<bool>, Query, description = "With `true` the answer says how many there are in all."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` or the `previous_cursor` of a page."),
    ),
    responses((status = 200, description = "A page of tags.", body = TagPage))
)]
#[get("/api/v1/tags")]
pub(super) async fn list_tags(
    reader: Reader,
    req: HttpRequest,
    query: Query<TaxonQuery>,
) -> Result<HttpResponse, Problem> {
    let page = TagPage::from(reader.tags(query.0).await?);
    let stories = page.items.iter().map(|one| &one.latest);
    let keys = with_stories(Keys::of(&["tags", "articles"]), stories);
    public(&req, &reader, &page, None, keys)
}

/// Read a tag
///
/// The articles that have it are listed by `tag=` of the list of articles.
#[utoipa::path(
    tag = "delivery",
    params(
        ("slug" = Slug, Path, description = "The slug."),
        ("latest" = Option<i32>, Query, minimum = 1, maximum = 10, description = "How many of its latest stories come with it; \
            none unless given."),
    ),
    responses((status = 200, description = "The tag.", body = TagView))
)]
#[get("/api/v1/tags/{slug}")]
pub(super) async fn get_tag(
    reader: Reader,
    req: HttpRequest,
    slug: Path<String>,
    with: Query<With>,
) -> Result<HttpResponse, Problem> {
    let view = TagView::from(reader.tag(named(&slug)?, with.0.latest).await?);
    let mut keys = with_stories(Keys::of(&["articles"]), [&view.latest]);
    keys.id("tag", view.id.0);
    public(&req, &reader, &view, None, keys)
}

/// The names of the stories that come with an answer, besides its own.
fn with_stories<'a>(mut keys: Keys, latest: impl IntoIterator<Item = &'a Option<Vec<Printed<Summary>>>>) -> Keys {
    for stories in latest.into_iter().flatten() {
        // What was not published is on no list of the latest.
        keys.all("articles");
        for story in stories {
            keys.summary(story);
        }
    }
    keys
}

/// The name of a contributor's picture.
fn avatar(keys: &mut Keys, contributor: &ContributorView) {
    if let Some(card) = &contributor.avatar {
        keys.media(card.id);
    }
}

/// What cannot be a slug is not there.
fn named(slug: &str) -> Result<Slug, Problem> {
    Slug::parse(slug).map_err(|_reason| Problem::plain(Code::NotFound))
}
