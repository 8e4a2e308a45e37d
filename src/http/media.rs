//! The bytes of media: renditions for everybody, originals where they are meant to be public, and all of it for whoever
//! has a signed address.

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::bytes::{Served, serve};
use super::codes::Code;
use super::conditional::Validators;
use super::extract::{Given, Parameters, Query, Reader, app_of};
use super::parameters::unread;
use super::problem::Problem;
use super::routes::Routes;
use super::view::media::Binary;
use crate::config::MediaConfig;
use crate::domain::id::MediaId;
use crate::domain::invalid::{Flaw, Invalid, Rule};
use crate::domain::media::{Media, MediaKind, MediaType, Ratio, Rendition, RenditionFormat};
use crate::services::media::{Form, Signed, signed_media, stored};

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(get_media_bytes);
}

/// How the bytes are asked for.
struct Asked {
    cover: bool,
    ratio: Option<Ratio>,
    version: Option<String>,
    expires: Option<i64>,
    signature: Option<String>,
}

impl Parameters for Asked {
    fn read(given: &mut Given) -> Self {
        let fit = given.one("fit", |text| match text {
            "cover" => Ok(()),
            _ => Err(Flaw::new(Rule::NotAllowed, "must be `cover`")),
        });
        Self {
            cover: fit.is_some(),
            ratio: given.one("ratio", Ratio::parse),
            version: given.one("v", unread),
            expires: given.one("expires", |text| {
                let seconds = text.parse().ok();
                seconds.ok_or_else(|| Flaw::new(Rule::Malformed, "is not a number of seconds"))
            }),
            signature: given.one("signature", unread),
        }
    }
}

/// Get the bytes of a media
///
/// `{width}.{ext}` is a picture in one of the configured widths, as `webp` or `jpg`; `{width}` alone is the same in the
/// form that `Accept` prefers. No picture is made larger than it is. `original.{ext}` is the file itself: public for
/// videos, sounds and documents that readers see, never for pictures; the address of a file that was of another type leads
/// to it. Whatever no live page shows is found at a signed
/// address only. An address that names the current version (`v`) may be kept for ever.
#[utoipa::path(
    tag = "media",
    params(
        ("id" = MediaId, Path, description = "The media's id."),
        ("name" = String, Path, description = "`640.webp`, `640.jpg`, `640`, `original.mp4`."),
        ("fit" = Option<String>, Query, pattern = "^cover$", description = "`cover` cuts the picture to `ratio` around its focal point."),
        ("ratio" = Option<String>, Query, pattern = "^[0-9]{1,3}:[0-9]{1,3}$", description = "The proportion of a crop; one of those that are configured."),
        ("v" = Option<String>, Query, description = "The version that the address was made for."),
        ("expires" = Option<i64>, Query, description = "Of a signed address: until when it is good, in seconds since 1970."),
        ("signature" = Option<String>, Query, min_length = 1, description = "Of a signed address."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the bytes that are wanted, and no others."),
        ("Range" = Option<String>, Header, description = "Parts of the bytes (RFC 9110 §14)."),
        ("If-Range" = Option<String>, Header, description = "The `ETag` or date of what the other parts are of."),
    ),
    responses(
        (status = 200, description = "The bytes.", content(
            (inline(Binary) = "image/webp"), (inline(Binary) = "image/jpeg"), (inline(Binary) = "image/png"), (inline(Binary) = "image/gif"),
            (inline(Binary) = "image/avif"), (inline(Binary) = "image/svg+xml"), (inline(Binary) = "video/mp4"), (inline(Binary) = "video/webm"),
            (inline(Binary) = "audio/mpeg"), (inline(Binary) = "audio/ogg"), (inline(Binary) = "audio/wav"), (inline(Binary) = "application/pdf"),
        )),
        (status = 206, description = "The parts that were asked for: one as it is, several as `multipart/byteranges`.", content(
            (inline(Binary) = "multipart/byteranges"),
            (inline(Binary) = "image/webp"), (inline(Binary) = "image/jpeg"), (inline(Binary) = "image/png"), (inline(Binary) = "image/gif"),
            (inline(Binary) = "image/avif"), (inline(Binary) = "image/svg+xml"), (inline(Binary) = "video/mp4"), (inline(Binary) = "video/webm"),
            (inline(Binary) = "audio/mpeg"), (inline(Binary) = "audio/ogg"), (inline(Binary) = "audio/wav"), (inline(Binary) = "application/pdf"),
        )),
        (status = 304, description = "The client has it already."),
        (status = 308, description = "The file is of another type now, and at this address."),
        (status = 412, description = "The bytes are others than those that `If-Match` names."),
        (status = 416, description = "None of the parts that were asked for is in the file."),
    )
)]
#[get("/media/{id}/{name}")]
async fn get_media_bytes(
    reader: Reader,
    req: HttpRequest,
    path: Path<(String, String)>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let missing = || Problem::plain(Code::NotFound);
    let (id, name) = path.into_inner();
    let id = MediaId::parse(&id).map_err(|_flaw| missing())?;
    let app = app_of(&req)?;
    let asked = asked.0;
    let signed = signed(&asked)?;
    let media = match &signed {
        Some(signed) => signed_media(app, id, signed).await?,
        None => reader.shown_media(id).await?,
    };
    let config = &app.config().media;
    let original = name.strip_prefix("original.");
    if original.is_some() && media.file.mime.kind() == MediaKind::Image && signed.is_none() {
        return Err(missing());
    }
    if original.is_some_and(|ending| was_once(ending, &media)) {
        return Ok(moved(
            &req,
            &media,
            signed.is_none().then_some(reader.config().keeping.max_age),
        ));
    }
    let (form, mime, negotiated) = form(&name, &asked, &media, config, req.headers())?;
    let cache = cache(&asked, &media, signed.is_some(), reader.config().keeping.max_age);
    let disposition = attachment(&media, mime);
    let surrogate = signed.is_none().then(|| format!("media:{id}"));
    let stored = stored(app, media, form).await?;
    let served = Served {
        length: stored.length,
        media_type: mime.as_str(),
        validators: Validators {
            etag: format!("\"{}\"", stored.tag),
            last_modified: None,
        },
        cache,
        disposition,
        surrogate,
        vary: negotiated.then_some("Accept"),
    };
    serve(&req, &served, move |range| stored.read(range))
}

