//! The related links that a body shows.

use std::collections::{HashMap, HashSet};

use deserr::ValuePointerRef;

use super::block::{Block, Parts, block, field};
use super::media::no_running_text;
use super::span::Span;
use super::{Body, each_block_mut};
use crate::domain::id::{ArticleId, BlockId, RelatedLinkId};
use crate::domain::invalid::{Flaw, Rule, pointer};
use crate::domain::related::{LinkAt, RelatedCard, RelatedLink, Target};
use crate::domain::text::{LinkTitle, LinksTitle};
use crate::domain::web::WebUrl;

block! {
    /// A link of the article's, in mid-body.
    RelatedArticle, RelatedArticleType = "related_article" {
        /// Absent where a link is to be made, or found, to what `article_id` or `url` names.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = RelatedLinkId, required = false)]
        link_id: Option<RelatedLinkId>,
        /// The article that the link leads to.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = ArticleId, required = false)]
        article_id: Option<ArticleId>,
        /// The page elsewhere that it leads to.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = WebUrl, required = false)]
        url: Option<WebUrl>,
        /// What the page elsewhere is called.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = LinkTitle, required = false)]
        title: Option<LinkTitle>,
        /// Whether the target's lead picture is shown with it.
        #[deserr(default)]
        #[serde(default)]
        #[schema(required, default = false)]
        show_image: bool,
        /// The link as readers see it, in answers to readers.
        #[deserr(skip)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = RelatedCard, required = false, read_only)]
        link: Option<Box<RelatedCard>>,
    }
}

block! {
    /// Several links of the article's, as a list in mid-body.
    RelatedList, RelatedListType = "related_list" {
        /// Absent when there is none.
        #[deserr(default)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = LinksTitle, required = false)]
        title: Option<LinksTitle>,
        #[schema(min_items = 1, max_items = 50)]
        link_ids: Vec<RelatedLinkId>,
        /// The links as readers see them, in answers to readers.
        #[deserr(skip)]
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(value_type = Vec<RelatedCard>, required = false, read_only)]
        links: Vec<RelatedCard>,
    }
}

impl RelatedArticle {
    fn target(&self) -> Option<Target> {
        let article = self.article_id.map(Target::Article);
        article.or_else(|| self.url.clone().map(Target::Elsewhere))
    }
}

/// What a link says in a text.
fn line(card: &RelatedCard) -> String {
    format!("{}: {}", card.kind.lead_in(), card.label)
}

impl Parts for RelatedArticle {
    no_running_text!();

    fn plain_text(&self) -> String {
        self.link.as_deref().map(line).unwrap_or_default()
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        match (&self.link_id, &self.article_id, &self.url) {
            (_, Some(_), Some(_)) => Err((
                "",
                Flaw::new(Rule::Malformed, "leads to an article or a page elsewhere, not both"),
            )),
            (None, None, None) => Err(("", Flaw::new(Rule::Malformed, "needs `link_id`, `article_id` or `url`"))),
            (Some(_), _, _) => Ok(()),
            // A link is to be made of it.
            _ => match self.target().and_then(|target| target.refuses(self.title.as_ref())) {
                Some(flaw) => Err(flaw),
                None => Ok(()),
            },
        }
    }
}

impl RelatedList {
    pub const MAX_LINKS: usize = 50;
}

impl Parts for RelatedList {
    no_running_text!();

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        self.title.iter().for_each(|title| see(title.as_str()));
    }

    fn plain_text(&self) -> String {
        let title = self.title.iter().map(|title| title.as_str().to_owned());
        let lines: Vec<String> = self.links.iter().map(|card| card.label.clone()).collect();
        if lines.is_empty() {
            return String::new();
        }
        title.chain(lines).collect::<Vec<_>>().join("\n")
    }

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        let once: HashSet<_> = self.link_ids.iter().collect();
        match self.link_ids.len() {
            0 => Err((
                "link_ids",
                Flaw::new(Rule::TooShort, "a list of links needs at least one"),
            )),
            number if number > Self::MAX_LINKS => {
                let message = format!("has {number} links; at most {} are allowed", Self::MAX_LINKS);
                Err(("link_ids", Flaw::new(Rule::TooMany, message)))
            }
            number if number > once.len() => Err(("link_ids", Flaw::new(Rule::Duplicate, "names a link twice"))),
            _ => Ok(()),
        }
    }
}

