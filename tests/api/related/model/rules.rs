//! What the rules make of a request: docs/API-DESIGN.md and docs/WORKFLOW.md, said once more in plain steps.

use std::collections::HashSet;

use super::ask::{Ask, Given, Item, Place, Said, What};
use super::state::{Block, Holds, Link, Model, To, insert_behind, shown, thin};

/// The status of a refusal.
pub(super) type Refused = u16;

impl Model {
    /// Does what is asked for, or refuses; either way the answer's status.
    pub(super) fn apply(&mut self, ask: &Ask) -> u16 {
        let mut next = self.clone();
        next.touched.clear();
        match next.act(ask) {
            Ok(status) => {
                *self = next;
                status
            }
            Err(status) => {
                self.touched.clear();
                status
            }
        }
    }

    fn act(&mut self, ask: &Ask) -> Result<u16, Refused> {
        if let What::Create { headline, links } = &ask.what {
            return self.create(headline, links);
        }
        if is_wrong_in_itself(&ask.what) {
            return Err(422);
        }
        let story = &self.stories[ask.story];
        if story.is_gone {
            return Err(404);
        }
        if ask.is_stale {
            return Err(412);
        }
        let may_be_in_trash = matches!(ask.what, What::Trash | What::Restore | What::Destroy);
        if story.is_trashed && !may_be_in_trash {
            return Err(409);
        }
        self.change(ask.story, &ask.what)
    }

    fn change(&mut self, number: usize, what: &What) -> Result<u16, Refused> {
        match what {
            What::Create { .. } => {}
            What::Add {
                link,
                at,
                after,
                reciprocal,
            } => return self.add(number, link, at.as_ref(), after.as_deref(), *reciprocal),
            What::Replace { items, .. } => {
                let listed = self.listed(number, items)?;
                self.write(number, Some(listed), None, None)?;
            }
            What::Alter {
                link,
                change,
                at,
                after,
            } => self.alter(number, link, change, at.as_ref(), after.as_deref())?,
            What::Remove { link } => {
                let mut links = self.stories[number].links.clone();
                let at = links.iter().position(|one| one.id == *link).ok_or(404_u16)?;
                links.remove(at);
                self.write(number, Some(links), None, None)?;
            }
            What::Body(body) => self.write(number, None, Some(body), None)?,
            What::Whole { items, body } => {
                let listed = self.listed(number, items)?;
                self.write(number, Some(listed), Some(body), None)?;
            }
            What::Publish => self.publish(number)?,
            What::Unpublish => self.take_down(number, &["published"], "unpublished")?,
            What::Retract => self.take_down(number, &["published", "unpublished"], "retracted")?,
            What::Trash => self.trash(number, true),
            What::Restore => self.trash(number, false),
            What::Headline(words) => {
                if self.stories[number].headline != *words {
                    self.stories[number].headline.clone_from(words);
                    self.touch(number);
                }
            }
            What::Slug(slug) => self.address(number, slug)?,
            What::Destroy => {
                self.destroy(number);
                return Ok(204);
            }
        }
        Ok(200)
    }

    /// The list that items make of the one that there is.
    pub(super) fn listed(&mut self, number: usize, items: &[Item]) -> Result<Vec<Link>, Refused> {
        let before = self.stories[number].links.clone();
        let mut links: Vec<Link> = Vec::new();
        for item in items {
            let is_used = |link: &Link| links.iter().any(|used| used.id == link.id);
            let is_named = |link: &Link| items.iter().any(|item| item.id.as_ref() == Some(&link.id));
            let found = match &item.id {
                Some(id) => Some(before.iter().find(|link| link.id == *id).ok_or(422_u16)?),
                None => before.iter().find(|link| {
                    Some(&link.to) == item.to.as_ref()
                        && item.kind.is_none_or(|kind| kind == link.kind)
                        && !is_used(link)
                        && !is_named(link)
                }),
            };
            let link = match found {
                Some(link) if is_used(link) => return Err(422),
                Some(link) if item.to.as_ref().is_some_and(|to| *to != link.to) => return Err(422),
                Some(link) => changed(link.clone(), item),
                None => self.made(item)?,
            };
            links.push(link);
        }
        Ok(links)
    }

