//! Media as editors see them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::id::{MediaId, UploadId, UserId};
use crate::domain::media::{FocalPoint, MediaKind, MediaType, PartialUpload, Place, Placeholder, Sources};
use crate::domain::text::{AltText, Caption, CreditLine, Filename, Headline, UsageTerms};
use crate::domain::time::Timestamp;
use crate::services::{Use, media};

/// Bytes as they are, of the media type that is said of them.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes what is no JSON")]
pub(crate) struct Binary(Vec<u8>);

/// A form that uploads a media. Every field but `file` is as in a change of a media; what is absent, the file itself may say.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read part by part")]
pub(crate) struct MediaForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    #[schema(required = false)]
    filename: Filename,
    #[schema(required = false)]
    headline: Headline,
    #[schema(required = false)]
    alt: AltText,
    #[schema(required = false)]
    caption: Caption,
    #[schema(required = false)]
    credit: CreditLine,
    #[schema(required = false)]
    creator: CreditLine,
    #[schema(required = false)]
    copyright: CreditLine,
    #[schema(required = false)]
    source: CreditLine,
    #[schema(required = false)]
    usage_terms: UsageTerms,
    #[schema(required = false)]
    rights_expire_at: Timestamp,
    #[schema(required = false)]
    taken_at: Timestamp,
    /// As JSON.
    #[schema(required = false)]
    location: Place,
    /// As JSON.
    #[schema(required = false)]
    focal_point: FocalPoint,
}

/// A media without what its file says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MediaSummary {
    id: MediaId,
    kind: MediaKind,
    /// As the bytes show it.
    mime: MediaType,
    filename: Filename,
    /// How many there are.
    #[schema(minimum = 0)]
    bytes: u64,
    /// The SHA-256 of the bytes.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
    /// In pixels, upright as it is shown.
    width: Option<u32>,
    height: Option<u32>,
    duration_ms: Option<u64>,
    /// Whether it moves; renditions do not.
    animated: bool,
    /// Whether renditions are made of it: false for AVIF and SVG, and for all that is no picture.
    renders: bool,
    placeholder: Option<Placeholder>,
    headline: Option<Headline>,
    /// What somebody who does not see the picture is told.
    alt: Option<AltText>,
    caption: Option<Caption>,
    /// Who is named beside the picture.
    credit: Option<CreditLine>,
    creator: Option<CreditLine>,
    copyright: Option<CreditLine>,
    source: Option<CreditLine>,
    usage_terms: Option<UsageTerms>,
    rights_expire_at: Option<Timestamp>,
    taken_at: Option<Timestamp>,
    location: Option<Place>,
    focal_point: Option<FocalPoint>,
    /// The file itself; like all addresses here good for a day at least, for whoever has it.
    original_url: String,
    #[serde(flatten)]
    sources: Sources,
    /// Whether anything shows it.
    used: bool,
    /// Moves with each write; the ETag.
    #[schema(minimum = 1)]
    revision: i32,
    created_at: Timestamp,
    created_by: UserId,
    updated_at: Timestamp,
    updated_by: UserId,
    deleted_at: Option<Timestamp>,
}

/// A picture, video, sound or document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Media)]
pub(crate) struct MediaView {
    #[serde(flatten)]
    summary: MediaSummary,
    /// What IPTC, XMP and EXIF say, as it was read.
    #[schema(value_type = Object)]
    extracted: Value,
}

/// What shows a media.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MediaUsages {
    items: Vec<MediaUsage>,
}

/// One thing that shows a media.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MediaUsage {
    /// `article` for a working copy, `live_article` for a page that readers see, `contributor`.
    #[serde(rename = "type")]
    #[schema(examples("article"))]
    kind: &'static str,
    id: Uuid,
    /// The headline, or the contributor's name.
    name: String,
}

/// A file that comes in parts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upload)]
pub(crate) struct UploadView {
    id: UploadId,
    /// Bytes of the whole file.
    length: u64,
    /// Bytes that are kept, from the first; where the next part begins.
    received: u64,
    /// Once the file is whole.
    media_id: Option<MediaId>,
    /// From then on its bytes may be removed.
    expires_at: Timestamp,
}

impl From<PartialUpload> for UploadView {
    fn from(upload: PartialUpload) -> Self {
        Self {
            id: upload.id,
            length: upload.length,
            received: upload.received(),
            media_id: upload.media_id,
            expires_at: upload.expires_at,
        }
    }
}

impl From<Vec<Use>> for MediaUsages {
    fn from(uses: Vec<Use>) -> Self {
        let one = |one: Use| MediaUsage {
            kind: one.kind,
            id: one.id,
            name: one.name,
        };
        Self {
            items: uses.into_iter().map(one).collect(),
        }
    }
}

impl From<media::MediaView> for MediaView {
    fn from(mut view: media::MediaView) -> Self {
        let extracted = view.media.file.extracted.take();
        Self {
            summary: view.into(),
            extracted,
        }
    }
}

impl From<media::MediaView> for MediaSummary {
    fn from(view: media::MediaView) -> Self {
        let media = view.media;
        let (file, said) = (media.file, media.description);
        Self {
            id: media.id,
            kind: file.mime.kind(),
            mime: file.mime,
            filename: media.filename,
            bytes: file.bytes,
            sha256: file.sha256,
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            animated: file.animated,
            renders: file.renders,
            placeholder: file.placeholder,
            headline: said.headline,
            alt: said.alt,
            caption: said.caption,
            credit: said.credit,
            creator: said.creator,
            copyright: said.copyright,
            source: said.source,
            usage_terms: said.usage_terms,
            rights_expire_at: said.rights_expire_at,
            taken_at: said.taken_at,
            location: said.location,
            focal_point: said.focal_point,
            original_url: view.original_url,
            sources: view.sources,
            used: view.used,
            revision: media.revision,
            created_at: media.created_at,
            created_by: media.created_by,
            updated_at: media.updated_at,
            updated_by: media.updated_by,
            deleted_at: media.deleted_at,
        }
    }
}

impl MediaView {
    pub(crate) fn id(&self) -> MediaId {
        self.summary.id
    }

    pub(crate) fn revision(&self) -> i32 {
        self.summary.revision
    }
}
