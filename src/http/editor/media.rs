//! Media, as editors manage them.

use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};

use crate::domain::id::MediaId;
use crate::domain::invalid::Flaw;
use crate::domain::media::{MediaKind, MediaPatch};
use crate::domain::page::Limit;
use crate::domain::text::Filename;
use crate::domain::time::Timestamp;
use crate::http::conditional::{changed, created, show};
use crate::http::extract::{Body, Editor, Given, IfMatch, NoBody, Parameters, PathId, Query, receive};
use crate::http::parameters::cursor;
use crate::http::problem::Problem;
use crate::http::view::list::MediaPage;
use crate::http::view::media::{Binary, MediaForm, MediaUsages, MediaView};
use crate::services::media::{self, MediaQuery, Uploaded};

/// Whether a second media of the same bytes is made.
pub(super) struct Again {
    duplicate: bool,
}

impl Parameters for Again {
    fn read(given: &mut Given) -> Self {
        Self {
            duplicate: given.flag("duplicate"),
        }
    }
}

/// Upload a media
///
/// The file is the body itself, or the part `file` of a form beside what is said of it. What it is, its bytes tell; what
/// it says of itself (IPTC, XMP, EXIF) fills the fields that are not sent. Where there is a media of the very same bytes,
/// that one is the answer.
#[utoipa::path(
    tag = "editor media",
    params(
        ("duplicate" = Option<bool>, Query, description = "Makes a media of its own of bytes that another has already."),
        ("Content-Disposition" = Option<String>, Header, description = "Names the file, where it is the body itself."),
    ),
    request_body(
        description = "The file, or a form with it.",
        content(
            (MediaForm = "multipart/form-data"),
            (inline(Binary) = "application/octet-stream"),
            (inline(Binary) = "image/*"), (inline(Binary) = "video/*"), (inline(Binary) = "audio/*"), (inline(Binary) = "application/pdf"),
        ),
    ),
    responses(
        (status = 200, description = "The media that has these bytes already, as it is.", body = MediaView),
        (status = 201, description = "The new media.", body = MediaView),
        (status = 413, description = "The file is larger than files of its kind may be."),
        (status = 415, description = "The bytes are those of nothing that is taken."),
        (status = 422, description = "The picture is broken or beyond a limit, or a field has a wrong value."),
    )
)]
#[post("/api/v1/editor/media")]
pub(super) async fn upload_media(
    editor: Editor,
    req: HttpRequest,
    again: Query<Again>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = receive(&editor, &req, payload.into_inner()).await?;
    let with = Uploaded {
        filename: sent.filename,
        patch: sent.fields,
        duplicate: again.0.duplicate,
    };
    let upload = media::upload(&editor, sent.received, with).await?;
    let view = MediaView::from(upload.view);
    if upload.new {
        created(&view, &format!("/api/v1/editor/media/{}", view.id()), view.revision())
    } else {
        changed(&view, view.revision())
    }
}

pub(super) struct Filter {
    kinds: Vec<MediaKind>,
    words: Option<String>,
    credit: Option<String>,
    unused: bool,
    uploaded_after: Option<Timestamp>,
    trashed: bool,
    count: bool,
    limit: Option<Limit>,
    cursor: Option<String>,
}

impl Parameters for Filter {
    fn read(given: &mut Given) -> Self {
        Self {
            kinds: given.many("kind", MediaKind::parse),
            words: given.one("q", words),
            credit: given.one("credit", words),
            unused: given.flag("unused"),
            uploaded_after: given.one("uploaded_after", Timestamp::parse),
            trashed: given.flag("trashed"),
            count: given.flag("count"),
            limit: given.one("limit", Limit::parse),
            cursor: given.one("cursor", cursor),
        }
    }
}

/// Words to look for, as long as a file's name at most.
fn words(text: &str) -> Result<String, Flaw> {
    Filename::parse(text).map(|words| words.as_str().to_owned())
}

/// List media
///
/// The last uploaded first.
#[utoipa::path(
    tag = "editor media",
    params(
        ("kind" = Option<Vec<MediaKind>>, Query, description = "One of these kinds."),
        ("q" = Option<String>, Query, min_length = 1, max_length = 255, description = "Words in the file's name, headline, caption, alt, credit or creator."),
        ("credit" = Option<String>, Query, min_length = 1, max_length = 255, description = "Words in the credit, creator or source."),
        ("unused" = Option<bool>, Query, description = "Only what nothing shows."),
        ("uploaded_after" = Option<Timestamp>, Query, description = "Later than this, not at it."),
        ("trashed" = Option<bool>, Query, description = "What is in the trash, and nothing else."),
        ("count" = Option<bool>, Query, description = "Tell how many there are in all."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of media.", body = MediaPage))
)]
#[get("/api/v1/editor/media")]
pub(super) async fn list_media(
    editor: Editor,
    req: HttpRequest,
    filter: Query<Filter>,
) -> Result<HttpResponse, Problem> {
    let filter = filter.0;
    let query = MediaQuery {
        kinds: filter.kinds,
        words: filter.words,
        credit: filter.credit,
        unused: filter.unused,
        uploaded_after: filter.uploaded_after,
        trashed: filter.trashed,
        count: filter.count,
        limit: filter.limit,
        cursor: filter.cursor,
    };
    let page = media::list(&editor, query).await?;
    show(&req, &MediaPage::from(page))
}