    fn made(&mut self, item: &Item) -> Result<Link, Refused> {
        let link = Link {
            id: self.untold(),
            kind: "related",
            placement: "list",
            to: item.to.clone().ok_or(422_u16)?,
            label: None,
        };
        Ok(changed(link, item))
    }

    fn add(
        &mut self,
        number: usize,
        link: &Item,
        at: Option<&Place>,
        after: Option<&str>,
        reciprocal: bool,
    ) -> Result<u16, Refused> {
        let new = self.made(link)?;
        let (to, back) = (new.to.clone(), back_of(new.kind));
        let mut links = self.stories[number].links.clone();
        put(&mut links, new, at.unwrap_or(&Place::End))?;
        self.write(number, Some(links), None, after)?;
        if let (true, To::Story(other), Some(kind)) = (reciprocal, to, back) {
            if self.stories[other].is_trashed {
                return Err(422);
            }
            let leads_back = self.stories[other]
                .links
                .iter()
                .any(|link| link.to == To::Story(number));
            if !leads_back {
                let id = self.untold();
                self.stories[other].links.push(Link {
                    id,
                    kind,
                    placement: "list",
                    to: To::Story(number),
                    label: None,
                });
                self.touch(other);
            }
        }
        Ok(201)
    }

    fn alter(
        &mut self,
        number: usize,
        link: &str,
        change: &Item,
        place: Option<&Place>,
        after: Option<&str>,
    ) -> Result<(), Refused> {
        let mut links = self.stories[number].links.clone();
        let at = links.iter().position(|one| one.id == link).ok_or(404_u16)?;
        let new = changed(links.remove(at), change);
        match place {
            None => links.insert(at, new),
            Some(place) => put(&mut links, new, place)?,
        }
        self.write(number, Some(links), None, after)
    }

    /// One write of the list, of the body, or of both, with what follows of each for the other.
    pub(super) fn write(
        &mut self,
        number: usize,
        list: Option<Vec<Link>>,
        said: Option<&Vec<Given>>,
        after: Option<&str>,
    ) -> Result<(), Refused> {
        let before = self.stories[number].links.clone();
        let mut body = self.stories[number].body.clone();
        let wrote_list = list.is_some();
        let mut links = list.unwrap_or_else(|| before.clone());
        if wrote_list {
            self.check(number, &links)?;
        }
        if let Some(said) = said {
            body = self.read(number, said, &mut links)?;
            let shows = shown(&body);
            let had = |link: &Link| before.iter().find(|old| old.id == link.id).map(|old| old.placement);
            let asked = |link: &Link| wrote_list && had(link) != Some(link.placement);
            links.retain(|link| link.placement != "inline" || shows.contains(&link.id.as_str()) || asked(link));
            for link in &mut links {
                match (shows.contains(&link.id.as_str()), link.placement) {
                    (true, "list") => link.placement = "both",
                    (false, "both") if !asked(link) => link.placement = "list",
                    _ => {}
                }
            }
        } else {
            thin(&mut body, &|id| {
                links.iter().any(|link| link.id == id && link.is_in_body())
            });
        }
        for link in links.iter().filter(|link| link.is_in_body()) {
            if shown(&body).contains(&link.id.as_str()) {
                continue;
            }
            let block = Block {
                id: self.untold(),
                holds: Holds::One(link.id.clone()),
            };
            match after {
                None => body.push(block),
                Some(id) if insert_behind(&mut body, id, &block) => {}
                Some(_) => return Err(422),
            }
        }
        let is_new = |link: &&Link| !before.iter().any(|old| old.to == link.to && old.kind == link.kind);
        let directed = links
            .iter()
            .filter(|link| back_of(link.kind).is_none() && link.kind != "source");
        for link in directed.filter(is_new) {
            if link.story().is_some_and(|target| self.leads(target, number, link.kind)) {
                return Err(422);
            }
        }
        let story = &mut self.stories[number];
        if story.links != links || story.body != body {
            (story.links, story.body) = (links, body);
            self.touch(number);
        }
        Ok(())
    }

