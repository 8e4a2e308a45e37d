//! The next step of a sequence: a seed, read against what there is. So any steps of a sequence are a sequence too.

use super::Dice;
use super::ask::{Ask, Given, Item, Place, Said, What};
use super::state::{Block, Holds, Model, Story, To};

const MOST: usize = 12;
const KINDS: &[&str] = &[
    "related",
    "related",
    "background",
    "follow_up",
    "update_of",
    "update_of",
    "update_of",
    "update_of",
    "series",
    "translation",
    "source",
];
const PLACEMENTS: &[&str] = &["list", "inline", "both"];
const NOBODY: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";

struct Choice<'a> {
    model: &'a Model,
    story: usize,
    dice: Dice,
}

pub(super) fn ask(model: &Model, seed: u64) -> Ask {
    let mut choice = Choice {
        model,
        story: 0,
        dice: Dice::of(seed),
    };
    let there = model.stories.iter().filter(|story| !story.is_gone).count();
    let creates = model.stories.len() < 4 || (there < MOST && choice.dice.one_in(12));
    let what = if creates {
        choice.create()
    } else {
        let ticket = choice.dice.below(100);
        choice.story = choice.which(ticket);
        choice.what(ticket)
    };
    Ask {
        story: choice.story,
        is_stale: !creates && choice.dice.one_in(30),
        what,
    }
}

