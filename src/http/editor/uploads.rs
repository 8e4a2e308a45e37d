//! Files that come in parts: the tus protocol, version 1.0.0 (tus.io/protocols/resumable-upload), with its extensions
//! creation, expiration and termination.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, get, patch, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::domain::id::UploadId;
use crate::domain::invalid::{Flaw, Invalids, Rule, shown};
use crate::domain::media::PartialUpload;
use crate::domain::text::Filename;
use crate::http::codes::Code;
use crate::http::conditional::json;
use crate::http::extract::{Editor, FormField, Pace, PathId, Query, still};
use crate::http::problem::{Problem, invalid_body};
use crate::http::view::media::{Binary, UploadView};
use crate::services::media::parts::{self, Part, Progress};

const VERSION: &str = "1.0.0";
const PART_TYPE: &str = "application/offset+octet-stream";

/// Begin an upload in parts
///
/// By the tus protocol, version 1.0.0, which has clients for most languages. `Upload-Metadata` holds the same fields as the
/// form of an upload, `filename` among them, each value in base64. No body is taken.
#[utoipa::path(
    tag = "editor media",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`."),
        ("Upload-Length" = u64, Header, description = "Bytes of the whole file."),
        ("Upload-Metadata" = Option<String>, Header, description = "Names, each with its value in base64, with commas between them."),
    ),
    responses(
        (status = 201, description = "Send the parts to `Location`.", body = UploadView),
        (status = 412, description = "Another version of the protocol is spoken."),
        (status = 413, description = "The file is larger than files may be."),
        (status = 422, description = "A field has a wrong value."),
    )
)]
#[post("/api/v1/editor/media/uploads")]
pub(super) async fn begin_upload(editor: Editor, req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    speaks(req.headers())?;
    let length = number(req.headers(), "Upload-Length")?;
    let (filename, fields) = metadata(req.headers())?;
    let upload = parts::begin(&editor, length, filename, Value::Object(fields)).await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/api/v1/editor/uploads/{}", upload.id)));
    stand(&mut response, &upload);
    let view = UploadView::from(upload);
    Ok(response.content_type("application/json").body(json(&view)?))
}

/// Read where an upload stands
///
/// HEAD is how tus asks; the headers of both say the same as the body.
#[utoipa::path(
    tag = "editor media",
    params(("id" = UploadId, Path, description = "The upload's id.")),
    responses((status = 200, description = "Where it stands.", body = UploadView))
)]
#[get("/api/v1/editor/uploads/{id}")]
pub(super) async fn get_upload(editor: Editor, id: PathId<UploadId>, _: Query<()>) -> Result<HttpResponse, Problem> {
    let upload = parts::progress(&editor, id.0).await?;
    let mut response = HttpResponse::Ok();
    stand(&mut response, &upload);
    let view = UploadView::from(upload);
    Ok(response.content_type("application/json").body(json(&view)?))
}

/// Send a part
///
/// From `Upload-Offset` on, which must be where the upload stands. What came is kept although more was to come. With the last
/// part the file becomes a media, which `Content-Location` names; a file that is refused ends the upload.
#[utoipa::path(
    tag = "editor media",
    params(
        ("id" = UploadId, Path, description = "The upload's id."),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`."),
        ("Upload-Offset" = u64, Header, description = "Where the part begins."),
    ),
    request_body(content = inline(Binary), content_type = "application/offset+octet-stream", description = "The bytes."),
    responses(
        (status = 204, description = "They are kept."),
        (status = 409, description = "The upload stands elsewhere; `Upload-Offset` says where."),
        (status = 412, description = "Another version of the protocol is spoken."),
        (status = 413, description = "More came than was announced, or files of this kind may have."),
        (status = 415, description = "The part has another media type, or the file is of none that is taken."),
        (status = 422, description = "The picture is broken or beyond a limit."),
    )
)]
#[patch("/api/v1/editor/uploads/{id}")]
pub(super) async fn send_upload_part(
    editor: Editor,
    req: HttpRequest,
    id: PathId<UploadId>,
    _: Query<()>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    speaks(req.headers())?;
    if text(req.headers(), "Content-Type") != PART_TYPE {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            format!("Send `Content-Type: {PART_TYPE}`."),
        ));
    }
    let mut part = Part::begin(&editor, id.0, number(req.headers(), "Upload-Offset")?).await?;
    let mut payload = payload.into_inner();
    let mut pace = Pace::start(&req, &editor.config().http);
    let broken = loop {
        match pace.next(&mut payload).await {
            Ok(Some(chunk)) => part
                .write(chunk)
                .await
                .map_err(|error| Problem::from(error).closing())?,
            Ok(None) => break None,
            Err(problem) => break Some(problem),
        }
    };
    let waited = pace.waited();
    drop(pace);
    // Bytes that somebody sent whose login ended are not kept.
    let still = still(&req, &waited).await;
    still.map_err(|ended| if broken.is_some() { ended.closing() } else { ended })?;
    let progress = part.keep(&editor).await?;
    if let Some(problem) = broken {
        return Err(problem);
    }
    let mut response = HttpResponse::NoContent();
    match progress {
        Progress::Open(upload) => stand(&mut response, &upload),
        Progress::Done(upload) => {
            stand(&mut response, &upload);
            if let Some(media) = upload.media_id {
                response.insert_header((header::CONTENT_LOCATION, format!("/api/v1/editor/media/{media}")));
            }
        }
    }
    Ok(response.finish())
}

