//! A media as pages show it, and its use at one place of an article.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Addressed, Addresses, FocalPoint, Media, MediaKind, MediaType, Place, Placeholder, RenditionAddress, Sources,
};
use crate::domain::change::{Change, patch};
use crate::domain::id::MediaId;
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::text::{AltText, Caption, CreditLine, Headline};
use crate::domain::time::Timestamp;

/// A media as it is shown; an edition keeps it. What the supplier allows, until when, and what the file says of itself stay
/// inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MediaCard {
    pub id: MediaId,
    pub kind: MediaKind,
    pub mime: MediaType,
    /// In pixels, upright as it is shown; of images and of videos that tell.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// In milliseconds; of videos and sounds that tell.
    pub duration_ms: Option<u64>,
    /// Whether it moves; renditions do not.
    pub animated: bool,
    /// Whether it is an image that renditions are made of.
    pub renders: bool,
    pub placeholder: Option<Placeholder>,
    pub headline: Option<Headline>,
    /// The media's own, which a use may replace; so are `caption` and `credit`.
    pub alt: Option<AltText>,
    pub caption: Option<Caption>,
    pub credit: Option<CreditLine>,
    pub creator: Option<CreditLine>,
    pub copyright: Option<CreditLine>,
    pub source: Option<CreditLine>,
    pub taken_at: Option<Timestamp>,
    pub location: Option<Place>,
    /// What crops keep in sight.
    pub focal_point: Option<FocalPoint>,
    /// Another whenever the bytes of a rendition would be.
    #[schema(pattern = "^[0-9a-f]{16}$", examples("8d2f0a4c6b1e3579"))]
    pub version: String,
    /// What to show where there is one choice only: the largest JPEG of a picture, or the file of a video, a sound or a
    /// document. Null where nothing can be shown. Filled in on the way out, as are `srcset` and `renditions`.
    #[serde(default)]
    pub src: Option<String>,
    /// The WebP renditions as `srcset` has them; empty where there are none.
    #[serde(default)]
    #[schema(
        required,
        examples("/media/019c63f0-5a16-7077-92e3-4f5a6b7c8d9e/640.webp?v=8d2f0a4c6b1e3579 640w")
    )]
    pub srcset: String,
    /// Smallest first, each size as WebP and as JPEG; empty where there are none.
    #[serde(default)]
    #[schema(required)]
    pub renditions: Vec<RenditionAddress>,
}

impl From<&Media> for MediaCard {
    fn from(media: &Media) -> Self {
        let (file, said) = (&media.file, media.description.clone());
        Self {
            id: media.id,
            kind: file.mime.kind(),
            mime: file.mime,
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            animated: file.animated,
            renders: file.renders,
            placeholder: file.placeholder.clone(),
            headline: said.headline,
            alt: said.alt,
            caption: said.caption,
            credit: said.credit,
            creator: said.creator,
            copyright: said.copyright,
            source: said.source,
            taken_at: said.taken_at,
            location: said.location,
            focal_point: said.focal_point,
            version: media.version(),
            src: None,
            srcset: String::new(),
            renditions: Vec::new(),
        }
    }
}

impl MediaCard {
    /// Fills in where its bytes are.
    /// Fills in where it is found; with a signature where no page of readers shows it.
    pub fn address(&mut self, addresses: &Addresses, signature: Option<&str>) {
        let found = addresses.of(Addressed {
            id: self.id,
            mime: self.mime,
            size: self.width.zip(self.height),
            renders: self.renders,
            version: &self.version,
            signature,
        });
        self.found_at(found);
    }

    pub fn found_at(&mut self, sources: Sources) {
        self.src = sources.src;
        self.srcset = sources.srcset;
        self.renditions = sources.renditions;
    }
}

/// A media in its place, as an editor wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaUse {
    pub media_id: MediaId,
    /// Null where the media's own holds; so do `caption` and `credit`.
    pub alt: Option<AltText>,
    pub caption: Option<Caption>,
    pub credit: Option<CreditLine>,
}

patch! {
    /// A media in its place. A new one needs `media_id`; what is null is the media's own.
    pub struct MediaUsePatch {
        media_id: MediaId,
        /// What somebody who does not see the picture is told here.
        alt: Option<AltText>,
        caption: Option<Caption>,
        credit: Option<CreditLine>,
    }
}

impl MediaUse {
    /// With all that the media itself says.
    fn of(media_id: MediaId) -> Self {
        Self {
            media_id,
            alt: None,
            caption: None,
            credit: None,
        }
    }
}

impl MediaUsePatch {
    /// Patches the use, or makes one; a new one without a media cannot be. Another media begins without words of the place.
    pub fn apply_to(self, place: &mut Option<MediaUse>) -> Result<(), Flaw> {
        if let (None, Change::Set(media_id)) = (&place, &self.media_id) {
            *place = Some(MediaUse::of(*media_id));
        }
        let Some(place) = place else {
            return Err(Flaw::new(Rule::Required, "`media_id` is missing"));
        };
        if let Change::Set(media_id) = self.media_id {
            if media_id != place.media_id {
                // What was written for one picture is not true of another.
                *place = MediaUse::of(media_id);
            }
        }
        self.alt.apply(&mut place.alt);
        self.caption.apply(&mut place.caption);
        self.credit.apply(&mut place.credit);
        Ok(())
    }
}

/// A media in its place, as readers are shown it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicMediaUse {
    pub media_id: MediaId,
    /// What an editor wrote for this place, or else the media's own; so are `caption` and `credit`.
    pub alt: Option<AltText>,
    pub caption: Option<Caption>,
    pub credit: Option<CreditLine>,
    pub media: MediaCard,
}

impl PublicMediaUse {
    /// As an edition keeps it: what is the media's own is left to the card, so that it follows the media.
    pub fn new(place: &MediaUse, card: MediaCard) -> Self {
        let place = place.clone();
        Self {
            media_id: place.media_id,
            alt: place.alt,
            caption: place.caption,
            credit: place.credit,
            media: card,
        }
    }

    /// As it goes out.
    pub fn resolve(&mut self, addresses: &Addresses, signature: Option<&str>) {
        inherit(&mut self.alt, self.media.alt.as_ref());
        inherit(&mut self.caption, self.media.caption.as_ref());
        inherit(&mut self.credit, self.media.credit.as_ref());
        self.media.address(addresses, signature);
    }
}

/// Takes over what is not said.
pub fn inherit<T: Clone>(place: &mut Option<T>, from: Option<&T>) {
    if place.is_none() {
        *place = from.cloned();
    }
}

/// Forgets what would be taken over anyway.
pub fn forget_inherited<T: PartialEq>(place: &mut Option<T>, from: Option<&T>) {
    if place.as_ref() == from {
        *place = None;
    }
}
