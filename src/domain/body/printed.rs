//! The body of an edition, printed: written once, and sent again and again. Only those of its blocks are kept as what they are, and
//! written at each read, that show what is looked up meanwhile.

use std::sync::Arc;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Block, Body};
use crate::domain::printed::length;

/// How a link to an article begins in a block as it is kept. In a text the quotes would be escaped; here as below, a text that looks
/// like it costs a look, and no more.
const LINKS_TO: &str = "\"link\":{\"article_id\":";

/// The types of blocks that show related links begin like this.
const SHOWS_RELATED: &str = "\"related_";

/// What shows a media names it.
const SHOWS_MEDIA: &str = "\"media_id\":";

/// What a block takes that is kept as what it is, in times of its JSON: a span of one letter is as large as a long one.
const TIMES: usize = 8;

/// A body with the media that it shows.
#[derive(Debug)]
pub struct PrintedBody {
    parts: Vec<Part>,
    links_to_articles: bool,
    weight: usize,
}

#[derive(Debug)]
enum Part {
    /// One block or several, with commas between.
    AsWritten(String),
    /// Shows what may be other tomorrow.
    Open(Block),
}

/// The blocks of a body, to be sent.
#[derive(Debug, Clone)]
pub enum ShownBlocks {
    AsWritten(Box<RawValue>),
    Printed {
        body: Arc<PrintedBody>,
        /// What became of each block that is open.
        opened: Vec<Vec<Block>>,
    },
}

impl PrintedBody {
    /// Of the JSON of a body, whose media `show` shows. It must go about each block by itself, and leave alone what shows no media.
    pub fn new(json: &RawValue, show: impl Fn(&mut Body)) -> serde_json::Result<Self> {
        let blocks: Vec<Box<RawValue>> = serde_json::from_str(json.get())?;
        let mut parts = Vec::new();
        let mut weight = 0;
        for block in blocks {
            let is_open = has(block.get(), &[LINKS_TO, SHOWS_RELATED]);
            if !is_open && !has(block.get(), &[SHOWS_MEDIA]) {
                as_written(block.get(), &mut parts);
                continue;
            }
            let mut alone = Body(vec![Block::from_json(block.get())?]);
            show(&mut alone);
            for block in alone.0 {
                if is_open {
                    weight += size_of::<Block>() + length(&block) * TIMES;
                    parts.push(Part::Open(block));
                } else {
                    as_written(&serde_json::to_string(&block)?, &mut parts);
                }
            }
        }
        parts.shrink_to_fit();
        for part in &mut parts {
            weight += size_of::<Part>();
            if let Part::AsWritten(blocks) = part {
                blocks.shrink_to_fit();
                weight += blocks.len();
            }
        }
        Ok(Self {
            links_to_articles: Self::may_link(json),
            weight,
            parts,
        })
    }

    /// Whether the text of a body that was not printed may link to articles.
    pub fn may_link(json: &RawValue) -> bool {
        has(json.get(), &[LINKS_TO])
    }

    /// Whether its text may link to articles.
    pub fn links_to_articles(&self) -> bool {
        self.links_to_articles
    }

    /// Bytes that it takes, about.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// The same body, with what is looked up shown by `show`: what a whole body would be that is shown and written, as long as `show`
    /// goes about each block by itself and leaves one alone that shows nothing which is looked up.
    pub fn shown(self: &Arc<Self>, show: impl Fn(&mut Body)) -> ShownBlocks {
        let open = self.parts.iter().filter_map(|part| match part {
            Part::AsWritten(_) => None,
            Part::Open(block) => Some(block),
        });
        let opened = open.map(|block| {
            let mut alone = Body(vec![block.clone()]);
            show(&mut alone);
            alone.0
        });
        ShownBlocks::Printed {
            opened: opened.collect(),
            body: Arc::clone(self),
        }
    }
}

/// Adds a block to those that are written already.
fn as_written(block: &str, parts: &mut Vec<Part>) {
    match parts.last_mut() {
        Some(Part::AsWritten(blocks)) => {
            blocks.push(',');
            blocks.push_str(block);
        }
        Some(Part::Open(_)) | None => parts.push(Part::AsWritten(block.to_owned())),
    }
}

fn has(json: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| json.contains(mark))
}

impl ShownBlocks {
    /// Writes their JSON: as they are serialized, but what is printed is copied.
    ///
    /// # Errors
    /// Where a block cannot be written.
    pub fn write(&self, sheet: &mut Vec<u8>) -> serde_json::Result<()> {
        let (body, opened) = match self {
            Self::AsWritten(json) => {
                sheet.extend_from_slice(json.get().as_bytes());
                return Ok(());
            }
            Self::Printed { body, opened } => (body, opened),
        };
        let mut opened = opened.iter();
        sheet.push(b'[');
        for part in &body.parts {
            match part {
                Part::AsWritten(blocks) => {
                    separate(sheet);
                    sheet.extend_from_slice(blocks.as_bytes());
                }
                Part::Open(_) => {
                    for block in opened.next().into_iter().flatten() {
                        separate(sheet);
                        serde_json::to_writer(&mut *sheet, block)?;
                    }
                }
            }
        }
        sheet.push(b']');
        Ok(())
    }
}

