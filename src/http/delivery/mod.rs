//! What anybody may read: editions, and the names of sections, contributors and tags.

mod articles;
mod feeds;
mod forms;
mod keys;
mod related;
mod resolve;
mod search;
mod site;
mod sitemap;
mod taxonomy;

use std::sync::Arc;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::Serialize;

use self::keys::Keys;
use super::conditional::{exact, json};
use super::etag::strong_etag;
use super::problem::Problem;
use super::routes::{ARTICLE, Routes, route};
use crate::config::Answered;
use crate::domain::time::Timestamp;
use crate::services::Delivery;
use crate::services::delivery::{Head, Ready};

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

/// The page of an article, as a route would answer it that the framework had found.
pub(super) async fn page(req: ServiceRequest, article: String) -> ServiceResponse {
    let (req, _body) = req.into_parts();
    match articles::page(&req, article).await {
        Ok(answer) => ServiceResponse::new(req, answer),
        Err(error) => ServiceResponse::from_err(error, req),
    }
}

/// An answer that caches on the way may keep.
fn public<T: Serialize>(
    req: &HttpRequest,
    reader: &Delivery,
    view: &T,
    last_modified: Option<Timestamp>,
    keys: Keys,
) -> Result<HttpResponse, Problem> {
    let written = Written::json(view, last_modified, keys)?;
    Ok(ready(req, reader, written, "application/json"))
}

/// What is sent, and what is said of it. It can be made on the thread that read what it shows.
struct Written {
    bytes: Bytes,
    etag: String,
    last_modified: Option<Timestamp>,
    keys: String,
}

impl Written {
    fn new(bytes: Bytes, last_modified: Option<Timestamp>, keys: Keys) -> Self {
        Self {
            etag: strong_etag(&bytes),
            bytes,
            last_modified,
            keys: keys.line(),
        }
    }

    fn json<T: Serialize>(view: &T, last_modified: Option<Timestamp>, keys: Keys) -> Result<Self, Problem> {
        Ok(Self::new(json(view)?, last_modified, keys))
    }
}

const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
/// What grows old by itself.
const NEWS: &str = "/sitemap-news.xml";

/// The same for what is no view.
fn cacheable(
    req: &HttpRequest,
    reader: &Delivery,
    bytes: impl Into<Vec<u8>>,
    media_type: &'static str,
    last_modified: Option<Timestamp>,
    keys: Keys,
) -> HttpResponse {
    let written = Written::new(exact(bytes.into()), last_modified, keys);
    ready(req, reader, written, media_type)
}

/// Hands it to whoever is around all handlers, who sends it in the coding that the client takes, and may keep it.
fn ready(req: &HttpRequest, reader: &Delivery, written: Written, media_type: &'static str) -> HttpResponse {
    let route = route(req).unwrap_or_default();
    let varies = if route == ARTICLE {
        "Accept, Accept-Encoding"
    } else {
        "Accept-Encoding"
    };
    let mut head: Head = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::VARY, HeaderValue::from_static(varies)),
    ];
    let mut say = |name, value: String| head.extend(HeaderValue::try_from(value).map(|value| (name, value)));
    let keeping = reader.config().keeping(answered(&route));
    say(header::CACHE_CONTROL, keeping.cache_control());
    say(SURROGATE_KEY, written.keys);
    if let Some(moment) = written.last_modified {
        say(header::LAST_MODIFIED, moment.http_date());
    }
    let mut made = Ready::new(written.bytes, written.etag, head);
    made.since = written.last_modified.map(Timestamp::seconds);
    made.by_the_clock = route == NEWS;
    made.route = route.into_owned();
    req.extensions_mut().insert(Arc::new(made));
    HttpResponse::Ok().finish()
}

/// What the answers of a route are.
fn answered(route: &str) -> Answered {
    if route == ARTICLE {
        return Answered::Article;
    }
    match route.strip_prefix("/api/v1/").unwrap_or(route) {
        "resolve" => Answered::Article,
        "site" => Answered::Site,
        "search" => Answered::Search,
        route if route.starts_with("articles") => Answered::List,
        route if route.starts_with("/feeds") => Answered::Feed,
        route if route.starts_with("/sitemap") || route.starts_with("/robots") => Answered::Sitemap,
        _ => Answered::Taxonomy,
    }
}
