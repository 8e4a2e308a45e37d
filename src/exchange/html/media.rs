//! Pictures, films and sounds of our own, read back. Those from elsewhere are no part of a story here.

use super::flow::Walk;
use super::inline::Joint;
use super::run::{Run, Style};
use super::tree::{Grown, Id};
use super::word;
use crate::domain::body::{Audio, Block, Gallery, GalleryItem, Image, ImageSize, Span, Video, WarningCode, plain};
use crate::domain::id::MediaId;
use crate::domain::text::{AltText, Caption, CreditLine, GalleryTitle};
use crate::domain::web::WebUrl;

/// The media of ours that an element shows.
fn media_id(tree: &Grown, id: Id) -> Option<MediaId> {
    let named = tree
        .attribute(id, "data-media-id")
        .and_then(|text| MediaId::parse(text).ok());
    named.or_else(|| at_address(tree.attribute(id, "src")?))
}

/// The media of an address such as `/media/{id}/640.webp?v=…`, on whichever host.
fn at_address(address: &str) -> Option<MediaId> {
    let path = address.split(['?', '#']).next()?;
    let mut behind = path.split("/media/").skip(1).filter_map(|rest| rest.split('/').next());
    behind.find_map(|name| MediaId::parse(name).ok())
}

/// Whether an element becomes a block of its own.
pub(super) fn is_own(tree: &Grown, id: Id) -> bool {
    let name = tree.name(id).map(|name| &**name);
    match name {
        Some("img" | "video" | "audio") => media_id(tree, id).is_some(),
        Some("picture") => image_of(tree, id).is_some(),
        _ => false,
    }
}

/// The image of an element that offers several forms of it.
fn image_of(tree: &Grown, picture: Id) -> Option<Id> {
    let is_image = |id: &Id| tree.name(*id).is_some_and(|name| &**name == "img");
    tree.children(picture)
        .find(is_image)
        .filter(|id| media_id(tree, *id).is_some())
}

/// The block that an element becomes, when it shows a media of ours.
pub(super) fn block(walk: &mut Walk<'_>, id: Id, name: &str) -> Option<Block> {
    let tree = walk.tree;
    let shows = match name {
        "picture" => image_of(tree, id)?,
        "img" | "video" | "audio" => id,
        _ => return None,
    };
    let media_id = media_id(tree, shows)?;
    walk.handlers(id);
    if shows != id {
        walk.handlers(shows);
    }
    let text = |name| tree.attribute(shows, name);
    let alt = text("alt")
        .or_else(|| text("aria-label"))
        .and_then(|text| AltText::parse(text).ok());
    // Markdown has a caption's place behind the address.
    let caption = text("title").and_then(|text| Caption::parse(text).ok());
    let mut block: Block = match name {
        "video" => Video::make(Some(media_id), None, alt, caption, None, None).into(),
        "audio" => Audio::make(Some(media_id), None, alt, caption, None, None).into(),
        _ => Image::make(media_id, alt, caption, None, ImageSize::Normal, None).into(),
    };
    block.set_id(walk.block_id(id));
    Some(block)
}

/// A figure as we write it, when it is one of several pictures or plays what another service has.
pub(super) fn figure(walk: &mut Walk<'_>, id: Id, caption: Option<Id>, rest: &[Id]) -> Option<Vec<Block>> {
    if walk.tree.has_class(id, "gallery") {
        return Some(gallery(walk, id, caption, rest));
    }
    let is_video = walk.tree.has_class(id, "video");
    if !is_video && !walk.tree.has_class(id, "audio") {
        return None;
    }
    let mut shown = rest.iter().copied().filter(|id| !word::is_blank(walk, *id));
    let anchor = shown.next().filter(|_| shown.next().is_none())?;
    if walk.name(anchor) != Some("a") {
        return None;
    }
    let url = WebUrl::parse(walk.tree.attribute(anchor, "href")?).ok()?;
    let url = url.as_str().starts_with("https:").then_some(url)?;
    walk.handlers(anchor);
    let alt = walk
        .tree
        .attribute(anchor, "aria-label")
        .and_then(|text| AltText::parse(text).ok());
    let mut block: Block = if is_video {
        Video::make(None, Some(url), alt, None, None, None).into()
    } else {
        Audio::make(None, Some(url), alt, None, None, None).into()
    };
    let left = caption.filter(|caption| !say(walk, *caption, &mut block));
    let mut blocks = vec![block];
    blocks.extend(walk.blocks_of(left, &Style::default()));
    Some(blocks)
}

/// Pictures in one figure; what else stands in it follows them.
fn gallery(walk: &mut Walk<'_>, id: Id, caption: Option<Id>, rest: &[Id]) -> Vec<Block> {
    let (mut items, mut others) = (Vec::new(), Vec::new());
    for block in walk.blocks_of(rest.iter().copied(), &Style::default()) {
        match block {
            Block::Image(image) => items.push(GalleryItem {
                media_id: image.media_id,
                alt: image.alt,
                caption: image.caption,
                credit: image.credit,
                media: None,
            }),
            other => others.push(other),
        }
    }
    if !others.is_empty() && !items.is_empty() {
        walk.warn(WarningCode::StructureFlattened, "gallery", id);
    }
    let title = caption.and_then(|caption| GalleryTitle::parse(&walk.line_of(caption)).ok());
    let left = caption.filter(|_| title.is_none() || items.is_empty());
    let mut blocks: Vec<Block> = Vec::new();
    if !items.is_empty() {
        blocks.push(Gallery::make(title, items).into());
    }
    blocks.extend(others);
    blocks.extend(walk.blocks_of(left, &Style::default()));
    blocks
}

/// Takes over how much room a figure gives its picture.
pub(super) fn sized(walk: &Walk<'_>, id: Id, blocks: &mut [Block]) {
    let size = walk
        .tree
        .attribute(id, "data-size")
        .and_then(|text| ImageSize::parse(text).ok());
    if let (Some(size), [Block::Image(image)]) = (size, blocks) {
        image.size = size;
    }
}

/// Has a block say what stands under it; false where that is not what it can say.
pub(super) fn say(walk: &mut Walk<'_>, caption: Id, block: &mut Block) -> bool {
    let (text, credit) = match block {
        Block::Image(one) => (&mut one.caption, &mut one.credit),
        Block::Video(one) => (&mut one.caption, &mut one.credit),
        Block::Audio(one) => (&mut one.caption, &mut one.credit),
        _ => return false,
    };
    if credit.is_some() {
        return false;
    }
    let children: Vec<Id> = walk.tree.children(caption).collect();
    let last = children.iter().rev().copied().find(|id| !word::is_blank(walk, *id));
    let small = last.filter(|id| matches!(walk.name(*id), Some("small" | "cite")));
    let said = small.map(|id| walk.line_of(id));
    let said = said
        .as_deref()
        .filter(|text| !text.trim().is_empty())
        .map(CreditLine::parse);
    let mut run = Run::default();
    for child in children.into_iter().filter(|id| Some(*id) != small) {
        walk.gather_one(child, &Style::default(), Joint::Paragraph, &mut run);
    }
    let spans: Vec<Span> = run.finish();
    let words = plain(&spans);
    let words = Some(words.trim()).filter(|text| !text.is_empty()).map(Caption::parse);
    match (words.transpose(), said.transpose()) {
        (Ok(words), Ok(said)) => {
            if spans.iter().any(|span| span.link.is_some()) {
                walk.warn(WarningCode::LinkDropped, "a", caption);
            }
            // What stands under a picture goes before what stands in it.
            *text = words.or(text.take());
            *credit = said;
            true
        }
        _ => false,
    }
}
