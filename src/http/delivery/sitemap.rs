//! What there is on the site, for search engines.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::cacheable;
use super::keys::Keys;
use crate::http::codes::Code;
use crate::http::extract::{Query, Reader};
use crate::http::problem::Problem;

const XML: &str = "application/xml";
/// What goes live, changes or is taken down has all of these forgotten.
const KEYS: &[&str] = &["articles"];

/// List the files of the sitemap
///
/// One for each month in which something that is live was published, and more where a month has too much for one. A file says when
/// something of it last changed where that is one of the last 1,000 changes of the site.
#[utoipa::path(
    tag = "delivery",
    responses((status = 200, description = "The index (sitemaps.org).", content((String = "application/xml"))))
)]
#[get("/sitemap.xml")]
pub(super) async fn get_sitemap(reader: Reader, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let text = reader.sitemap_index().await?;
    Ok(cacheable(&req, &reader, text, XML, None, Keys::of(KEYS)))
}

/// Read a file of the sitemap
///
/// The addresses of live articles in the order in which they were published, each with the time since when it is as it is, and with its
/// other languages.
#[utoipa::path(
    tag = "delivery",
    params(("file" = String, Path, description = "As the index names it.", example = "2026-02.xml")),
    responses((status = 200, description = "The file (sitemaps.org).", content((String = "application/xml"))))
)]
#[get("/sitemaps/{file}")]
pub(super) async fn get_sitemap_file(
    reader: Reader,
    req: HttpRequest,
    file: Path<String>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let name = file
        .strip_suffix(".xml")
        .ok_or_else(|| Problem::plain(Code::NotFound))?;
    let text = reader.sitemap_file(name).await?;
    Ok(cacheable(&req, &reader, text, XML, None, Keys::of(KEYS)))
}

/// Read the sitemap of news
///
/// The stories that were first published in the last 48 hours, the latest first, at most 1,000.
#[utoipa::path(
    tag = "delivery",
    responses((
        status = 200,
        description = "The file (sitemaps.org), with Google's extension for news.",
        content((String = "application/xml")),
    ))
)]
#[get("/sitemap-news.xml")]
pub(super) async fn get_news_sitemap(reader: Reader, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let text = reader.news_sitemap().await?;
    Ok(cacheable(&req, &reader, text, XML, None, Keys::of(KEYS)))
}

/// Read what search engines may read
///
/// By the configuration: all of the site, all but some paths, or nothing. Names the sitemaps.
#[utoipa::path(
    tag = "delivery",
    responses((status = 200, description = "`robots.txt` (RFC 9309).", content((String = "text/plain"))))
)]
#[get("/robots.txt")]
pub(super) async fn get_robots(reader: Reader, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let text = reader.robots();
    let keys = Keys::of(&["site"]);
    Ok(cacheable(&req, &reader, text, "text/plain; charset=utf-8", None, keys))
}