impl Body {
    /// What each block says of the links that it shows, in reading order.
    pub fn links(&self) -> Vec<LinkAt> {
        let mut found = Vec::new();
        let top = ValuePointerRef::Origin;
        each_link(&self.0, field("body", &top), &mut found);
        found
    }

    /// The links that its blocks show.
    pub fn shown_links(&self) -> HashSet<RelatedLinkId> {
        self.links().into_iter().filter_map(|place| place.link_id).collect()
    }

    /// Names the link of each block that is found by its pointer.
    pub fn name_links(&mut self, found: &HashMap<String, RelatedLinkId>) {
        let top = ValuePointerRef::Origin;
        name(&mut self.0, field("body", &top), found);
    }

    /// Gives links the ids that they have now.
    pub fn rename_links(&mut self, now: &HashMap<RelatedLinkId, RelatedLinkId>) {
        let rename = |id: RelatedLinkId| now.get(&id).copied().unwrap_or(id);
        each_block_mut(&mut self.0, &mut |block| match block {
            Block::RelatedArticle(one) => one.link_id = one.link_id.map(rename),
            Block::RelatedList(list) => list.link_ids.iter_mut().for_each(|id| *id = rename(*id)),
            _ => {}
        });
    }

    /// Has each block say where its link leads.
    pub fn tell_targets<'a>(&mut self, find: impl Fn(RelatedLinkId) -> Option<&'a RelatedLink>) {
        each_block_mut(&mut self.0, &mut |block| {
            let Block::RelatedArticle(block) = block else {
                return;
            };
            if let Some(link) = block.link_id.and_then(&find) {
                block.article_id = link.target.article();
                block.url = link.target.url().cloned();
                block.title.clone_from(&link.title);
            }
        });
    }

    /// Drops what shows links that `keep` does not want, and tells which links those were and, of blocks of their own, which
    /// blocks.
    pub fn drop_links(&mut self, keep: impl Fn(RelatedLinkId) -> bool) -> Vec<(RelatedLinkId, Option<BlockId>)> {
        let mut dropped = Vec::new();
        filter(&mut self.0, &keep, &mut dropped);
        dropped
    }

    /// Drops what `keep` does not want, whether or not it names a link; how many places went is answered.
    pub fn drop_related(&mut self, keep: impl Fn(&LinkAt) -> bool) -> usize {
        let places = self.links().into_iter().filter(|place| !keep(place));
        let lost: HashSet<String> = places.map(|place| place.pointer + &place.field).collect();
        let top = ValuePointerRef::Origin;
        drop_at(&mut self.0, field("body", &top), &lost);
        lost.len()
    }

    /// Adds a block that shows a link behind another block, or at the end; false where there is no such block.
    pub fn show_link(&mut self, link_id: RelatedLinkId, block_id: BlockId, after: Option<&BlockId>) -> bool {
        let mut new = Block::from(RelatedArticle::make(Some(link_id), None, None, None, false, None));
        new.set_id(Some(block_id));
        match after {
            None => self.0.push(new),
            Some(after) => return insert_after(&mut self.0, after, &mut Some(new)),
        }
        true
    }

    /// Shows each link as readers see it. Where `find` knows none, the block goes with `hide` and is left as it is without.
    pub fn show_related(&mut self, find: impl Fn(RelatedLinkId) -> Option<RelatedCard>, hide: bool) {
        each_block_mut(&mut self.0, &mut |block| match block {
            Block::RelatedArticle(block) => block.link = block.link_id.and_then(&find).map(Box::new),
            Block::RelatedList(block) => block.links = block.link_ids.iter().filter_map(|id| find(*id)).collect(),
            _ => {}
        });
        if hide {
            self.drop_links(|id| find(id).is_some());
        }
    }

    /// Has blocks that name a page elsewhere name the article that it is, where it is one of ours.
    /// Not where `stays` knows better of its link.
    pub fn own_pages(&mut self, stays: impl Fn(RelatedLinkId) -> bool, find: impl Fn(&WebUrl) -> Option<ArticleId>) {
        each_block_mut(&mut self.0, &mut |block| {
            let Block::RelatedArticle(one) = block else {
                return;
            };
            if one.link_id.is_some_and(&stays) {
                return;
            }
            if let Some(id) = one.url.as_ref().and_then(&find) {
                one.article_id = Some(id);
                one.url = None;
                one.title = None;
            }
        });
    }
}