/// Read a media
///
/// The revision is the ETag that a change needs. The addresses in it are good for a day at least.
#[utoipa::path(
    tag = "editor media",
    params(("id" = MediaId, Path, description = "The media's id.")),
    responses((status = 200, description = "The media.", body = MediaView))
)]
#[get("/api/v1/editor/media/{id}")]
pub(super) async fn get_editor_media(
    editor: Editor,
    id: PathId<MediaId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let view = MediaView::from(media::read(&editor, id.0).await?);
    // Never 304: its addresses expire, and what shows it changes, without a new revision.
    changed(&view, view.revision())
}

/// Change what is said of a media
///
/// A JSON Merge Patch (RFC 7396). Live pages that show the media show the change at once.
#[utoipa::path(
    tag = "editor media",
    params(("id" = MediaId, Path, description = "The media's id.")),
    request_body = MediaPatch,
    responses(
        (status = 200, description = "The media after the change.", body = MediaView),
        (status = 409, description = "The media is in the trash."),
    )
)]
#[patch("/api/v1/editor/media/{id}")]
pub(super) async fn patch_media(
    editor: Editor,
    id: PathId<MediaId>,
    _: Query<()>,
    version: IfMatch,
    body: Body<MediaPatch>,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = MediaView::from(media::edit(&editor, id.0, basis, body.0).await?);
    changed(&view, view.revision())
}

/// Put another file in the place of a media's
///
/// Its id and its addresses stay, and what editors said of it too; live pages show the new file at once. A picture can only
/// become another picture, and so on.
#[utoipa::path(
    tag = "editor media",
    params(
        ("id" = MediaId, Path, description = "The media's id."),
        ("Content-Disposition" = Option<String>, Header, description = "Names the file."),
    ),
    request_body(
        description = "The file, or a form with it and what is said of it from now on.",
        content(
            (MediaForm = "multipart/form-data"),
            (inline(Binary) = "application/octet-stream"),
            (inline(Binary) = "image/*"), (inline(Binary) = "video/*"), (inline(Binary) = "audio/*"), (inline(Binary) = "application/pdf"),
        ),
    ),
    responses(
        (status = 200, description = "The media with its new file.", body = MediaView),
        (status = 409, description = "The media is in the trash."),
        (status = 413, description = "The file is larger than files of its kind may be."),
        (status = 415, description = "The bytes are those of nothing that is taken."),
        (status = 422, description = "The picture is broken or beyond a limit, or the file is of another kind."),
    )
)]
#[put("/api/v1/editor/media/{id}/file")]
pub(super) async fn replace_media_file(
    editor: Editor,
    req: HttpRequest,
    id: PathId<MediaId>,
    _: Query<()>,
    version: IfMatch,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    // With a key it may have been replaced before by this very request, which only the file tells.
    if editor.unit().is_none() {
        media::replaceable(&editor, id.0, &basis).await?;
    }
    let sent = receive(&editor, &req, payload.into_inner()).await?;
    let with = Uploaded {
        filename: sent.filename,
        patch: sent.fields,
        duplicate: false,
    };
    let view = MediaView::from(media::replace(&editor, id.0, basis, sent.received, with).await?);
    changed(&view, view.revision())
}

/// Put a media into the trash
///
/// Refused while anything shows it; the refusal names what does.
#[utoipa::path(
    tag = "editor media",
    params(("id" = MediaId, Path, description = "The media's id.")),
    responses(
        (status = 200, description = "The media, in the trash.", body = MediaView),
        (status = 409, description = "Something shows it (`uses` says what), or it is in the trash already."),
    )
)]
#[delete("/api/v1/editor/media/{id}")]
pub(super) async fn trash_media(
    editor: Editor,
    id: PathId<MediaId>,
    _: Query<()>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = MediaView::from(media::trash(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}

/// Take a media out of the trash
///
/// One that is not there is left as it is.
#[utoipa::path(
    tag = "editor media",
    params(("id" = MediaId, Path, description = "The media's id.")),
    responses((status = 200, description = "The media, out of the trash.", body = MediaView))
)]
#[post("/api/v1/editor/media/{id}/actions/restore")]
pub(super) async fn restore_media(
    editor: Editor,
    id: PathId<MediaId>,
    _: Query<()>,
    version: IfMatch,
    _: NoBody,
) -> Result<HttpResponse, Problem> {
    let basis = version.basis();
    let view = MediaView::from(media::restore(&editor, id.0, basis).await?);
    changed(&view, view.revision())
}

/// List what shows a media
///
/// Working copies, live pages and contributors, as far as the caller may know of them.
#[utoipa::path(
    tag = "editor media",
    params(("id" = MediaId, Path, description = "The media's id.")),
    responses((status = 200, description = "What shows it.", body = MediaUsages))
)]
#[get("/api/v1/editor/media/{id}/usages")]
pub(super) async fn list_media_usages(
    editor: Editor,
    req: HttpRequest,
    id: PathId<MediaId>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    show(&req, &MediaUsages::from(media::usages(&editor, id.0).await?))
}