/// Whether a file in the place of this one can have had such addresses.
fn was_once(ending: &str, media: &Media) -> bool {
    let now = media.file.mime;
    let mut others = MediaType::ALL
        .iter()
        .filter(|one| **one != now && one.kind() == now.kind());
    others.any(|one| one.extension() == ending)
}

/// Beside the address that was asked for. What names an old version is told the new one, since it would be no other.
fn moved(req: &HttpRequest, media: &Media, max_age: Option<u32>) -> HttpResponse {
    let kept = req
        .query_string()
        .split('&')
        .filter(|pair| pair.starts_with("expires=") || pair.starts_with("signature="));
    let query: Vec<String> = [format!("v={}", media.version())]
        .into_iter()
        .chain(kept.map(str::to_owned))
        .collect();
    let location = format!("original.{}?{}", media.file.mime.extension(), query.join("&"));
    let mut response = HttpResponse::PermanentRedirect();
    response.insert_header((header::LOCATION, location));
    match max_age {
        Some(seconds) => response
            .insert_header((header::CACHE_CONTROL, format!("public, max-age={seconds}")))
            .insert_header(("Surrogate-Key", format!("media:{}", media.id))),
        None => response.insert_header((header::CACHE_CONTROL, "private, no-store")),
    };
    response.finish()
}

/// The right that a signed address gives; both parameters or none.
fn signed(asked: &Asked) -> Result<Option<Signed>, Problem> {
    match (asked.expires, &asked.signature) {
        (None, None) => Ok(None),
        (Some(expires), Some(signature)) => Ok(Some(Signed {
            expires,
            signature: signature.clone(),
        })),
        (None, Some(_)) => Err(needed("expires", "signature")),
        (Some(_), None) => Err(needed("signature", "expires")),
    }
}

