//! The document of the API, and two pages that show it without a request to another host.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, get};

use super::codes::Code;
use super::etag::strong_etag;
use super::extract::{FromPath, PathId};
use super::openapi::SERVED;
use super::problem::Problem;
use super::routes::Routes;
use super::view::media::Binary;
use crate::services::delivery::Ready;

/// Long enough to spare a reload, short enough to see a new version.
const CACHE: &str = "public, max-age=300";
const HTML: &str = "text/html; charset=utf-8";

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(get_openapi)
        .service(show_docs)
        .service(show_errors)
        .service(get_docs_file);
}

/// The document of this API (`OpenAPI` 3.1)
///
/// Every operation, schema and error; what clients are generated from.
#[utoipa::path(tag = "operations", responses((status = 200, description = "The document", body = Object)))]
#[get("/openapi.json")]
async fn get_openapi(req: HttpRequest) -> HttpResponse {
    static READY: LazyLock<Arc<Ready>> = LazyLock::new(|| ready("application/json", SERVED));
    sent(&req, &READY)
}

/// The API in a browser
///
/// Reads `/openapi.json`; no request leaves this host.
#[utoipa::path(tag = "operations", responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
#[get("/docs")]
async fn show_docs(req: HttpRequest) -> HttpResponse {
    static READY: LazyLock<Arc<Ready>> = LazyLock::new(|| ready(HTML, include_str!("docs/index.html")));
    sent(&req, &READY)
}

/// What each problem code means
///
/// The `type` of every problem leads here.
#[utoipa::path(tag = "operations", responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
#[get("/docs/errors")]
async fn show_errors(req: HttpRequest) -> HttpResponse {
    static READY: LazyLock<Arc<Ready>> = LazyLock::new(|| ready(HTML, errors()));
    sent(&req, &READY)
}

fn errors() -> String {
    let mut rows = String::new();
    for code in Code::ALL {
        let (word, status) = (code.as_str(), code.status().as_u16());
        // The texts are ours, and writing to a String cannot fail.
        let (title, help) = (code.title(), code.help());
        let _ = writeln!(
            rows,
            "<h2 id=\"{word}\"><code>{word}</code> {status}</h2><p><b>{title}.</b> {help}</p>"
        );
    }
    include_str!("docs/errors.html").replace("{{rows}}", &rows)
}

/// What comes with the binary, to be sent in the coding that the client takes.
fn ready(media_type: &'static str, bytes: impl Into<Bytes>) -> Arc<Ready> {
    let bytes = bytes.into();
    let head = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHE)),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
    ];
    let etag = strong_etag(&bytes);
    Arc::new(Ready::new(bytes, etag, head))
}

/// Hands it to whoever is around all handlers.
fn sent(req: &HttpRequest, ready: &Arc<Ready>) -> HttpResponse {
    req.extensions_mut().insert(Arc::clone(ready));
    HttpResponse::Ok().finish()
}

/// The files that the pages need, by name.
static FILES: LazyLock<HashMap<&str, Arc<Ready>>> = LazyLock::new(|| {
    let own = [
        ("start.js", "text/javascript", include_str!("docs/start.js")),
        ("page.css", "text/css", include_str!("docs/page.css")),
    ];
    let own = own.map(|(name, media_type, text)| (name, ready(media_type, text)));
    let others = [
        ("swagger-ui.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("favicon-32x32.png", "image/png"),
    ];
    let config = Arc::new(utoipa_swagger_ui::Config::default());
    let others = others.into_iter().filter_map(|(name, media_type)| {
        let found = utoipa_swagger_ui::serve(name, Arc::clone(&config)).ok()?;
        let found = found.filter(|found| !found.gzpipped)?;
        let bytes = match found.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Some((name, ready(media_type, bytes)))
    });
    own.into_iter().chain(others).collect()
});

/// One of them.
struct DocsFile(&'static Arc<Ready>);

impl FromPath for DocsFile {
    fn from_path(segment: &str) -> Option<Self> {
        FILES.get(segment).map(Self)
    }
}

/// A file of the documentation's page
///
/// Scripts and styles; they come with the binary.
#[utoipa::path(
    tag = "operations",
    params(("file" = String, Path, description = "The file's name", example = "start.js")),
    responses((status = 200, description = "The file", content(
        (String = "text/javascript"), (String = "text/css"), (inline(Binary) = "image/png"),
    )))
)]
#[get("/docs/files/{file}")]
async fn get_docs_file(req: HttpRequest, file: PathId<DocsFile>) -> Result<HttpResponse, Problem> {
    Ok(sent(&req, file.0.0))
}
