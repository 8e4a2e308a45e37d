//! A file that is sent: as the body itself, or as the part `file` of a form (RFC 7578) beside fields.

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{self, ContentDisposition, HeaderMap};
use actix_web::{HttpMessage as _, HttpRequest};
use bytes::Bytes;
use futures_util::stream::LocalBoxStream;
use futures_util::{Stream, StreamExt as _};
use serde_json::{Map, Value};

use super::context::still;
use super::pace::{Pace, paced, stopped};
use crate::domain::invalid::{Flaw, Invalids, Rule, shown};
use crate::domain::media::MediaPatch;
use crate::domain::text::Filename;
use crate::http::codes::Code;
use crate::http::operations::Within;
use crate::http::problem::{Problem, invalid_body};
use crate::services::Ctx;
use crate::services::media::{Incoming, Received};

/// Most parts of a form.
const PARTS: usize = 20;
/// Most bytes of a field beside the file.
const FIELD_BYTES: usize = 64 * 1024;
/// Fields whose values are JSON; those of others are text.
const JSON_FIELDS: [&str; 2] = ["location", "focal_point"];

/// A whole file, and what was sent beside it.
pub(crate) struct Sent {
    pub(crate) received: Received,
    pub(crate) filename: Option<Filename>,
    pub(crate) fields: MediaPatch,
}

/// Takes the file in.
///
/// # Errors
/// What is wrong with the form or with the bytes; that the body stopped arriving.
pub(crate) async fn receive(ctx: &Ctx, req: &HttpRequest, payload: Payload) -> Result<Sent, Problem> {
    if req.extensions().get::<Within>().is_some() {
        return Err(Problem::new(Code::BadRequest, "Files are uploaded outside of batches."));
    }
    if req.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "Send the file as it is, not compressed.",
        ));
    }
    let kind = text_of(req.headers(), &header::CONTENT_TYPE).to_ascii_lowercase();
    // Around the whole body: the heads of parts and what stands between them must come as steadily as the parts.
    let pace = Pace::start(req, &ctx.config().http);
    let waited = pace.waited();
    let mut body = paced(pace, payload);
    let sent = if kind.starts_with("multipart/form-data") {
        form(ctx, req, body).await?
    } else {
        let received = file(ctx, &mut body).await?;
        let disposition = req.headers().get(header::CONTENT_DISPOSITION);
        let disposition = disposition.and_then(|value| ContentDisposition::from_raw(value).ok());
        Sent {
            received,
            filename: disposition.as_ref().and_then(name_in),
            fields: MediaPatch::default(),
        }
    };
    still(req, &waited).await?;
    let found = sent.received.mime().as_str();
    if !matches!(kind.split(';').next(), Some(declared) if declared == found || declared.starts_with("multipart/")) {
        tracing::debug!(declared = %shown(&kind), found, "A file is of another type than was said");
    }
    Ok(sent)
}

async fn file<E>(ctx: &Ctx, body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) -> Result<Received, Problem> {
    let mut incoming = Incoming::begin(ctx).await?;
    while let Some(chunk) = next(body).await? {
        // What is refused halfway is not read to its end.
        incoming
            .write(chunk)
            .await
            .map_err(|error| Problem::from(error).closing())?;
    }
    let received = incoming.finish().await?;
    asked(ctx, received.sha256());
    Ok(received)
}

/// What came is what was asked for, whatever the boundaries of the form were.
fn asked(ctx: &Ctx, part: &str) {
    if let Some(unit) = ctx.unit() {
        unit.asked(part.as_bytes());
    }
}

async fn form(
    ctx: &Ctx,
    req: &HttpRequest,
    body: LocalBoxStream<'static, Result<Bytes, PayloadError>>,
) -> Result<Sent, Problem> {
    let mut parts = Multipart::new(req.headers(), body);
    let (mut received, mut filename, mut fields) = (None, None, Map::new());
    let mut count = 0;
    while let Some(part) = parts.next().await {
        let mut part =
            part.map_err(|error| Problem::new(Code::BadRequest, format!("The form is broken: {error}.")).closing())?;
        count += 1;
        if count > PARTS {
            return Err(Problem::new(Code::TooLarge, format!("At most {PARTS} parts are taken.")).closing());
        }
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            if received.is_some() {
                return Err(refused("/file", Flaw::new(Rule::Duplicate, "may be given once only")).closing());
            }
            filename = part.content_disposition().and_then(name_in);
            received = Some(file(ctx, &mut part).await?);
        } else {
            // Browsers send the inputs that were left empty too.
            let Some(value) = field(&name, &mut part).await? else {
                continue;
            };
            if fields.insert(name.clone(), value).is_some() {
                let at = format!("/{}", shown(&name));
                return Err(refused(&at, Flaw::new(Rule::Duplicate, "may be given once only")).closing());
            }
        }
    }
    let received = received.ok_or_else(|| refused("/file", Flaw::new(Rule::Required, "`file` is missing")))?;
    asked(ctx, filename.as_ref().map_or("", Filename::as_str));
    asked(ctx, &Value::Object(fields.clone()).to_string());
    let fields: MediaPatch = deserr::deserialize(Value::Object(fields)).map_err(invalid_body)?;
    Ok(Sent {
        received,
        filename,
        fields,
    })
}

/// The value of a field; `None` for one that was left empty.
async fn field(name: &str, part: &mut Field) -> Result<Option<Value>, Problem> {
    let at = format!("/{}", shown(name));
    let mut bytes = Vec::new();
    while let Some(chunk) = next(part).await? {
        if bytes.len() + chunk.len() > FIELD_BYTES {
            let message = format!("is longer than {FIELD_BYTES} bytes");
            return Err(refused(&at, Flaw::new(Rule::TooLong, message)).closing());
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_broken| refused(&at, Flaw::new(Rule::Malformed, "is not UTF-8")))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    FormField::value(name, text).map(Some)
}

/// How a field that is sent as text is read.
pub(crate) struct FormField;

impl FormField {
    /// The value of a field, as it would stand in a JSON body.
    pub(crate) fn value(name: &str, text: String) -> Result<Value, Problem> {
        if !JSON_FIELDS.contains(&name) {
            return Ok(Value::String(text));
        }
        let read = serde_json::from_str(&text);
        read.map_err(|_broken| refused(&format!("/{name}"), Flaw::new(Rule::Malformed, "is not JSON")))
    }

    /// The name of a file, without the folders that some clients send.
    pub(crate) fn filename(name: &str) -> Option<Filename> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let readable: String = last.chars().filter(|c| !c.is_control()).take(Filename::MAX).collect();
        Filename::parse(&readable).ok()
    }
}

/// The next bytes of a body that is watched over.
async fn next<E>(body: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) -> Result<Option<Bytes>, Problem> {
    let chunk = body.next().await.transpose();
    chunk.map_err(|_broken| stopped())
}

fn refused(at: &str, flaw: Flaw) -> Problem {
    invalid_body(Invalids::from(flaw.at(at)))
}

fn name_in(disposition: &ContentDisposition) -> Option<Filename> {
    let name = disposition
        .get_filename_ext()
        .map(|name| String::from_utf8_lossy(&name.value).into_owned())
        .or_else(|| disposition.get_filename().map(str::to_owned))?;
    FormField::filename(&name)
}

fn text_of<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
