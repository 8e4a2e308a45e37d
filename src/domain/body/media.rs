//! Pictures, videos and sounds within a story.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::block::{Parts, block, field};
use super::span::Span;
use crate::domain::id::MediaId;
use crate::domain::invalid::{Flaw, Invalids, Rule, words};
use crate::domain::media::{MediaCard, MediaKind};
use crate::domain::text::{AltText, Caption, CreditLine, GalleryTitle};
use crate::domain::web::WebUrl;

words! {
    /// How much room a picture takes; what that means is the page's to say.
    #[derive(Default)]
    ImageSize {
        #[default]
        Normal = "normal",
        Wide = "wide",
        Full = "full",
        Small = "small",
    }
}

block! {
    /// A picture.
    Image, ImageType = "image" {
        media_id: MediaId,
        /// Absent where the media's own holds; so are `caption` and `credit`. Answers to readers always say what holds.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = AltText, required = false)]
        alt: Option<AltText>,
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Caption, required = false)]
        caption: Option<Caption>,
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = CreditLine, required = false)]
        credit: Option<CreditLine>,
        #[deserr(default)]
        #[serde(default)]
        #[schema(required, default = "normal")]
        size: ImageSize,
        /// The picture itself, in answers to readers.
        #[deserr(skip)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = MediaCard, required = false, read_only)]
        media: Option<Box<MediaCard>>,
    }
}

block! {
    /// Pictures that belong together.
    Gallery, GalleryType = "gallery" {
        /// Absent when there is none.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = GalleryTitle, required = false)]
        title: Option<GalleryTitle>,
        #[schema(min_items = 1, max_items = 100)]
        items: Vec<GalleryItem>,
    }
}

/// A picture of a gallery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct GalleryItem {
    pub media_id: MediaId,
    /// Absent where the media's own holds; so are `caption` and `credit`. Answers to readers always say what holds.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AltText, required = false)]
    pub alt: Option<AltText>,
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Caption, required = false)]
    pub caption: Option<Caption>,
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = CreditLine, required = false)]
    pub credit: Option<CreditLine>,
    /// The picture itself, in answers to readers.
    #[deserr(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = MediaCard, required = false, read_only)]
    pub media: Option<Box<MediaCard>>,
}

/// Declares a block that shows a media of ours, or what another service plays.
macro_rules! played {
    ($(#[$doc:meta])* $name:ident, $tag:ident = $word:tt) => {
        block! {
            $(#[$doc])*
            $name, $tag = $word {
                /// A media of this newsroom; give either this or `embed_url`.
                #[deserr(default)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = MediaId, required = false)]
                media_id: Option<MediaId>,
                /// Where another service plays it: an `https` address.
                #[deserr(default)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = WebUrl, required = false)]
                embed_url: Option<WebUrl>,
                /// Absent where the media's own holds; so are `caption` and `credit`. Answers to readers always say what
                /// holds.
                #[deserr(default)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = AltText, required = false)]
                alt: Option<AltText>,
                #[deserr(default)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = Caption, required = false)]
                caption: Option<Caption>,
                #[deserr(default)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = CreditLine, required = false)]
                credit: Option<CreditLine>,
                /// The media itself, in answers to readers.
                #[deserr(skip)]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[schema(value_type = MediaCard, required = false, read_only)]
                media: Option<Box<MediaCard>>,
            }
        }
    };
}

played! {
    /// A film.
    Video, VideoType = "video"
}

played! {
    /// A sound.
    Audio, AudioType = "audio"
}

/// A media at its place, as it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) media_id: MediaId,
    pub(super) wants: MediaKind,
    pub(super) alt: Option<&'a AltText>,
    pub(super) credit: Option<&'a CreditLine>,
}

/// The same, to be changed.
pub(super) struct ShownMut<'a> {
    pub(super) media_id: MediaId,
    pub(super) alt: &'a mut Option<AltText>,
    pub(super) caption: &'a mut Option<Caption>,
    pub(super) credit: &'a mut Option<CreditLine>,
    pub(super) media: &'a mut Option<Box<MediaCard>>,
}

impl GalleryItem {
    fn shown(&self) -> Shown<'_> {
        Shown {
            media_id: self.media_id,
            wants: MediaKind::Image,
            alt: self.alt.as_ref(),
            credit: self.credit.as_ref(),
        }
    }
}

/// What is said of a media, as plain words.
fn said<'a>(
    alt: Option<&'a AltText>,
    caption: Option<&'a Caption>,
    credit: Option<&'a CreditLine>,
    see: &mut dyn FnMut(&'a str),
) {
    let texts = [
        alt.map(AltText::as_str),
        caption.map(Caption::as_str),
        credit.map(CreditLine::as_str),
    ];
    texts.into_iter().flatten().for_each(see);
}