    /// What no list may hold.
    fn check(&self, number: usize, links: &[Link]) -> Result<(), Refused> {
        for (at, link) in links.iter().enumerate() {
            if let To::Story(target) = link.to {
                if target == number || self.stories[target].is_gone {
                    return Err(422);
                }
            }
            let is_lost = matches!(link.to, To::Lost(..));
            if !is_lost
                && links[..at]
                    .iter()
                    .any(|other| other.to == link.to && other.kind == link.kind)
            {
                return Err(422);
            }
        }
        Ok(())
    }

    /// The body that is said; links that it lacks are made.
    fn read(&mut self, number: usize, said: &[Given], links: &mut Vec<Link>) -> Result<Vec<Block>, Refused> {
        let mut blocks = Vec::new();
        for given in said {
            let holds = match &given.holds {
                Said::Text => Holds::Text,
                Said::Box(inner) => Holds::Box(self.read(number, inner, links)?),
                Said::Many(ids) => {
                    if ids.iter().any(|id| !links.iter().any(|link| link.id == *id)) {
                        return Err(422);
                    }
                    Holds::Many(ids.clone())
                }
                Said::One { link, to } => Holds::One(self.named(number, link.as_deref(), to.as_ref(), links)?),
            };
            blocks.push(Block {
                id: given.id.clone(),
                holds,
            });
        }
        Ok(blocks)
    }

    /// The link that a block shows.
    fn named(
        &mut self,
        number: usize,
        id: Option<&str>,
        to: Option<&To>,
        links: &mut Vec<Link>,
    ) -> Result<String, Refused> {
        let is_gone = matches!(to, Some(To::Story(target)) if self.stories[*target].is_gone);
        let known = links.iter().find(|link| Some(link.id.as_str()) == id);
        if let Some(link) = known {
            // Which of those that are gone a lost link led to, nobody knows any more.
            let was_there = is_gone && matches!(link.to, To::Lost(..));
            let agrees = was_there || to.is_none_or(|to| *to == link.to);
            return agrees.then(|| link.id.clone()).ok_or(422);
        }
        if is_gone || to == Some(&To::Story(number)) {
            return Err(422);
        }
        let to = to.ok_or(422_u16)?;
        let there = links.iter().filter(|link| link.to == *to);
        let found = there
            .clone()
            .find(|link| link.kind == "related")
            .or(there.clone().next());
        if let Some(link) = found {
            return Ok(link.id.clone());
        }
        let link = Link {
            id: self.untold(),
            kind: "related",
            placement: "both",
            to: to.clone(),
            label: None,
        };
        links.push(link.clone());
        Ok(link.id)
    }
}

/// The kind of a link that answers one.
pub(super) fn back_of(kind: &str) -> Option<&'static str> {
    match kind {
        "related" => Some("related"),
        "background" => Some("follow_up"),
        "follow_up" => Some("background"),
        _ => None,
    }
}

/// What is refused whatever it is said to.
fn is_wrong_in_itself(what: &What) -> bool {
    match what {
        What::Add {
            link, reciprocal: true, ..
        } => {
            let is_story = matches!(link.to, Some(To::Story(_)));
            !is_story || back_of(link.kind.unwrap_or("related")).is_none()
        }
        What::Body(body) | What::Whole { body, .. } => body.iter().any(names_twice),
        _ => false,
    }
}

fn names_twice(given: &Given) -> bool {
    match &given.holds {
        Said::Many(ids) => ids.iter().collect::<HashSet<_>>().len() < ids.len(),
        Said::Box(inner) => inner.iter().any(names_twice),
        Said::Text | Said::One { .. } => false,
    }
}

fn changed(mut link: Link, item: &Item) -> Link {
    link.kind = item.kind.unwrap_or(link.kind);
    link.placement = item.placement.unwrap_or(link.placement);
    if let Some(label) = &item.label {
        link.label = Some(label.clone()).filter(|label| !label.is_empty());
    }
    link
}

fn put(links: &mut Vec<Link>, link: Link, place: &Place) -> Result<(), Refused> {
    let find = |id: &str| links.iter().position(|one| one.id == id).ok_or(422_u16);
    let at = match place {
        Place::Start => 0,
        Place::End => links.len(),
        Place::Before(id) => find(id)?,
        Place::After(id) => find(id)? + 1,
    };
    links.insert(at, link);
    Ok(())
}
