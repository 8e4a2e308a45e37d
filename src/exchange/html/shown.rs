//! Pictures, films and sounds to HTML. What Markdown has no sign for it takes from here, so there is no empty line in any of
//! it, which would end HTML within Markdown.

use super::write::{EXTERNAL, attribute, element, escaped};
use crate::domain::body::{Audio, Gallery, GalleryItem, Image, ImageSize, Video};
use crate::domain::id::MediaId;
use crate::domain::media::MediaCard;
use crate::domain::text::{AltText, Caption, CreditLine};
use crate::domain::web::WebUrl;

pub(super) fn image(block: &Image, id: &str, html: &mut String) {
    let mut inner = picture(block.media_id, block.media.as_deref(), block.alt.as_ref());
    inner.push_str(&caption(block.caption.as_ref(), block.credit.as_ref()));
    let size = attribute("data-size", size(block.size));
    element("figure", &format!("{id} class=\"image\"{size}"), &inner, html);
}

/// The size where it is not the usual one.
pub(in crate::exchange) fn size(size: ImageSize) -> Option<&'static str> {
    (size != ImageSize::Normal).then(|| size.as_str())
}

pub(super) fn gallery(block: &Gallery, id: &str, html: &mut String) {
    let mut inner = String::new();
    for item in &block.items {
        let GalleryItem {
            alt,
            caption: text,
            credit,
            ..
        } = item;
        let mut one = picture(item.media_id, item.media.as_deref(), alt.as_ref());
        one.push_str(&caption(text.as_ref(), credit.as_ref()));
        element("figure", "", &one, &mut inner);
        inner.push('\n');
    }
    if let Some(title) = &block.title {
        element("figcaption", "", &escaped(title.as_str()), &mut inner);
    }
    element("figure", &format!("{id} class=\"gallery\""), &inner, html);
}

pub(in crate::exchange) fn video(block: &Video, id: &str, html: &mut String) {
    let played = Played {
        name: "video",
        media_id: block.media_id,
        embed_url: block.embed_url.as_ref(),
        alt: block.alt.as_ref(),
        media: block.media.as_deref(),
    };
    played.write(id, &caption(block.caption.as_ref(), block.credit.as_ref()), html);
}

pub(in crate::exchange) fn audio(block: &Audio, id: &str, html: &mut String) {
    let played = Played {
        name: "audio",
        media_id: block.media_id,
        embed_url: block.embed_url.as_ref(),
        alt: block.alt.as_ref(),
        media: block.media.as_deref(),
    };
    played.write(id, &caption(block.caption.as_ref(), block.credit.as_ref()), html);
}

/// A film or a sound.
struct Played<'a> {
    name: &'static str,
    media_id: Option<MediaId>,
    embed_url: Option<&'a WebUrl>,
    alt: Option<&'a AltText>,
    media: Option<&'a MediaCard>,
}

impl Played<'_> {
    /// With what plays it, or with a link to where another service does.
    fn write(&self, id: &str, caption: &str, html: &mut String) {
        let label = attribute("aria-label", self.alt.map(AltText::as_str));
        let mut inner = String::new();
        if let Some(url) = self.embed_url {
            let url = escaped(url.as_str());
            inner = format!("<a href=\"{url}\" rel=\"{EXTERNAL}\"{label}>{url}</a>");
        } else if let Some(media_id) = self.media_id {
            let source = attribute("src", self.media.and_then(|card| card.src.as_deref()));
            let (width, height) = sides(self.media.filter(|_| self.name == "video"));
            let attributes = format!(
                " controls preload=\"metadata\"{source}{width}{height}{label}{}",
                own(media_id)
            );
            element(self.name, &attributes, "", &mut inner);
        }
        inner.push_str(caption);
        element("figure", &format!("{id} class=\"{}\"", self.name), &inner, html);
    }
}

/// What goes with `srcset`, whose widths say nothing without (HTML, `img`). How wide a place is only the page knows; a picture that is loaded when it
/// comes near is as wide as its place is then.
const SIZES: &str = " sizes=\"auto, 100vw\" loading=\"lazy\"";

/// The element of a picture. Its file is the largest JPEG; a browser that reads `srcset` takes the size that it needs.
pub(in crate::exchange) fn picture(media_id: MediaId, media: Option<&MediaCard>, alt: Option<&AltText>) -> String {
    let source = attribute("src", media.and_then(|card| card.src.as_deref()));
    let choices = media
        .map(|card| card.srcset.as_str())
        .filter(|choices| !choices.is_empty());
    let sizes = choices.map_or("", |_| SIZES);
    let choices = attribute("srcset", choices);
    let (width, height) = sides(media);
    let alt = attribute("alt", Some(alt.map_or("", AltText::as_str)));
    format!("<img{source}{choices}{sizes}{alt}{width}{height}{}>", own(media_id))
}

fn own(media_id: MediaId) -> String {
    format!(" data-media-id=\"{media_id}\"")
}

fn sides(media: Option<&MediaCard>) -> (String, String) {
    let side = |name: &str, pixels: Option<u32>| pixels.map_or_else(String::new, |n| format!(" {name}=\"{n}\""));
    let (width, height) = media.and_then(|card| card.width.zip(card.height)).unzip();
    (side("width", width), side("height", height))
}

/// What stands under a picture, and small behind it who made it; nothing where nothing is said.
pub(in crate::exchange) fn caption(text: Option<&Caption>, credit: Option<&CreditLine>) -> String {
    let text = text.map(|text| escaped(text.as_str()).replace('\n', "<br>"));
    let credit = credit.map(|credit| format!("<small>{}</small>", escaped(credit.as_str())));
    let parts: Vec<String> = text.into_iter().chain(credit).collect();
    if parts.is_empty() {
        return String::new();
    }
    format!("<figcaption>{}</figcaption>", parts.join(" "))
}
