//! The body of a story: typed blocks, never markup, so that nothing in it can be run.

mod block;
mod span;

use std::collections::{BTreeSet, HashSet};

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use utoipa::openapi::{ArrayBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use block::{Block, Heading, Paragraph};
pub use span::{Link, Mark, Span};

use super::id::{ArticleId, BlockId, IdSource};
use super::invalid::{Flaw, Invalids, Rule, refuse};

/// The blocks of a story, in reading order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(Vec<Block>);

impl Body {
    /// Most blocks in one body.
    pub const MAX_BLOCKS: usize = 2000;
    /// Most bytes of one body, written as JSON.
    pub const MAX_BYTES: usize = 1024 * 1024;
    /// Most characters of text in one block.
    pub const MAX_BLOCK_CHARS: usize = 20_000;

    pub fn new(blocks: Vec<Block>) -> Self {
        Self(blocks)
    }

    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// True when there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.0
            .iter()
            .all(|block| block.spans().iter().all(|span| span.text.trim().is_empty()))
    }

    /// Gives every block that came without an id one of its own.
    pub fn name_blocks(&mut self, ids: &dyn IdSource) {
        for block in &mut self.0 {
            if block.id().is_none() {
                block.set_id(BlockId::new(ids.random()));
            }
        }
    }

    /// Words as Unicode counts them (UAX #29).
    pub fn word_count(&self) -> usize {
        self.0
            .iter()
            .map(|block| block.plain_text().unicode_words().count())
            .sum()
    }

    /// The articles that links in the text point to.
    pub fn linked_articles(&self) -> BTreeSet<ArticleId> {
        self.links().filter_map(|link| link.article_id).collect()
    }

    /// Where links point to an article, as JSON pointers within the body.
    pub fn article_links(&self) -> Vec<(String, ArticleId)> {
        let mut found = Vec::new();
        for (b, block) in self.0.iter().enumerate() {
            for (s, span) in block.spans().iter().enumerate() {
                if let Some(id) = span.link.as_ref().and_then(|link| link.article_id) {
                    found.push((format!("/body/{b}/text/{s}/link/article_id"), id));
                }
            }
        }
        found
    }

    /// Gives each link to an article its address; where `address` knows none, the words stay and the link goes.
    pub fn resolve_links(&mut self, address: impl Fn(ArticleId) -> Option<String>) {
        for block in &mut self.0 {
            for span in block.spans_mut() {
                if let Some(id) = span.link.as_ref().and_then(|link| link.article_id) {
                    span.link = address(id).map(|url| Link::resolved(id, url));
                }
            }
            block.tidy();
        }
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        self.0
            .iter()
            .flat_map(block::Block::spans)
            .filter_map(|span| span.link.as_ref())
    }

    fn check(&self) -> Result<(), (Option<usize>, Flaw)> {
        let many = |what: String| Flaw::new(Rule::TooMany, what);
        if self.0.len() > Self::MAX_BLOCKS {
            let message = format!("has {} blocks; at most {} are allowed", self.0.len(), Self::MAX_BLOCKS);
            return Err((None, many(message)));
        }
        let mut seen = HashSet::new();
        for (at, block) in self.0.iter().enumerate() {
            let length = block.plain_text().chars().count();
            if length > Self::MAX_BLOCK_CHARS {
                let message = format!(
                    "has {length} characters of text; at most {} are allowed",
                    Self::MAX_BLOCK_CHARS
                );
                return Err((Some(at), Flaw::new(Rule::TooLong, message)));
            }
            if let Some(id) = block.id().filter(|id| !seen.insert(id.as_str())) {
                let message = format!("the id `{}` is already that of another block", id.as_str());
                return Err((Some(at), Flaw::new(Rule::Duplicate, message)));
            }
        }
        let bytes = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if bytes > Self::MAX_BYTES {
            let message = format!("is {bytes} bytes of JSON; at most {} are allowed", Self::MAX_BYTES);
            return Err((None, Flaw::new(Rule::TooLong, message)));
        }
        Ok(())
    }
}

impl Deserr<Invalids> for Body {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let mut body = Self(Vec::<Block>::deserialize_from_value(value, at)?);
        body.0.iter_mut().for_each(Block::tidy);
        match body.check() {
            Ok(()) => Ok(body),
            Err((None, flaw)) => refuse(flaw, at),
            Err((Some(index), flaw)) => refuse(flaw, ValuePointerRef::Index { index, prev: &at }),
        }
    }
}

impl PartialSchema for Body {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(Block::name()))
            .max_items(Some(Self::MAX_BLOCKS))
            .description(Some("The blocks of a story, in reading order; at most 1 MiB as JSON."))
            .into()
    }
}

impl ToSchema for Body {
    fn name() -> std::borrow::Cow<'static, str> {
        "Body".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Block::name().into_owned(), Block::schema()));
        Block::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: serde_json::Value) -> Result<Body, Vec<(String, Rule)>> {
        deserr::deserialize::<Body, _, Invalids>(value)
            .map_err(|all| all.0.into_iter().map(|one| (one.pointer, one.code)).collect())
    }

    #[test]
    fn every_flaw_of_a_body_is_told_with_its_place() {
        let flaws = read(json!([
            {"type": "paragraph", "text": [{"text": "a\u{0}b"}, {"text": "x", "marks": ["blink"]}]},
            {"type": "heading", "level": 7, "text": []},
            {"type": "marquee"},
            {"type": "paragraph", "text": [{"text": "x", "link": {"url": "javascript:alert(1)"}}], "colour": 1},
        ]));
        let expected = [
            ("/0/text/0/text", Rule::ControlCharacter),
            ("/0/text/1/marks/0", Rule::NotAllowed),
            ("/1/level", Rule::OutOfRange),
            ("/2/type", Rule::NotAllowed),
            ("/3/colour", Rule::Unknown),
            ("/3/text/0/link/url", Rule::NotAllowed),
        ];
        assert_eq!(flaws, Err(expected.map(|(at, rule)| (at.to_owned(), rule)).to_vec()));
    }

    #[test]
    fn neighbours_that_look_alike_become_one_span() {
        let body = read(json!([{"type": "paragraph", "id": "p1", "text": [
            {"text": "One "}, {"text": "two", "marks": []}, {"text": ""}, {"text": "!", "marks": ["strong", "em", "strong"]},
        ]}]));
        let written = serde_json::to_value(body.unwrap()).unwrap();
        assert_eq!(
            written,
            json!([{"id": "p1", "type": "paragraph", "text": [
                {"text": "One two"}, {"text": "!", "marks": ["em", "strong"]},
            ]}])
        );
    }

    #[test]
    fn two_blocks_cannot_have_one_id() {
        let block = json!({"type": "paragraph", "id": "p1", "text": [{"text": "x"}]});
        assert_eq!(
            read(json!([block, block])),
            Err(vec![("/1".to_owned(), Rule::Duplicate)])
        );
    }
}
