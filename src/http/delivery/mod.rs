//! What anybody may read: editions, and the names of sections, contributors and tags.

mod articles;
mod feeds;
mod forms;
mod related;
mod resolve;
mod site;
mod sitemap;
mod taxonomy;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::conditional::{Validators, json, respond};
use super::etag::strong_etag;
use super::problem::Problem;
use super::routes::Routes;
use crate::domain::time::Timestamp;
use crate::services::Delivery;

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(articles::list_articles)
        .service(articles::get_article)
        .service(related::list_related)
        .service(related::list_backlinks)
        .service(resolve::resolve_path)
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

/// The same for what is no view.
fn cacheable(
    req: &HttpRequest,
    reader: &Delivery,
    bytes: Bytes,
    media_type: &'static str,
    last_modified: Option<Timestamp>,
    keys: &str,
) -> HttpResponse {
    let config = reader.config();
    let cache = format!(
        "public, max-age={}, stale-while-revalidate={}",
        config.max_age, config.stale_while_revalidate
    );
    let validators = Validators {
        etag: strong_etag(&bytes),
        last_modified,
    };
    respond(req, bytes, media_type, &validators, &cache, Some(keys))
}