impl Choice<'_> {
    fn own(&self) -> &Story {
        &self.model.stories[self.story]
    }

    /// Mostly a story that this can be done to, where there is one.
    fn which(&mut self, ticket: usize) -> usize {
        let stories = self.model.stories.iter().enumerate();
        let any = self.dice.one_in(12);
        let fits = |story: &Story| {
            let can = match ticket {
                28..=46 => !story.links.is_empty(),
                77..=81 => story.status != "draft",
                _ => true,
            };
            let is_there = !story.is_gone && story.is_trashed == matches!(ticket, 85..=93);
            any || (can && is_there)
        };
        let fitting: Vec<usize> = stories.filter(|(_, story)| fits(story)).map(|(at, _)| at).collect();
        let fallback = self.dice.below(self.model.stories.len());
        self.dice.pick(&fitting).unwrap_or(fallback)
    }

    fn what(&mut self, ticket: usize) -> What {
        match ticket {
            0..=19 => What::Add {
                link: self.new_link(),
                at: self.place(),
                after: self.after(),
                reciprocal: self.dice.one_in(4),
            },
            20..=27 => What::Replace {
                items: self.items(),
                by_patch: self.dice.one_in(3),
            },
            28..=41 => What::Alter {
                link: self.link_id(),
                change: self.change(),
                at: self.place(),
                after: self.after(),
            },
            42..=46 => What::Remove { link: self.link_id() },
            47..=59 => What::Body(self.body()),
            60..=64 => What::Whole {
                items: self.items(),
                body: self.body(),
            },
            65..=76 | 92..=93 => What::Publish,
            77..=79 => What::Unpublish,
            80..=81 => What::Retract,
            82..=84 => What::Headline(format!("Called {}", self.dice.below(1000))),
            85..=90 => What::Restore,
            91 | 94 => What::Destroy,
            95..=97 => What::Trash,
            _ => self.slug(),
        }
    }

    fn create(&mut self) -> What {
        let links = if self.model.stories.is_empty() {
            0
        } else {
            self.dice.below(3)
        };
        self.story = self.model.stories.len();
        What::Create {
            headline: format!("Story {}", self.story),
            links: (0..links).map(|_| self.new_link()).collect(),
        }
    }

    /// A free slug, one that somebody has, or one that somebody had.
    fn slug(&mut self) -> What {
        let some = self.dice.below(self.model.stories.len());
        What::Slug(match self.dice.below(3) {
            0 => format!("story-{some}"),
            1 => self.model.stories[some].slug.clone(),
            _ => format!("port-{}", self.dice.below(4)),
        })
    }

    /// Any story, itself and those that are gone too, but mostly one that can be linked to; or a page elsewhere.
    fn to(&mut self) -> To {
        if self.dice.one_in(6) {
            return To::Page(self.dice.below(4));
        }
        let stories = self.model.stories.len();
        let number = self.dice.below(stories);
        let is_other = number != self.story && !self.model.stories[number].is_gone;
        if is_other {
            To::Story(number)
        } else {
            To::Story(self.dice.below(stories))
        }
    }

    fn new_link(&mut self) -> Item {
        Item {
            id: None,
            to: Some(self.to()),
            kind: self.dice.pick(KINDS).filter(|_| !self.dice.one_in(4)),
            placement: self.dice.pick(PLACEMENTS).filter(|_| !self.dice.one_in(4)),
            label: Some(self.label()).filter(|_| self.dice.one_in(5)),
        }
    }

    fn change(&mut self) -> Item {
        let label = if self.dice.one_in(2) {
            String::new()
        } else {
            self.label()
        };
        Item {
            id: None,
            to: None,
            kind: self.dice.pick(KINDS).filter(|_| self.dice.one_in(3)),
            placement: self.dice.pick(PLACEMENTS).filter(|_| self.dice.one_in(2)),
            label: Some(label).filter(|_| self.dice.one_in(3)),
        }
    }

    fn label(&mut self) -> String {
        format!("Read {}", self.dice.below(100))
    }

    /// Mostly a link of the story; else one of another, or nobody's.
    fn link_id(&mut self) -> String {
        let rare = self.dice.one_in(15);
        let some = self.dice.below(self.model.stories.len());
        let of = if rare { &self.model.stories[some] } else { self.own() };
        let ids: Vec<String> = of.links.iter().map(|link| link.id.clone()).collect();
        self.dice.pick(&ids).unwrap_or_else(|| NOBODY.to_owned())
    }

    fn place(&mut self) -> Option<Place> {
        match self.dice.below(6) {
            0 => Some(Place::Start),
            1 => Some(Place::End),
            2 => Some(Place::Before(self.link_id())),
            3 => Some(Place::After(self.link_id())),
            _ => None,
        }
    }

    /// A block of the body, now and then one that is not there.
    fn after(&mut self) -> Option<String> {
        if !self.dice.one_in(3) {
            return None;
        }
        if self.dice.one_in(12) {
            return Some("nowhere".to_owned());
        }
        let body = self.own().body.iter();
        let inner = body.flat_map(|block| match &block.holds {
            Holds::Box(inner) => inner.as_slice(),
            _ => std::slice::from_ref(block),
        });
        let ids: Vec<String> = inner.map(|block| block.id.clone()).collect();
        self.dice.pick(&ids)
    }

    /// The list in another order, without some, with new ones, and with a word changed here and there.
    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        for link in self.own().links.clone() {
            if self.dice.one_in(5) {
                continue;
            }
            let mut item = if self.dice.one_in(3) {
                self.change()
            } else {
                Item::default()
            };
            // One can be named by what it is, too.
            let is_lost = matches!(link.to, To::Lost(..));
            if self.dice.one_in(6) && !is_lost {
                item.to = Some(link.to);
                item.kind = Some(link.kind);
            } else {
                item.id = Some(link.id);
            }
            items.push(item);
        }
        for _ in 0..self.dice.below(3) {
            items.push(self.new_link());
        }
        if self.dice.one_in(15) {
            let id = Some(self.link_id());
            items.push(Item { id, ..Item::default() });
        }
        if !self.dice.one_in(3) {
            self.dice.shuffle(&mut items);
        }
        items
    }

    /// The body with blocks cut out, moved, repeated and put in.
    fn body(&mut self) -> Vec<Given> {
        let mut body: Vec<Given> = Vec::new();
        for block in self.own().body.clone() {
            if self.dice.one_in(4) {
                continue;
            }
            let given = self.given(&block);
            body.push(given.clone());
            if self.dice.one_in(10) {
                body.push(self.renamed(given));
            }
        }
        if self.dice.one_in(3) {
            self.dice.shuffle(&mut body);
        }
        for _ in 0..self.dice.below(3) {
            let at = self.dice.below(body.len() + 1);
            let new = self.new_block(true);
            body.insert(at, new);
        }
        body
    }

    /// A block as it came out of the server, perhaps before what its link leads to was deleted for good.
    fn given(&mut self, block: &Block) -> Given {
        let holds = match &block.holds {
            Holds::Text => Said::Text,
            Holds::Many(ids) => Said::Many(ids.clone()),
            Holds::Box(inner) => Said::Box(inner.iter().map(|block| self.given(block)).collect()),
            Holds::One(id) => {
                let was_read_before = self.dice.one_in(2);
                let to = match self.own().link(id).map(|link| link.to.clone()) {
                    Some(To::Lost(was, _)) => Some(To::Story(was)).filter(|_| was_read_before),
                    to => to,
                };
                Said::One {
                    link: Some(id.clone()),
                    to,
                }
            }
        };
        Given {
            id: block.id.clone(),
            holds,
        }
    }

    fn renamed(&mut self, mut given: Given) -> Given {
        given.id = self.block_id();
        if let Said::Box(inner) = given.holds {
            given.holds = Said::Box(inner.into_iter().map(|one| self.renamed(one)).collect());
        }
        given
    }

    fn block_id(&mut self) -> String {
        format!("b{:x}", self.dice.next())
    }

    fn new_block(&mut self, is_top: bool) -> Given {
        let holds = match self.dice.below(12) {
            0..=2 => Said::One {
                link: Some(self.link_id()),
                to: None,
            },
            3..=5 => Said::One {
                link: None,
                to: Some(self.to()),
            },
            // Pasted from elsewhere: the link is another's, what it led to is not.
            6 => Said::One {
                link: Some(if self.dice.one_in(2) {
                    NOBODY.to_owned()
                } else {
                    self.link_id()
                }),
                to: Some(self.to()),
            },
            7..=8 => {
                let mut ids: Vec<String> = self.own().links.iter().map(|link| link.id.clone()).collect();
                self.dice.shuffle(&mut ids);
                ids.truncate(3);
                if ids.is_empty() || self.dice.one_in(10) {
                    ids.push(self.link_id());
                }
                Said::Many(ids)
            }
            9..=10 if is_top => Said::Box((0..self.dice.below(3)).map(|_| self.new_block(false)).collect()),
            _ => Said::Text,
        };
        Given {
            id: self.block_id(),
            holds,
        }
    }
}