/// Give an upload up
///
/// What came of it is removed. One that became a media leaves that as it is.
#[utoipa::path(
    tag = "editor media",
    params(("id" = UploadId, Path, description = "The upload's id.")),
    responses((status = 204, description = "It is gone."))
)]
#[delete("/api/v1/editor/uploads/{id}")]
pub(super) async fn cancel_upload(editor: Editor, id: PathId<UploadId>, _: Query<()>) -> Result<HttpResponse, Problem> {
    parts::cancel(&editor, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn speaks(headers: &HeaderMap) -> Result<(), Problem> {
    if text(headers, "Tus-Resumable") == VERSION {
        return Ok(());
    }
    Err(Problem::new(
        Code::ProtocolVersion,
        format!("Send `Tus-Resumable: {VERSION}`."),
    ))
}

/// What tus says of an upload in headers.
fn stand(response: &mut HttpResponseBuilder, upload: &PartialUpload) {
    response
        .insert_header(("Upload-Offset", upload.received().to_string()))
        .insert_header(("Upload-Length", upload.length.to_string()))
        .insert_header(("Upload-Expires", upload.expires_at.http_date()))
        .insert_header((header::CACHE_CONTROL, "no-store"));
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Problem> {
    let number = text(headers, name);
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let read = plain.then(|| number.parse().ok()).flatten();
    read.ok_or_else(|| Problem::new(Code::BadRequest, format!("`{name}` is not a number of bytes.")))
}

/// The fields that came as `Upload-Metadata`.
fn metadata(headers: &HeaderMap) -> Result<(Option<Filename>, Map<String, Value>), Problem> {
    let mut fields = Map::new();
    let mut filename = None;
    for pair in text(headers, "Upload-Metadata")
        .split(',')
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
    {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let at = format!("/{}", shown(name));
        let refused = |message| invalid_body(Invalids::from(Flaw::new(Rule::Malformed, message).at(at.clone())));
        let bytes = STANDARD
            .decode(value.trim())
            .map_err(|_broken| refused("is not base64"))?;
        let value = String::from_utf8(bytes).map_err(|_broken| refused("is not UTF-8"))?;
        match name {
            "filename" => filename = FormField::filename(&value),
            // Clients send these by themselves; what a file is, its bytes tell better.
            "filetype" | "type" | "name" | "relativePath" => {}
            _ => drop(fields.insert(name.to_owned(), FormField::value(name, value)?)),
        }
    }
    Ok((filename, fields))
}
