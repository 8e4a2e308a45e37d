//! The document of the API, and two pages that show it without a request to another host.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get};

use super::codes::Code;
use super::conditional::{Validators, respond_json};
use super::etag::strong_etag;
use super::extract::{FromPath, PathId};
use super::openapi::SERVED;
use super::problem::Problem;
use super::routes::Routes;

/// Long enough to spare a reload, short enough to see a new version.
const CACHE: &str = "public, max-age=300";

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
    static READY: OnceLock<(Bytes, Validators)> = OnceLock::new();
    let (bytes, validators) = READY.get_or_init(|| {
        let bytes = Bytes::from_static(SERVED.as_bytes());
        let etag = strong_etag(&bytes);
        (
            bytes,
            Validators {
                etag,
                last_modified: None,
            },
        )
    });
    respond_json(&req, bytes.clone(), validators, CACHE, None)
}

/// The API in a browser
///
/// Reads `/openapi.json`; no request leaves this host.
#[utoipa::path(tag = "operations", responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
#[get("/docs")]
async fn show_docs() -> HttpResponse {
    page(include_str!("docs/index.html"))
}

/// What each problem code means
///
/// The `type` of every problem leads here.
#[utoipa::path(tag = "operations", responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
#[get("/docs/errors")]
async fn show_errors() -> HttpResponse {
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
    page(&include_str!("docs/errors.html").replace("{{rows}}", &rows))
}

fn page(html: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("Cache-Control", CACHE))
        .body(html.to_owned())
}

/// A file that the pages need.
struct DocsFile(&'static str, &'static str);

impl FromPath for DocsFile {
    fn from_path(segment: &str) -> Option<Self> {
        let files = [
            ("swagger-ui.css", "text/css"),
            ("swagger-ui-bundle.js", "text/javascript"),
            ("favicon-32x32.png", "image/png"),
            ("start.js", "text/javascript"),
            ("page.css", "text/css"),
        ];
        files
            .into_iter()
            .find(|(name, _)| *name == segment)
            .map(|(name, kind)| Self(name, kind))
    }
}

/// A file of the documentation's page
///
/// Scripts and styles; they come with the binary.
#[utoipa::path(
    tag = "operations",
    params(("file" = String, Path, description = "The file's name", example = "start.js")),
    responses((status = 200, description = "The file", content(
        (String = "text/javascript"), (String = "text/css"), (String = "image/png"),
    )))
)]
#[get("/docs/files/{file}")]
async fn get_docs_file(file: PathId<DocsFile>) -> Result<HttpResponse, Problem> {
    let DocsFile(name, kind) = file.0;
    let mut response = HttpResponse::Ok();
    response.content_type(kind).insert_header(("Cache-Control", CACHE));
    let bytes = match name {
        "start.js" => Bytes::from_static(include_bytes!("docs/start.js")),
        "page.css" => Bytes::from_static(include_bytes!("docs/page.css")),
        _ => {
            let found = utoipa_swagger_ui::serve(name, Arc::new(utoipa_swagger_ui::Config::default()));
            let found = found.ok().flatten().ok_or_else(|| Problem::plain(Code::NotFound))?;
            if found.gzpipped {
                response.insert_header(("Content-Encoding", "gzip"));
            }
            match found.bytes {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            }
        }
    };
    Ok(response.body(bytes))
}
