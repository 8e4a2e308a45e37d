//! Pictures, films and sounds, out and back again, with what is their own and what was written in its place.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::any::{line, word};
use super::{any, bare, from_html, from_markdown};
use crate::domain::body::{Audio, Block, Body, Gallery, GalleryItem, Image, ImageSize, Video};
use crate::domain::id::MediaId;
use crate::domain::media::{Addresses, MediaCard, MediaKind, MediaType};
use crate::domain::text::{AltText, Caption, CreditLine, GalleryTitle};
use crate::domain::web::WebUrl;
use crate::exchange::{html, markdown};

/// Words in several lines.
fn prose() -> impl Strategy<Value = String> {
    let part = (word(), prop::sample::select(&[" ", "\n", "\n\n"]));
    prop::collection::vec(part, 1..5).prop_map(|parts| {
        let text: String = parts.iter().flat_map(|(word, blank)| [word.as_str(), blank]).collect();
        text.trim().to_owned()
    })
}

fn alt() -> impl Strategy<Value = Option<AltText>> {
    prop::option::of(prose().prop_map(|text| AltText::parse(&text).unwrap()))
}

fn caption() -> impl Strategy<Value = Option<Caption>> {
    prop::option::of(prose().prop_map(|text| Caption::parse(&text).unwrap()))
}

fn credit() -> impl Strategy<Value = Option<CreditLine>> {
    prop::option::of(line().prop_map(|text| CreditLine::parse(&text).unwrap()))
}

/// One of a few media, so that a body shows some twice.
fn id() -> impl Strategy<Value = MediaId> {
    (0u128..6).prop_map(|number| MediaId(Uuid::from_u128(number)))
}

fn image() -> impl Strategy<Value = Block> {
    let size = prop_oneof![Just(ImageSize::Normal), Just(ImageSize::Wide), Just(ImageSize::Small)];
    (id(), alt(), caption(), credit(), size)
        .prop_map(|(id, alt, caption, credit, size)| Image::make(id, alt, caption, credit, size, None).into())
}

fn gallery() -> impl Strategy<Value = Block> {
    let item = (id(), alt(), caption(), credit()).prop_map(|(media_id, alt, caption, credit)| GalleryItem {
        media_id,
        alt,
        caption,
        credit,
        media: None,
    });
    let title = prop::option::of(line().prop_map(|line| GalleryTitle::parse(&line).unwrap()));
    (title, prop::collection::vec(item, 1..4)).prop_map(|(title, items)| Gallery::make(title, items).into())
}

fn played() -> impl Strategy<Value = Block> {
    let url = "https://a\\.example/[!-~]{0,8}".prop_map(|url| WebUrl::parse(&url).unwrap());
    let from = prop_oneof![
        id().prop_map(|id| (Some(id), None)),
        url.prop_map(|url| (None, Some(url)))
    ];
    (any::<bool>(), from, alt(), caption(), credit()).prop_map(|(film, (id, url), alt, caption, credit)| {
        if film {
            Video::make(id, url, alt, caption, credit, None).into()
        } else {
            Audio::make(id, url, alt, caption, credit, None).into()
        }
    })
}

pub(super) fn block() -> impl Strategy<Value = Block> {
    prop_oneof![3 => image(), 2 => gallery(), 2 => played()]
}

/// A media with these words of its own.
pub(super) fn card(number: u128, mime: MediaType, words: [Option<&str>; 3]) -> MediaCard {
    let [alt, caption, credit] = words;
    let json = json!({
        "id": Uuid::from_u128(number), "kind": mime.kind().as_str(), "mime": mime.as_str(), "width": 600, "height": 400,
        "duration_ms": null, "animated": false, "renders": mime == MediaType::Jpeg, "placeholder": null, "headline": null,
        "alt": alt, "caption": caption, "credit": credit, "creator": null, "copyright": null, "source": null,
        "taken_at": null, "location": null, "focal_point": null, "version": "8d2f0a4c6b1e3579",
    });
    let mut card: MediaCard = serde_json::from_value(json).unwrap();
    card.address(
        &Addresses {
            base: if number.is_multiple_of(2) {
                String::new()
            } else {
                "https://media.example".to_owned()
            },
            widths: vec![160, 320],
        },
        None,
    );
    card
}

fn cards() -> impl Strategy<Value = Vec<MediaCard>> {
    let one = (alt(), caption(), credit(), any::<bool>());
    prop::collection::vec(one, 6).prop_map(|all| {
        let cards = all
            .into_iter()
            .zip(0u128..)
            .map(|((alt, caption, credit, renders), number)| {
                let words = [
                    alt.as_ref().map(AltText::as_str),
                    caption.as_ref().map(Caption::as_str),
                    credit.as_ref().map(CreditLine::as_str),
                ];
                card(number, if renders { MediaType::Jpeg } else { MediaType::Mp4 }, words)
            });
        cards.collect()
    })
}

proptest! {
    #[test]
    fn what_was_written_for_a_place_comes_back_and_what_is_the_medias_own_does_not(
        body in any::body(), cards in cards(),
    ) {
        let find = |id: MediaId| cards.iter().find(|card| card.id == id);
        let mut wanted = body.clone();
        wanted.forget_inherited(find);
        let mut shown = body.clone();
        shown.show_media(|id| find(id).cloned());
        let site = super::SITE;
        for (written, read) in [
            (html::write(&shown, site), from_html as fn(&str) -> _),
            (markdown::write(&shown), from_markdown),
        ] {
            let mut read = read(&written);
            read.body.forget_inherited(find);
            prop_assert_eq!(bare(&read.body), bare(&wanted), "{}", written);
            prop_assert!(read.warnings.0.is_empty(), "{:?}", read.warnings);
        }
    }
}