fn each_link(blocks: &[Block], at: ValuePointerRef<'_>, found: &mut Vec<LinkAt>) {
    for (index, block) in blocks.iter().enumerate() {
        let here = ValuePointerRef::Index { index, prev: &at };
        match block {
            Block::RelatedArticle(one) => found.push(LinkAt {
                pointer: pointer(&here),
                field: match (&one.link_id, &one.article_id) {
                    (Some(_), _) => "/link_id".to_owned(),
                    (None, Some(_)) => "/article_id".to_owned(),
                    (None, None) => "/url".to_owned(),
                },
                link_id: one.link_id,
                target: one.target(),
                title: one.title.clone(),
            }),
            Block::RelatedList(list) => found.extend(list.link_ids.iter().enumerate().map(|(n, id)| LinkAt {
                pointer: pointer(&here),
                field: format!("/link_ids/{n}"),
                link_id: Some(*id),
                target: None,
                title: None,
            })),
            _ => {}
        }
        each_link(block.children(), field("blocks", &here), found);
    }
}

fn name(blocks: &mut [Block], at: ValuePointerRef<'_>, found: &HashMap<String, RelatedLinkId>) {
    for (index, block) in blocks.iter_mut().enumerate() {
        let here = ValuePointerRef::Index { index, prev: &at };
        if let Block::RelatedArticle(one) = block {
            one.link_id = found.get(&pointer(&here)).copied().or(one.link_id);
        }
        name(block.children_mut(), field("blocks", &here), found);
    }
}

fn filter(
    blocks: &mut Vec<Block>,
    keep: &dyn Fn(RelatedLinkId) -> bool,
    dropped: &mut Vec<(RelatedLinkId, Option<BlockId>)>,
) {
    blocks.retain_mut(|block| match block {
        Block::FactBox(inner) => {
            filter(&mut inner.blocks, keep, dropped);
            true
        }
        Block::RelatedArticle(one) => match one.link_id {
            Some(id) if !keep(id) => {
                dropped.push((id, one.id.clone()));
                false
            }
            _ => true,
        },
        Block::RelatedList(list) => {
            let gone: Vec<RelatedLinkId> = list.link_ids.iter().copied().filter(|id| !keep(*id)).collect();
            list.link_ids.retain(|id| keep(*id));
            let block_id = list.link_ids.is_empty().then(|| list.id.clone()).flatten();
            dropped.extend(gone.into_iter().map(|id| (id, block_id.clone())));
            !list.link_ids.is_empty()
        }
        _ => true,
    });
}

fn drop_at(blocks: &mut Vec<Block>, at: ValuePointerRef<'_>, lost: &HashSet<String>) {
    let mut index = 0;
    blocks.retain_mut(|block| {
        let here = ValuePointerRef::Index { index, prev: &at };
        index += 1;
        let own = pointer(&here);
        match block {
            Block::FactBox(inner) => {
                drop_at(&mut inner.blocks, field("blocks", &here), lost);
                true
            }
            Block::RelatedArticle(_) => !["/link_id", "/article_id", "/url"]
                .iter()
                .any(|field| lost.contains(&format!("{own}{field}"))),
            Block::RelatedList(several) => {
                let mut n = 0;
                several.link_ids.retain(|_| {
                    n += 1;
                    !lost.contains(&format!("{own}/link_ids/{}", n - 1))
                });
                !several.link_ids.is_empty()
            }
            _ => true,
        }
    });
}

fn insert_after(blocks: &mut Vec<Block>, after: &BlockId, new: &mut Option<Block>) -> bool {
    if let Some(at) = blocks.iter().position(|block| block.id() == Some(after)) {
        if let Some(new) = new.take() {
            blocks.insert(at + 1, new);
        }
        return true;
    }
    blocks.iter_mut().any(|block| match block {
        Block::FactBox(inner) => insert_after(&mut inner.blocks, after, new),
        _ => false,
    })
}
