//! The media that a body shows.

use deserr::ValuePointerRef;

use super::block::{Block, field};
use super::media::{Shown, ShownMut};
use super::{Body, Image, each_block_mut};
use crate::domain::id::MediaId;
use crate::domain::invalid::pointer;
use crate::domain::media::{MediaCard, MediaKind, forget_inherited, inherit};
use crate::domain::text::{AltText, Caption, CreditLine};

/// A media at its place in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaAt {
    /// A JSON pointer from the article to what names the media.
    pub pointer: String,
    pub media_id: MediaId,
    /// What the place is for.
    pub wants: &'static [MediaKind],
    /// What who does not see it is told there.
    pub alt: Option<AltText>,
    /// What is said there of who made it.
    pub credit: Option<CreditLine>,
}

impl Body {
    /// Most media in one body; each comes with all its addresses when it is read.
    pub const MAX_MEDIA: usize = 500;

    /// Every media of ours that it shows, with its place, in reading order.
    pub fn media(&self) -> Vec<MediaAt> {
        let mut found = Vec::new();
        let top = ValuePointerRef::Origin;
        each_media(self.blocks(), field("body", &top), &mut |at, shown| {
            found.push(MediaAt {
                pointer: pointer(&at),
                media_id: shown.media_id,
                wants: wanted(shown.wants),
                alt: shown.alt.cloned(),
                credit: shown.credit.cloned(),
            });
        });
        found
    }

    /// Has each media be shown whole, and say what holds of it where nothing else was written.
    pub fn show_media(&mut self, find: impl Fn(MediaId) -> Option<MediaCard>) {
        self.change_media(&mut |shown| {
            let Some(card) = find(shown.media_id) else {
                return;
            };
            inherit(shown.alt, card.alt.as_ref());
            inherit(shown.caption, card.caption.as_ref());
            inherit(shown.credit, card.credit.as_ref());
            *shown.media = Some(Box::new(card));
        });
    }

    /// For a body that came in a form that says what holds and not who said it: what is the media's own is forgotten, so
    /// that it follows the media.
    pub fn forget_inherited<'a>(&mut self, find: impl Fn(MediaId) -> Option<&'a MediaCard>) {
        self.change_media(&mut |shown| {
            let Some(card) = find(shown.media_id) else {
                return;
            };
            forget_inherited(shown.alt, card.alt.as_ref());
            forget_inherited(shown.caption, card.caption.as_ref());
            forget_inherited(shown.credit, card.credit.as_ref());
        });
    }

    /// Drops each media that `keep` does not want at a place for this kind; what is under it stays as a paragraph. How many
    /// went is answered.
    pub fn drop_media(&mut self, keep: impl Fn(MediaId, MediaKind) -> bool) -> usize {
        let mut dropped = 0;
        filter(&mut self.0, &keep, &mut dropped);
        dropped
    }

    fn change_media(&mut self, change: &mut dyn FnMut(ShownMut<'_>)) {
        each_block_mut(&mut self.0, &mut |block| block.parts_mut().each_media_mut(change));
    }

    pub(super) fn count_media(&self) -> usize {
        let mut count = 0;
        each_media(self.blocks(), ValuePointerRef::Origin, &mut |_, _| count += 1);
        count
    }
}

/// What a place takes, as a list.
fn wanted(kind: MediaKind) -> &'static [MediaKind] {
    MediaKind::ALL
        .iter()
        .find(|one| **one == kind)
        .map_or(&[], std::slice::from_ref)
}

/// Every media with its place, in reading order.
fn each_media<'a>(blocks: &'a [Block], at: ValuePointerRef<'_>, see: &mut dyn FnMut(ValuePointerRef<'_>, Shown<'a>)) {
    for (index, block) in blocks.iter().enumerate() {
        let here = ValuePointerRef::Index { index, prev: &at };
        block.parts().each_media(here, see);
        each_media(block.children(), field("blocks", &here), see);
    }
}

fn filter(blocks: &mut Vec<Block>, keep: &dyn Fn(MediaId, MediaKind) -> bool, dropped: &mut usize) {
    let all = std::mem::take(blocks);
    for mut block in all {
        if let Block::FactBox(inner) = &mut block {
            filter(&mut inner.blocks, keep, dropped);
        }
        let words = match &mut block {
            Block::Image(Image { media_id, caption, .. }) if !keep(*media_id, MediaKind::Image) => caption.take(),
            Block::Video(one) if one.media_id.is_some_and(|id| !keep(id, MediaKind::Video)) => one.caption.take(),
            Block::Audio(one) if one.media_id.is_some_and(|id| !keep(id, MediaKind::Audio)) => one.caption.take(),
            Block::Gallery(gallery) => {
                let before = gallery.items.len();
                gallery.items.retain(|item| keep(item.media_id, MediaKind::Image));
                *dropped += before - gallery.items.len();
                if !gallery.items.is_empty() {
                    blocks.push(block);
                }
                continue;
            }
            _ => {
                blocks.push(block);
                continue;
            }
        };
        *dropped += 1;
        blocks.extend(words.map(|words: Caption| Block::paragraph(vec![super::Span::plain(words.as_str())])));
    }
}