/// A block ends with a brace, so a bracket is the one that begins them all.
fn separate(sheet: &mut Vec<u8>) {
    if !sheet.ends_with(b"[") {
        sheet.push(b',');
    }
}

impl Serialize for ShownBlocks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sheet = Vec::new();
        self.write(&mut sheet).map_err(S::Error::custom)?;
        let json: &RawValue = serde_json::from_slice(&sheet).map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::{ArticleId, MediaId, RelatedLinkId};
    use crate::domain::media::MediaCard;
    use crate::domain::related::RelatedCard;

    /// Blocks of all kinds that matter here, some within others, in an order that `seed` tells.
    fn body(seed: usize) -> Body {
        let id = |number: usize| Uuid::from_u128(u128::try_from(number).unwrap_or_default()).to_string();
        let words = |text: &str| json!({"type": "paragraph", "text": [{"text": text}]});
        let linked = |number| {
            let link = json!({"article_id": id(number)});
            json!({"type": "paragraph", "text": [{"text": "a"}, {"text": "b", "link": link}, {"text": "c"}]})
        };
        let kinds: [Value; 8] = [
            words("plain \u{1f469} and \"link\":{\"article_id\": \\ \n"),
            linked(seed % 3),
            json!({"type": "related_article", "link_id": id(seed % 2), "show_image": true}),
            json!({"type": "related_list", "link_ids": [id(1), id(2)]}),
            json!({"type": "image", "media_id": id(seed % 4), "size": "full"}),
            json!({"type": "fact_box", "title": "Facts", "blocks": [linked(1), words("x"), linked(0)]}),
            json!({"type": "divider"}),
            json!({"type": "heading", "level": 2, "text": [{"text": "related_"}]}),
        ];
        let order = (0..seed % 9).map(|at| kinds[(at * (seed + 3) + seed) % kinds.len()].clone());
        let mut body: Body = serde_json::from_value(Value::Array(order.collect())).unwrap();
        body.0.iter_mut().for_each(Block::tidy);
        body
    }

    /// Shows half of the media there are.
    fn media(body: &mut Body, seed: usize) {
        let card = |id: MediaId| -> MediaCard {
            serde_json::from_value(json!({
                "id": id, "kind": "image", "mime": "image/jpeg", "width": 640, "height": 480, "duration_ms": null, "animated": false,
                "renders": true, "placeholder": null, "headline": null, "alt": "A ferry.", "caption": null, "credit": "Slipway Photos",
                "creator": null, "copyright": null, "source": null, "taken_at": null, "location": null, "focal_point": null,
                "version": "8d2f0a4c6b1e3579"
            }))
            .unwrap()
        };
        let is_there = |id: MediaId| id.0.as_u128() % 2 == u128::try_from(seed % 2).unwrap();
        body.show_media(|id| is_there(id).then(|| card(id)));
    }

    /// What is shown of a link, of each other one with the article that it leads to.
    fn card(number: usize) -> (RelatedLinkId, RelatedCard) {
        let id = Uuid::from_u128(u128::try_from(number).unwrap());
        let at = "2026-02-16T09:30:00.000Z";
        let article = json!({
            "id": id, "short_id": "7gk2m9qx", "kind": "news", "locale": "en", "headline": "A ferry", "deck": null, "path": "/ferry",
            "canonical_url": "https://news.example/ferry", "section": null, "lead_media": null, "first_published_at": at,
            "published_at": at, "updated_at": at
        });
        let card = json!({
            "id": id, "kind": "related", "placement": "both", "label": "A ferry", "url": "https://news.example/ferry", "source": null,
            "article": number.is_multiple_of(2).then_some(article)
        });
        (RelatedLinkId(id), serde_json::from_value(card).unwrap())
    }

    #[test]
    fn a_part_that_is_written_anew_is_what_the_whole_would_be() {
        let mut looked_up = 0;
        for seed in 0..500 {
            let paths: HashMap<ArticleId, String> = (0..u128::try_from(seed % 3).unwrap())
                .map(|number| {
                    (
                        ArticleId(Uuid::from_u128(number)),
                        format!("https://news.example/{number}"),
                    )
                })
                .collect();
            let cards: HashMap<RelatedLinkId, RelatedCard> = (0..seed % 3).map(card).collect();
            let show = |body: &mut Body| {
                body.show_related(|id| cards.get(&id).cloned(), seed % 2 == 0);
                body.resolve_links(|id| paths.get(&id).cloned());
            };
            let mut whole = body(seed);
            let kept = to_raw_value(&whole).unwrap();
            let printed = Arc::new(PrintedBody::new(&kept, |body| media(body, seed)).unwrap());
            assert_eq!(printed.links_to_articles(), kept.get().contains(LINKS_TO), "{seed}");
            let sent = to_raw_value(&printed.shown(show)).unwrap();
            media(&mut whole, seed);
            show(&mut whole);
            assert_eq!(sent.get(), to_raw_value(&whole).unwrap().get(), "{seed}");
            if has(kept.get(), &[LINKS_TO, SHOWS_RELATED, SHOWS_MEDIA]) {
                looked_up += 1;
            } else {
                assert_eq!(sent.get(), kept.get(), "{seed}");
            }
        }
        assert!(looked_up > 300);
    }
}
