//! The body of a story: typed blocks, never markup, so that nothing in it can be run.

mod block;
mod check;
mod embed;
mod fact_box;
mod format;
mod identity;
mod list;
mod media;
mod printed;
mod prose;
mod related;
mod related_line;
mod span;
mod table;
mod uses;
mod warning;

use std::collections::BTreeSet;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ArrayBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub use block::Block;
pub use embed::{Embed, EmbedProvider};
pub use fact_box::FactBox;
pub use format::{BodyFormat, HtmlText, MarkdownText};
pub use list::{List, ListItem, Sublist};
pub use media::{Audio, Gallery, GalleryItem, Image, ImageSize, Video};
pub use printed::{PrintedBody, ShownBlocks};
pub use prose::{CodeBlock, CodeLanguage, Divider, Heading, Level, Paragraph, PullQuote, Quote};
pub use related::{RelatedArticle, RelatedList};
pub use span::{Link, Mark, Span, plain, tidy};
pub use table::{Cell, Table};
pub use uses::MediaAt;
pub use warning::{Warning, WarningCode, Warnings};

use super::id::{ArticleId, BlockId, IdSource};
use super::invalid::{Invalids, pointer};

/// The blocks of a story, in reading order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(Vec<Block>);

impl Body {
    /// Most blocks in one body, those within others included.
    pub const MAX_BLOCKS: usize = 2000;
    /// Most bytes of one body, written as JSON; also of a body that is sent as Markdown or HTML.
    pub const MAX_BYTES: usize = 1024 * 1024;
    /// Most characters of text in one block.
    pub const MAX_BLOCK_CHARS: usize = 20_000;
    /// Most levels of blocks within blocks and lists within lists.
    pub const MAX_LEVELS: usize = 3;

    /// Checks the bounds, and brings the text of each block into its one form.
    ///
    /// # Errors
    /// Every bound that is broken, with JSON pointers that begin with `prefix`.
    pub fn checked(mut blocks: Vec<Block>, prefix: &str) -> Result<Self, Invalids> {
        blocks.iter_mut().for_each(Block::tidy);
        let body = Self(blocks);
        body.check(prefix).into_result().map(|()| body)
    }

    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// True when there is nothing to read; a picture and the words under it are no text.
    pub fn is_empty(&self) -> bool {
        !self.0.iter().any(Block::has_text)
    }

    /// Whether a block has this id, also one within another.
    pub fn has_block(&self, id: &BlockId) -> bool {
        fn within(blocks: &[Block], id: &BlockId) -> bool {
            blocks
                .iter()
                .any(|block| block.id() == Some(id) || within(block.children(), id))
        }
        within(&self.0, id)
    }

    /// Gives every block that came without an id one of its own.
    pub fn name_blocks(&mut self, ids: &dyn IdSource) {
        each_block_mut(&mut self.0, &mut |block| {
            if block.id().is_none() {
                block.set_id(Some(BlockId::new(ids.random())));
            }
        });
    }

    /// Words as Unicode counts them (UAX #29). Those under pictures are not counted: most are the media's own, which the
    /// body does not hold.
    pub fn word_count(&self) -> usize {
        self.0.iter().map(Block::word_count).sum()
    }

    /// What a reader reads, without marks and links; an empty line parts blocks.
    pub fn plain_text(&self) -> String {
        let texts = self.0.iter().map(Block::plain_text).filter(|text| !text.is_empty());
        texts.collect::<Vec<_>>().join("\n\n")
    }

    /// The articles that links in the text point to.
    pub fn linked_articles(&self) -> BTreeSet<ArticleId> {
        self.article_links().into_iter().map(|(_, id)| id).collect()
    }

    /// Where links point to an article, as JSON pointers from the article.
    pub fn article_links(&self) -> Vec<(String, ArticleId)> {
        let mut found = Vec::new();
        let top = ValuePointerRef::Origin;
        let body = ValuePointerRef::Key {
            key: "body",
            prev: &top,
        };
        each_text(&self.0, body, &mut |at, spans| {
            for (index, span) in spans.iter().enumerate() {
                if let Some(id) = span.link.as_ref().and_then(|link| link.article_id) {
                    let at = pointer(&ValuePointerRef::Index { index, prev: &at });
                    found.push((format!("{at}/link/article_id"), id));
                }
            }
        });
        found
    }

    /// Gives each link to an article its address; where `address` knows none, the words stay and the link goes.
    pub fn resolve_links(&mut self, address: impl Fn(ArticleId) -> Option<String>) {
        self.change_links(|link| match link.article_id {
            Some(id) => address(id).map(|url| Link::resolved(id, url)),
            None => Some(link),
        });
    }

    /// The same, but a link whose article has no address stays a link by its id.
    pub fn show_links(&mut self, address: impl Fn(ArticleId) -> Option<String>) {
        self.change_links(|link| {
            let found = link.article_id.and_then(|id| Some(Link::resolved(id, address(id)?)));
            Some(found.unwrap_or(link))
        });
    }

    /// Puts another link in the place of each, or none.
    pub fn change_links(&mut self, change: impl Fn(Link) -> Option<Link>) {
        let mut each = |spans: &mut Vec<Span>| {
            for span in spans.iter_mut() {
                span.link = span.link.take().and_then(&change);
            }
            *spans = tidy(std::mem::take(spans));
        };
        each_block_mut(&mut self.0, &mut |block| block.parts_mut().each_text_mut(&mut each));
    }

    /// The addresses that links lead to.
    pub fn link_urls(&self) -> Vec<&str> {
        let mut found = Vec::new();
        each_text(&self.0, ValuePointerRef::Origin, &mut |_, spans| {
            let links = spans.iter().filter_map(|span| span.link.as_ref());
            found.extend(
                links
                    .filter_map(|link| link.url.as_ref())
                    .map(super::web::LinkUrl::as_str),
            );
        });
        found
    }
}

/// Every block, outer before inner.
fn each_block_mut(blocks: &mut [Block], change: &mut dyn FnMut(&mut Block)) {
    for block in blocks {
        change(block);
        each_block_mut(block.children_mut(), change);
    }
}

/// Every running text with its place, in reading order.
fn each_text<'a>(
    blocks: &'a [Block],
    at: ValuePointerRef<'_>,
    see: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>),
) {
    for (index, block) in blocks.iter().enumerate() {
        let here = ValuePointerRef::Index { index, prev: &at };
        block.parts().each_text(here, see);
        let key = ValuePointerRef::Key {
            key: "blocks",
            prev: &here,
        };
        each_text(block.children(), key, see);
    }
}

impl Deserr<Invalids> for Body {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        Self::checked(Vec::<Block>::deserialize_from_value(value, at)?, &pointer(&at))
    }
}

impl PartialSchema for Body {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(Block::name()))
            .max_items(Some(Self::MAX_BLOCKS))
            .description(Some(
                "The blocks of a story, in reading order: at most 2,000 with those within others, at most 1 MiB as JSON, \
                 at most 3 levels of blocks within blocks and lists within lists, at most 500 media.",
            ))
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
mod tests;
