//! Where the bytes of media are found.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FocalPoint, MediaKind, MediaType, RenditionFormat, Window};
use crate::domain::id::MediaId;

/// What all addresses of media begin with, and the widths that there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// A scheme and a host, without a slash at the end; empty where addresses start at the root of this very host.
    pub base: String,
    /// In pixels, ascending.
    pub widths: Vec<u32>,
}

/// What decides about the addresses of one media.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    pub id: MediaId,
    pub mime: MediaType,
    /// Upright, in pixels.
    pub size: Option<(u32, u32)>,
    /// Whether renditions are made of it.
    pub renders: bool,
    pub version: &'a str,
    /// More of a query, for addresses of what is not public.
    pub signature: Option<&'a str>,
}

/// A picture in one size and form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RenditionAddress {
    #[schema(examples("/media/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f/640.webp?v=8d2f0a4c6b1e3579"))]
    pub url: String,
    /// In pixels, as exactly as the picture will have them.
    #[schema(minimum = 1)]
    pub width: u32,
    #[schema(minimum = 1)]
    pub height: u32,
    pub format: RenditionFormat,
}

/// The addresses of one media.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sources {
    /// What to show where there is one choice only: the largest JPEG of a picture, or the file of a video, a sound or a
    /// document. Null for pictures that no renditions are made of.
    pub src: Option<String>,
    /// The WebP renditions as `srcset` has them; empty where there are none.
    #[schema(examples("/media/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f/640.webp?v=8d2f0a4c6b1e3579 640w"))]
    pub srcset: String,
    /// Smallest first, each size as WebP and as JPEG; empty where there are none.
    pub renditions: Vec<RenditionAddress>,
}

impl Addresses {
    /// Where the bytes of one are.
    pub fn of(&self, one: Addressed<'_>) -> Sources {
        let Some(size) = one.size.filter(|_| one.renders) else {
            let src = (one.mime.kind() != MediaKind::Image).then(|| self.original(one));
            return Sources {
                src,
                ..Sources::default()
            };
        };
        let window = Window::of(size, None, FocalPoint::CENTRE);
        let (root, ending) = self.ends(one);
        let mut sources = Sources {
            renditions: Vec::with_capacity(self.widths.len() * RenditionFormat::ALL.len()),
            ..Sources::default()
        };
        for asked in self.enough(window.width) {
            let (width, height) = window.fitted(asked);
            if width.max(height) > Window::LONGEST {
                continue;
            }
            for format in RenditionFormat::ALL {
                let mut url = String::with_capacity(root.len() + ending.len() + 16);
                url.push_str(&root);
                // Writing to a String cannot fail.
                let _ = write!(url, "{asked}.{}", format.extension());
                url.push_str(&ending);
                match format {
                    RenditionFormat::Webp => choice(&mut sources.srcset, &url, width),
                    RenditionFormat::Jpeg => sources.src = Some(url.clone()),
                }
                sources.renditions.push(RenditionAddress {
                    url,
                    width,
                    height,
                    format: *format,
                });
            }
        }
        sources
    }

    /// Where the file itself is.
    pub fn original(&self, one: Addressed<'_>) -> String {
        let (root, ending) = self.ends(one);
        format!("{root}original.{}{ending}", one.mime.extension())
    }

    /// The widths up to the first that is as wide as the picture.
    fn enough(&self, width: u32) -> impl Iterator<Item = u32> {
        let smaller = self.widths.iter().copied().filter(move |one| *one < width);
        let own = self.widths.iter().copied().find(move |one| *one >= width);
        smaller.chain(own)
    }

    /// What addresses of one media begin and end with; its name is between.
    fn ends(&self, one: Addressed<'_>) -> (String, String) {
        let more = one
            .signature
            .map_or_else(String::new, |signature| format!("&{signature}"));
        (
            format!("{}/media/{}/", self.base, one.id),
            format!("?v={}{more}", one.version),
        )
    }
}

/// Adds one to a `srcset`.
fn choice(srcset: &mut String, url: &str, width: u32) {
    if !srcset.is_empty() {
        srcset.push_str(", ");
    }
    srcset.push_str(url);
    // Writing to a String cannot fail.
    let _ = write!(srcset, " {width}w");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(mime: MediaType, size: Option<(u32, u32)>, renders: bool) -> Sources {
        let addresses = Addresses {
            base: "https://media.example".to_owned(),
            widths: vec![160, 320, 640, 960],
        };
        addresses.of(Addressed {
            id: MediaId(uuid::Uuid::nil()),
            mime,
            size,
            renders,
            version: "8d2f",
            signature: None,
        })
    }

    #[test]
    fn a_picture_comes_in_every_width_up_to_its_own() {
        for (width, expected) in [
            (100, vec![100]),
            (160, vec![160]),
            (600, vec![160, 320, 600]),
            (4000, vec![160, 320, 640, 960]),
        ] {
            let found = sources(MediaType::Jpeg, Some((width, width)), true);
            let webp = found
                .renditions
                .iter()
                .filter(|one| one.format == RenditionFormat::Webp);
            assert_eq!(webp.map(|one| one.width).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn addresses_name_the_version() {
        let root = "https://media.example/media/00000000-0000-0000-0000-000000000000";
        let picture = sources(MediaType::Png, Some((200, 100)), true);
        assert_eq!(picture.src, Some(format!("{root}/320.jpg?v=8d2f")));
        assert_eq!(
            picture.srcset,
            format!("{root}/160.webp?v=8d2f 160w, {root}/320.webp?v=8d2f 200w")
        );
        let film = sources(MediaType::Mp4, Some((200, 100)), false);
        assert_eq!(film.src, Some(format!("{root}/original.mp4?v=8d2f")));
        assert_eq!(sources(MediaType::Svg, None, false), Sources::default());
        assert_eq!(sources(MediaType::Png, Some((20, 20_000)), false), Sources::default());
    }
}
