//! A dozen articles and their links as they are to be, kept in plain lists.

use std::collections::HashSet;

/// Before the id of a link or a block that the server has made and has not told yet.
pub(super) const UNTOLD: char = '~';

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum To {
    /// The story of this number.
    Story(usize),
    /// The page elsewhere of this number.
    Page(usize),
    /// The story of this number, which was deleted for good, and what it was called.
    Lost(usize, String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) placement: &'static str,
    pub(super) to: To,
    pub(super) label: Option<String>,
}

/// What a block of a body holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    One(String),
    Many(Vec<String>),
    Box(Vec<Block>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) id: String,
    pub(super) holds: Holds,
}

/// What readers have of a story.
#[derive(Debug, Clone)]
pub(super) struct Edition {
    pub(super) headline: String,
    pub(super) slug: String,
    pub(super) links: Vec<Link>,
    pub(super) body: Vec<Block>,
}

#[derive(Debug, Clone)]
pub(super) struct Story {
    pub(super) id: String,
    pub(super) short_id: String,
    pub(super) headline: String,
    pub(super) slug: String,
    pub(super) status: &'static str,
    pub(super) revision: i64,
    pub(super) live_revision: Option<i64>,
    /// When it was changed and when it went live, in steps.
    pub(super) updated: usize,
    pub(super) published: usize,
    pub(super) is_trashed: bool,
    /// Deleted for good.
    pub(super) is_gone: bool,
    pub(super) links: Vec<Link>,
    pub(super) body: Vec<Block>,
    pub(super) live: Option<Edition>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) stories: Vec<Story>,
    /// The step that is being done.
    pub(super) now: usize,
    /// The stories that the last accepted step changed.
    pub(super) touched: Vec<usize>,
    /// Every id of a link that there ever was.
    pub(super) ids: HashSet<String>,
    untold: usize,
}

impl Link {
    pub(super) fn is_in_list(&self) -> bool {
        self.placement != "inline"
    }

    pub(super) fn is_in_body(&self) -> bool {
        self.placement != "list"
    }

    /// The number of the story that it leads to.
    pub(super) fn story(&self) -> Option<usize> {
        match self.to {
            To::Story(number) => Some(number),
            To::Page(_) | To::Lost(..) => None,
        }
    }
}

impl Story {
    pub(super) fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }

    /// Puts the ids that the server tells in the place of those that it had not told.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let named = self.links.iter_mut().filter(|link| link.id == from);
        named.for_each(|link| to.clone_into(&mut link.id));
        each(&mut self.body, &mut |block| {
            let ids = match &mut block.holds {
                Holds::One(id) => std::slice::from_mut(id),
                Holds::Many(ids) => ids,
                Holds::Text | Holds::Box(_) => return,
            };
            let named = ids.iter_mut().filter(|id| *id == from);
            named.for_each(|id| to.clone_into(id));
        });
    }
}

impl Model {
    /// An id that stands for one that the server makes.
    pub(super) fn untold(&mut self) -> String {
        self.untold += 1;
        format!("{UNTOLD}{}", self.untold)
    }

    pub(super) fn touch(&mut self, number: usize) {
        let story = &mut self.stories[number];
        story.revision += 1;
        story.updated = self.now;
        self.touched.push(number);
    }

    /// Whether links of a kind lead from one story to another, over however many.
    pub(super) fn leads(&self, from: usize, to: usize, kind: &str) -> bool {
        let (mut seen, mut next) = (HashSet::new(), vec![from]);
        while let Some(number) = next.pop() {
            if number == to {
                return true;
            }
            if seen.insert(number) {
                let links = self.stories[number].links.iter();
                next.extend(links.filter(|link| link.kind == kind).filter_map(Link::story));
            }
        }
        false
    }

    /// What links to a story, the last changed first: the number of the story and its link.
    pub(super) fn referrers(&self, to: usize) -> Vec<(&Story, &Link)> {
        let there = self.stories.iter().filter(|story| !story.is_gone);
        let links = there.flat_map(|story| story.links.iter().map(move |link| (story, link)));
        let mut found: Vec<_> = links.filter(|(_, link)| link.story() == Some(to)).collect();
        found.sort_by(|(a, one), (b, two)| (b.updated, &two.id).cmp(&(a.updated, &one.id)));
        found
    }
}

/// Sees every block, those in boxes too.
pub(super) fn each(blocks: &mut [Block], see: &mut dyn FnMut(&mut Block)) {
    for block in blocks {
        see(block);
        if let Holds::Box(inner) = &mut block.holds {
            each(inner, see);
        }
    }
}

/// The links that blocks show.
pub(super) fn shown(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().flat_map(shown_by).collect()
}

fn shown_by(block: &Block) -> Vec<&str> {
    match &block.holds {
        Holds::Text => Vec::new(),
        Holds::One(id) => vec![id],
        Holds::Many(ids) => ids.iter().map(String::as_str).collect(),
        Holds::Box(inner) => shown(inner),
    }
}

/// Drops the links that `stays` does not want, and the blocks that nothing is left of; a box stays.
pub(super) fn thin(blocks: &mut Vec<Block>, stays: &dyn Fn(&str) -> bool) {
    blocks.retain_mut(|block| match &mut block.holds {
        Holds::Text => true,
        Holds::One(id) => stays(id),
        Holds::Many(ids) => {
            ids.retain(|id| stays(id));
            !ids.is_empty()
        }
        Holds::Box(inner) => {
            thin(inner, stays);
            true
        }
    });
}

/// Puts a block behind the one of this id; false where there is none.
pub(super) fn insert_behind(blocks: &mut Vec<Block>, id: &str, new: &Block) -> bool {
    if let Some(at) = blocks.iter().position(|block| block.id == id) {
        blocks.insert(at + 1, new.clone());
        return true;
    }
    blocks.iter_mut().any(|block| match &mut block.holds {
        Holds::Box(inner) => insert_behind(inner, id, new),
        _ => false,
    })
}
