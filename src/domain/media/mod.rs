//! Media: pictures, videos, sounds and documents, with what is said of them.

mod address;
mod card;
mod facts;
mod focal_point;
mod media_type;
mod part;
mod rendition;
mod version;

pub use address::{Addressed, Addresses, RenditionAddress, Sources};
pub use card::{MediaCard, MediaUse, MediaUsePatch, PublicMediaUse, forget_inherited, inherit};
pub use facts::{Facts, Place};
pub use focal_point::FocalPoint;
pub use media_type::{MediaKind, MediaType};
pub use part::{FilePart, PartialUpload};
pub use rendition::{Ratio, Rendition, RenditionFormat, Window};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::change::patch;
use super::id::{MediaId, UserId};
use super::text::{AltText, Caption, CreditLine, Filename, Headline, UsageTerms};
use super::time::Timestamp;
use crate::domain::audit::differing;

/// What stands in for a picture while it loads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Placeholder {
    /// A `ThumbHash` in base64: a blur of the picture in some 25 bytes.
    #[schema(examples("2fcZFIB3iId/h3iJh4aIYJ2V8g=="))]
    pub thumbhash: String,
    /// The colour that the picture has most of.
    #[schema(pattern = "^#[0-9a-f]{6}$", examples("#3a5f7d"))]
    pub color: String,
}

/// The bytes of a media file, and what was found out about them.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    pub mime: MediaType,
    /// SHA-256 of the bytes, 64 hexadecimal digits; where they are kept follows from it.
    pub sha256: String,
    pub bytes: u64,
    /// In pixels, upright as it is shown; of images and of videos that tell.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// In milliseconds; of videos and sounds that tell.
    pub duration_ms: Option<u64>,
    /// Whether it is an image that renditions are made of.
    pub renders: bool,
    pub animated: bool,
    pub placeholder: Option<Placeholder>,
    /// All that IPTC, XMP and EXIF say, as it was read.
    pub extracted: Value,
}

/// What is said of a media: by the file, until an editor says otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Description {
    pub headline: Option<Headline>,
    pub alt: Option<AltText>,
    pub caption: Option<Caption>,
    pub credit: Option<CreditLine>,
    pub creator: Option<CreditLine>,
    pub copyright: Option<CreditLine>,
    pub source: Option<CreditLine>,
    pub usage_terms: Option<UsageTerms>,
    pub rights_expire_at: Option<Timestamp>,
    pub taken_at: Option<Timestamp>,
    pub location: Option<Place>,
    pub focal_point: Option<FocalPoint>,
}

/// A media as editors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    pub id: MediaId,
    pub file: File,
    pub filename: Filename,
    pub description: Description,
    /// Moves with each write; the ETag of the editor surface.
    pub revision: i32,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    pub deleted_at: Option<Timestamp>,
}

patch! {
    /// What to change of a media. Absent fields stay, null clears (RFC 7396).
    pub struct MediaPatch {
        filename: Filename,
        headline: Option<Headline>,
        /// What somebody who does not see the picture is told.
        alt: Option<AltText>,
        caption: Option<Caption>,
        /// Who is named beside the picture, as the agency asks for it.
        credit: Option<CreditLine>,
        /// Who made it.
        creator: Option<CreditLine>,
        copyright: Option<CreditLine>,
        /// Who supplied it.
        source: Option<CreditLine>,
        /// What may be done with it: a licence, or the supplier's terms. Renditions carry it.
        usage_terms: Option<UsageTerms>,
        /// From then on it cannot be published.
        rights_expire_at: Option<Timestamp>,
        taken_at: Option<Timestamp>,
        location: Option<Place>,
        /// What crops keep in sight.
        focal_point: Option<FocalPoint>,
    }
}

impl Media {
    /// The fields in which it is another than `before`.
    pub fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        let mut changed = differing!(Media, self, before; file, filename, deleted_at; but
            id, description, revision, created_at, created_by, updated_at, updated_by);
        let (now, was) = (&self.description, &before.description);
        changed.extend(
            differing!(Description, now, was; headline, alt, caption, credit, creator, copyright, source,
            usage_terms, rights_expire_at, taken_at, location, focal_point; but),
        );
        changed
    }
}

impl Description {
    /// Does what the patch says.
    pub fn apply(&mut self, patch: MediaPatch) {
        patch.headline.apply(&mut self.headline);
        patch.alt.apply(&mut self.alt);
        patch.caption.apply(&mut self.caption);
        patch.credit.apply(&mut self.credit);
        patch.creator.apply(&mut self.creator);
        patch.copyright.apply(&mut self.copyright);
        patch.source.apply(&mut self.source);
        patch.usage_terms.apply(&mut self.usage_terms);
        patch.rights_expire_at.apply(&mut self.rights_expire_at);
        patch.taken_at.apply(&mut self.taken_at);
        patch.location.apply(&mut self.location);
        patch.focal_point.apply(&mut self.focal_point);
    }

    /// Unsays what a file said, not an editor.
    pub fn forget(&mut self, facts: &Facts) {
        fn forgotten<T: PartialEq>(place: &mut Option<T>, fact: Option<&T>) {
            if place.as_ref() == fact {
                *place = None;
            }
        }
        forgotten(&mut self.headline, facts.headline.as_ref());
        forgotten(&mut self.alt, facts.alt.as_ref());
        forgotten(&mut self.caption, facts.caption.as_ref());
        forgotten(&mut self.credit, facts.credit.as_ref());
        forgotten(&mut self.creator, facts.creator.as_ref());
        forgotten(&mut self.copyright, facts.copyright.as_ref());
        forgotten(&mut self.source, facts.source.as_ref());
        forgotten(&mut self.usage_terms, facts.usage_terms.as_ref());
        forgotten(&mut self.taken_at, facts.taken_at.as_ref());
        forgotten(&mut self.location, facts.location.as_ref());
    }

    /// Has the file say what nobody said.
    pub fn fill(&mut self, facts: &Facts) {
        fn or<T: Clone>(place: &mut Option<T>, fact: Option<&T>) {
            if place.is_none() {
                *place = fact.cloned();
            }
        }
        or(&mut self.headline, facts.headline.as_ref());
        or(&mut self.alt, facts.alt.as_ref());
        or(&mut self.caption, facts.caption.as_ref());
        or(&mut self.credit, facts.credit.as_ref());
        or(&mut self.creator, facts.creator.as_ref());
        or(&mut self.copyright, facts.copyright.as_ref());
        or(&mut self.source, facts.source.as_ref());
        or(&mut self.usage_terms, facts.usage_terms.as_ref());
        or(&mut self.taken_at, facts.taken_at.as_ref());
        or(&mut self.location, facts.location.as_ref());
    }
}