/// What no block of media or links has: running text.
macro_rules! no_running_text {
    () => {
        fn each_text<'a>(&'a self, _: ValuePointerRef<'_>, _: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {}

        fn each_text_mut(&mut self, _: &mut dyn FnMut(&mut Vec<Span>)) {}

        fn is_text(&self) -> bool {
            false
        }
    };
}
pub(super) use no_running_text;

impl Parts for Image {
    no_running_text!();

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        said(self.alt.as_ref(), self.caption.as_ref(), self.credit.as_ref(), see);
    }

    fn each_media<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, Shown<'a>)) {
        let shown = Shown {
            media_id: self.media_id,
            wants: MediaKind::Image,
            alt: self.alt.as_ref(),
            credit: self.credit.as_ref(),
        };
        see(at, shown);
    }

    fn each_media_mut(&mut self, change: &mut dyn FnMut(ShownMut<'_>)) {
        change(ShownMut {
            media_id: self.media_id,
            alt: &mut self.alt,
            caption: &mut self.caption,
            credit: &mut self.credit,
            media: &mut self.media,
        });
    }

    fn plain_text(&self) -> String {
        self.caption
            .as_ref()
            .map_or_else(String::new, |text| text.as_str().to_owned())
    }
}

impl Gallery {
    pub const MAX_ITEMS: usize = 100;
}

impl Parts for Gallery {
    no_running_text!();

    // Its pictures are bounded one by one, as blocks within blocks are.
    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        self.title.iter().for_each(|title| see(title.as_str()));
    }

    fn each_media<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, Shown<'a>)) {
        let within = field("items", &at);
        for (index, item) in self.items.iter().enumerate() {
            see(ValuePointerRef::Index { index, prev: &within }, item.shown());
        }
    }

    fn each_media_mut(&mut self, change: &mut dyn FnMut(ShownMut<'_>)) {
        for item in &mut self.items {
            change(ShownMut {
                media_id: item.media_id,
                alt: &mut item.alt,
                caption: &mut item.caption,
                credit: &mut item.credit,
                media: &mut item.media,
            });
        }
    }

    fn plain_text(&self) -> String {
        let title = self.title.iter().map(GalleryTitle::as_str);
        let captions = self
            .items
            .iter()
            .filter_map(|item| item.caption.as_ref().map(Caption::as_str));
        title.chain(captions).collect::<Vec<_>>().join("\n")
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        match self.items.len() {
            0 => Err((
                "items",
                Flaw::new(Rule::TooShort, "a gallery needs at least one picture"),
            )),
            1..=Self::MAX_ITEMS => Ok(()),
            number => {
                let message = format!("has {number} pictures; at most {} are allowed", Self::MAX_ITEMS);
                Err(("items", Flaw::new(Rule::TooMany, message)))
            }
        }
    }
}

macro_rules! played_parts {
    ($($name:ident),+) => {$(
        impl Parts for $name {
            no_running_text!();

            fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
                said(self.alt.as_ref(), self.caption.as_ref(), self.credit.as_ref(), see);
            }

            fn each_media<'a>(&'a self, at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, Shown<'a>)) {
                if let Some(media_id) = self.media_id {
                    see(at, Shown { media_id, wants: MediaKind::$name, alt: self.alt.as_ref(), credit: self.credit.as_ref() });
                }
            }

            fn each_media_mut(&mut self, change: &mut dyn FnMut(ShownMut<'_>)) {
                if let Some(media_id) = self.media_id {
                    change(ShownMut {
                        media_id,
                        alt: &mut self.alt,
                        caption: &mut self.caption,
                        credit: &mut self.credit,
                        media: &mut self.media,
                    });
                }
            }

            fn plain_text(&self) -> String {
                let caption = self.caption.as_ref().map(Caption::as_str);
                let address = self.embed_url.as_ref().map(WebUrl::as_str);
                caption.or(address).unwrap_or_default().to_owned()
            }

            fn check(&self) -> Result<(), (&'static str, Flaw)> {
                match (&self.media_id, &self.embed_url) {
                    (Some(_), None) => Ok(()),
                    (None, Some(url)) if url.as_str().starts_with("https:") => Ok(()),
                    (None, Some(_)) => Err(("embed_url", Flaw::new(Rule::NotAllowed, "is not an `https` address"))),
                    _ => Err(("", Flaw::new(Rule::Malformed, "needs either `media_id` or `embed_url`"))),
                }
            }
        }
    )+};
}

played_parts!(Video, Audio);
