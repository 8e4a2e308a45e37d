//! A body as it was written at publish, to be sent again: only those of its blocks are read and written anew that show what is looked
//! up meanwhile.

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::{Block, Body};

/// How a link to an article begins in a block as it is kept. In a text the quotes would be escaped; here as below, a text that looks
/// like it costs a look, and no more.
const LINKS_TO: &str = "\"link\":{\"article_id\":";

/// The types of blocks that show related links begin like this.
const SHOWS_RELATED: &str = "\"related_";

/// What shows a media names it.
const SHOWS_MEDIA: &str = "\"media_id\":";

/// The JSON of a body.
#[derive(Debug, Clone, Copy)]
pub struct WrittenBody<'a>(&'a RawValue);

/// What becomes of a block.
enum Part<'a> {
    AsWritten(&'a RawValue),
    Changed(Block),
}

impl<'a> WrittenBody<'a> {
    pub fn new(json: &'a RawValue) -> Self {
        Self(json)
    }

    /// Whether its text may link to articles.
    pub fn links_to_articles(self) -> bool {
        self.0.get().contains(LINKS_TO)
    }

    /// Whether anything in it may have to be looked up when it is shown.
    pub fn shows_more(self) -> bool {
        shows_more(self.0.get())
    }

    /// The same body, shown by `show`: what a whole body would be that is read, shown and written, as long as `show` goes about
    /// each block by itself and leaves one alone that shows nothing which is looked up.
    pub fn with(self, show: impl Fn(&mut Body)) -> serde_json::Result<Box<RawValue>> {
        let blocks: Vec<&RawValue> = serde_json::from_str(self.0.get())?;
        let mut parts = Vec::with_capacity(blocks.len());
        for block in blocks {
            if shows_more(block.get()) {
                let mut alone = Body(vec![Block::from_json(block.get())?]);
                show(&mut alone);
                parts.extend(alone.0.into_iter().map(Part::Changed));
            } else {
                parts.push(Part::AsWritten(block));
            }
        }
        to_raw_value(&parts)
    }
}

fn shows_more(json: &str) -> bool {
    [LINKS_TO, SHOWS_RELATED, SHOWS_MEDIA]
        .iter()
        .any(|mark| json.contains(mark))
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AsWritten(json) => json.serialize(serializer),
            Self::Changed(block) => block.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::ArticleId;

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
            let show = |body: &mut Body| {
                body.show_related(|_| None, seed % 2 == 0);
                body.resolve_links(|id| paths.get(&id).cloned());
            };
            let mut whole = body(seed);
            let kept = to_raw_value(&whole).unwrap();
            let written = WrittenBody::new(&kept);
            let spliced = written.with(show).unwrap();
            show(&mut whole);
            assert_eq!(spliced.get(), to_raw_value(&whole).unwrap().get(), "{seed}");
            if written.shows_more() {
                looked_up += 1;
            } else {
                assert_eq!(spliced.get(), kept.get(), "{seed}");
            }
        }
        assert!(looked_up > 300);
    }
}
