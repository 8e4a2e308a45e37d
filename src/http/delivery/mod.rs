//! What anybody may read: editions, and the names of sections, contributors and tags.

mod articles;
mod feeds;
mod forms;
mod related;
mod resolve;
mod search;
mod site;
mod sitemap;
mod taxonomy;

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;

use super::conditional::json;
use super::etag::strong_etag;
use super::problem::Problem;
use super::routes::Routes;
use crate::config::Answered;
use crate::domain::time::Timestamp;
use crate::services::Delivery;
use crate::services::delivery::Ready;

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(articles::list_articles)
        .service(articles::get_article)
        .service(related::list_related)
        .service(related::list_backlinks)
        .service(resolve::resolve_path)
        .service(search::search_articles)
        .service(taxonomy::list_sections)
        .service(taxonomy::get_section)
        .service(taxonomy::list_contributors)
        .service(taxonomy::get_contributor)
        .service(taxonomy::list_tags)
        .service(taxonomy::get_tag)
        .service(site::get_site)
        .service(feeds::get_feed)
        .service(sitemap::get_sitemap)
        .service(sitemap::get_sitemap_file)
        .service(sitemap::get_news_sitemap)
        .service(sitemap::get_robots);
}

/// An answer that caches on the way may keep. `keys` names what it shows, so that a cache can drop it with that.
fn public<T: Serialize>(
    req: &HttpRequest,
    reader: &Delivery,
    view: &T,
    last_modified: Option<Timestamp>,
    keys: &str,
) -> Result<HttpResponse, Problem> {
    let bytes: Bytes = json(view)?;
    Ok(cacheable(req, reader, bytes, "application/json", last_modified, keys))
}

/// What has several forms.
const ARTICLE: &str = "/api/v1/articles/{article}";
/// What grows old by itself.
const NEWS: &str = "/sitemap-news.xml";

/// The same for what is no view.
fn cacheable(
    req: &HttpRequest,
    reader: &Delivery,
    bytes: Bytes,
    media_type: &'static str,
    last_modified: Option<Timestamp>,
    keys: &str,
) -> HttpResponse {
    let route = req.match_pattern().unwrap_or_default();
    let etag = strong_etag(&bytes);
    let mut made = Ready::new(bytes, media_type, etag);
    made.last_modified = last_modified;
    made.cache_control = reader.config().keeping(answered(&route)).cache_control();
    keys.clone_into(&mut made.surrogate_key);
    made.varies = route == ARTICLE;
    made.by_the_clock = route == NEWS;
    made.route = route;
    // Whoever is around all handlers sends it, in the coding that the client takes, and may keep it.
    req.extensions_mut().insert(Arc::new(made));
    HttpResponse::Ok().finish()
}

/// What the answers of a route are.
fn answered(route: &str) -> Answered {
    match route.strip_prefix("/api/v1/").unwrap_or(route) {
        "articles/{article}" | "resolve" => Answered::Article,
        "site" => Answered::Site,
        "search" => Answered::Search,
        route if route.starts_with("articles") => Answered::List,
        route if route.starts_with("/feeds") => Answered::Feed,
        route if route.starts_with("/sitemap") || route.starts_with("/robots") => Answered::Sitemap,
        _ => Answered::Taxonomy,
    }
}