fn needed(name: &str, beside: &str) -> Problem {
    parameter(Flaw::new(Rule::Required, format!("must be given where `{beside}` is")).at(name))
}

fn parameter(invalid: Invalid) -> Problem {
    crate::services::Refusal::Parameter(invalid).into()
}

/// What a name asks for, the type that it is sent as, and whether `Accept` had a say in it.
fn form(
    name: &str,
    asked: &Asked,
    media: &Media,
    config: &MediaConfig,
    headers: &HeaderMap,
) -> Result<(Form, MediaType, bool), Problem> {
    let missing = || Problem::plain(Code::NotFound);
    let (stem, ending) = name
        .split_once('.')
        .map_or((name, None), |(stem, ending)| (stem, Some(ending)));
    if stem == "original" {
        let own = ending == Some(media.file.mime.extension());
        return own
            .then_some((Form::Original, media.file.mime, false))
            .ok_or_else(missing);
    }
    let format = match ending {
        None => preferred(headers),
        Some(ending) => {
            let named = |format: &&RenditionFormat| format.extension() == ending;
            *RenditionFormat::ALL.iter().find(named).ok_or_else(missing)?
        }
    };
    // Written the one way, so that one picture has one address.
    let width = config.widths.iter().find(|width| width.to_string() == stem);
    let rendition = Rendition {
        width: *width.ok_or_else(missing)?,
        ratio: ratio(asked, config)?,
        format,
    };
    Ok((Form::Rendition(rendition), format.media_type(), ending.is_none()))
}

/// The proportion of a crop. Only those that are configured are made: others would fill the store with pictures that
/// nobody wants.
fn ratio(asked: &Asked, config: &MediaConfig) -> Result<Option<Ratio>, Problem> {
    match (asked.cover, asked.ratio) {
        (false, None) => Ok(None),
        (true, None) => Err(needed("ratio", "fit")),
        (false, Some(_)) => Err(needed("fit", "ratio")),
        (true, Some(ratio)) if config.ratios.contains(&(ratio.width, ratio.height)) => Ok(Some(ratio)),
        (true, Some(_)) => {
            let known: Vec<String> = config.ratios.iter().map(|(w, h)| format!("{w}:{h}")).collect();
            let message = format!("is not one of {}", known.join(", "));
            Err(parameter(Flaw::new(Rule::NotAllowed, message).at("ratio")))
        }
    }
}

/// WebP for whoever says that they take it, and no less gladly than JPEG; JPEG for everybody else. A range such as `*/*` says nothing of
/// WebP: programs send it that know none.
fn preferred(headers: &HeaderMap) -> RenditionFormat {
    let lines = headers.get_all(header::ACCEPT).filter_map(|line| line.to_str().ok());
    let names_webp = lines.flat_map(|line| line.split(',')).any(|range| {
        let name = range.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("image/webp")
    });
    let both = [RenditionFormat::Webp, RenditionFormat::Jpeg];
    let best = super::middleware::preferred(headers, &both, |format| format.media_type().as_str());
    best.filter(|_| names_webp).unwrap_or(RenditionFormat::Jpeg)
}

fn cache(asked: &Asked, media: &Media, signed: bool, max_age: u32) -> String {
    if signed {
        // As long as such an address is good for at least, in this very browser.
        return "private, max-age=86400".to_owned();
    }
    if asked.version.as_deref() == Some(media.version().as_str()) {
        return "public, max-age=31536000, immutable".to_owned();
    }
    format!("public, max-age={max_age}")
}

/// Whatever a browser might run, or show as a page of this host, is a download.
fn attachment(media: &Media, mime: MediaType) -> Option<String> {
    use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
    let shown = matches!(
        mime,
        MediaType::Jpeg
            | MediaType::Png
            | MediaType::Webp
            | MediaType::Avif
            | MediaType::Gif
            | MediaType::Mp4
            | MediaType::Webm
            | MediaType::Mp3
            | MediaType::Ogg
            | MediaType::Wav
    );
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: media.filename.as_str().as_bytes().to_vec(),
        })],
    };
    (!shown).then(|| disposition.to_string())
}