fn reads_as(read: &Body, blocks: &Value, source: &str) {
    assert_eq!(bare(read), *blocks, "{source}");
}

#[test]
fn pictures_of_ours_become_blocks_wherever_a_page_puts_them() {
    let id = "019c63f0-5a16-7077-92e3-4f5a6b7c8d9e";
    let picture = |more: Value| {
        let mut block = json!({"type": "image", "media_id": id, "size": "normal"});
        block.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        block
    };
    let p = |text: &str| json!({"type": "paragraph", "text": [{"text": text}]});
    for (source, blocks) in [
        (
            format!("<img src=/media/{id}/640.jpg?v=1>"),
            json!([picture(json!({}))]),
        ),
        (
            format!("<p>a <img src='https://m.example/x/media/{id}/original.png' alt='b'> c</p>"),
            json!([p("a"), picture(json!({"alt": "b"})), p("c")]),
        ),
        (
            format!("<a href=https://a.example/><span><img data-media-id={id} alt=''></span></a>"),
            json!([picture(json!({}))]),
        ),
        (
            format!("<picture><source srcset=x><img src=/media/{id}/320.webp></picture>"),
            json!([picture(json!({}))]),
        ),
        (
            format!(
                "<figure><a href=/x><img src=/media/{id}/320.webp></a><figcaption>a<br>b <cite>C</cite></figcaption></figure>"
            ),
            json!([picture(json!({"caption": "a\nb", "credit": "C"}))]),
        ),
        (
            format!(
                "<figure data-size=wide><img src=/media/{id}/320.webp><figcaption><small>C</small></figcaption></figure>"
            ),
            json!([picture(json!({"credit": "C", "size": "wide"}))]),
        ),
        (
            format!("<figure class=gallery><img src=/media/{id}/1.webp><p>a</p><figcaption>T</figcaption></figure>"),
            json!([{"type": "gallery", "title": "T", "items": [{"media_id": id}]}, p("a")]),
        ),
    ] {
        reads_as(&from_html(&source).body, &blocks, &source);
    }
    let markdown = format!("![b](/media/{id}/640.jpg \"c\")");
    reads_as(
        &from_markdown(&markdown).body,
        &json!([picture(json!({"alt": "b", "caption": "c"}))]),
        &markdown,
    );
}

#[test]
fn pictures_from_elsewhere_are_dropped_and_told() {
    for source in [
        "<img src=https://a.example/b.jpg>",
        "<img src=/media/x/640.jpg>",
        "<img src=/media/019c63f0-5a16-7077-92e3-4f5a6b7c8d9ex/640.jpg>",
        "<picture><img src=b.jpg></picture>",
        "<video src=b.mp4></video>",
    ] {
        let read = from_html(source);
        assert_eq!(read.body, Body::default(), "{source}");
        assert_eq!(read.warnings.0.len(), 1, "{source}");
    }
}

fn noted() -> Block {
    let media = card(2, MediaType::Jpeg, [None; 3]);
    let alt = AltText::parse("^1").ok();
    Image::make(media.id, alt, None, None, ImageSize::Normal, Some(Box::new(media))).into()
}

#[test]
fn what_readers_see_of_a_media_is_written_whole() {
    let mut body = Body::checked(
        vec![
            Image::make(MediaId(Uuid::from_u128(2)), None, None, None, ImageSize::Wide, None).into(),
            Video::make(Some(MediaId(Uuid::from_u128(3))), None, None, None, None, None).into(),
        ],
        "",
    )
    .unwrap();
    let words = [Some("A \"ferry\""), Some("Leaving"), Some("A & B")];
    body.show_media(|id| {
        let image = card(2, MediaType::Jpeg, words);
        Some(if id == image.id {
            image
        } else {
            card(3, MediaType::Mp4, words)
        })
    });
    let root = "/media/00000000-0000-0000-0000-00000000000";
    assert_eq!(
        html::write(&body, super::SITE),
        format!(
            "<figure class=\"image\" data-size=\"wide\"><img src=\"{root}2/320.jpg?v=8d2f0a4c6b1e3579\" \
             srcset=\"{root}2/160.webp?v=8d2f0a4c6b1e3579 160w, {root}2/320.webp?v=8d2f0a4c6b1e3579 320w\" \
             sizes=\"auto, 100vw\" loading=\"lazy\" \
             alt=\"A &quot;ferry&quot;\" width=\"600\" height=\"400\" \
             data-media-id=\"00000000-0000-0000-0000-000000000002\"><figcaption>Leaving <small>A &amp; B</small></figcaption>\
             </figure>\n<figure class=\"video\"><video controls preload=\"metadata\" \
             src=\"https://media.example{root}3/original.mp4?v=8d2f0a4c6b1e3579\" width=\"600\" height=\"400\" \
             aria-label=\"A &quot;ferry&quot;\" data-media-id=\"00000000-0000-0000-0000-000000000003\"></video>\
             <figcaption>Leaving <small>A &amp; B</small></figcaption></figure>"
        )
    );
    // A sign that begins a footnote where readers know footnotes.
    let note = markdown::write(&Body::checked(vec![noted()], "").unwrap());
    assert_eq!(bare(&from_markdown(&note).body)[0]["alt"], "^1", "{note}");
    assert!(markdown::write(&body).contains(&format!("![A \"ferry\"]({root}2/320.jpg?v=8d2f0a4c6b1e3579)")));
    assert_eq!(body.plain_text(), "Leaving\n\nLeaving");
    assert_eq!(
        (body.word_count(), body.is_empty()),
        (0, true),
        "words under pictures are no text"
    );
    assert_eq!(body.media()[1].wants, [MediaKind::Video]);
}
