//! How the list of links and the blocks of a body that show them are kept of one mind.
//!
//! A link shows in the body exactly when a block does it. Whichever of the two was written, the other follows, and what
//! followed is told.

use std::collections::HashMap;

use super::{Placement, Related, RelatedChange, RelatedChangeKind, RelatedKind, RelatedLink, Target};
use crate::domain::article::Content;
use crate::domain::id::{BlockId, IdSource, RelatedLinkId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::text::LinkTitle;

/// What a write was about.
#[derive(Debug, Clone, Copy)]
pub struct Edited<'a> {
    /// The links that there were before.
    pub before: &'a Related,
    pub related: bool,
    pub body: bool,
    /// Where new blocks go: behind this one, or at the end.
    pub after: Option<&'a BlockId>,
}

/// What a block says of a link that it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAt {
    /// A JSON pointer from the article to the block.
    pub pointer: String,
    /// The field of the block that names the link.
    pub field: String,
    pub link_id: Option<RelatedLinkId>,
    pub target: Option<Target>,
    pub title: Option<LinkTitle>,
}

impl Content {
    /// Brings links and blocks together, and tells what that changed.
    ///
    /// # Errors
    /// A block that shows a link which is not there, or which leads elsewhere than it says, at its pointer; more links than
    /// an article may have.
    pub fn settle_related(&mut self, edited: Edited<'_>, ids: &dyn IdSource) -> Result<Vec<RelatedChange>, Invalids> {
        let mut changes = Vec::new();
        if edited.body {
            self.link_blocks(ids, &mut changes)?;
            self.follow_body(edited, &mut changes);
            self.add_blocks(edited.after, ids, &mut changes)?;
        } else if edited.related {
            self.drop_blocks(&mut changes);
            self.add_blocks(edited.after, ids, &mut changes)?;
        }
        self.tell_targets();
        let too_many = self.related.0.len() > Related::MAX;
        if too_many {
            let message = format!(
                "makes {} links; at most {} are allowed",
                self.related.0.len(),
                Related::MAX
            );
            return Err(Flaw::new(Rule::TooMany, message).at("/body").into());
        }
        Ok(changes)
    }

    /// Has each block say where its link leads. What was kept is out of date where a target was deleted for good, which
    /// writes the link and not the body.
    pub fn tell_targets(&mut self) {
        let links: HashMap<RelatedLinkId, &RelatedLink> = self.related.0.iter().map(|link| (link.id, link)).collect();
        self.body.tell_targets(|id| links.get(&id).copied());
    }

    /// Gives each link another id, for a copy of the article: a link stands in one article.
    pub fn renew_links(&mut self, ids: &dyn IdSource) {
        let mut now = HashMap::new();
        for link in &mut self.related.0 {
            let id = RelatedLinkId(ids.uuid());
            now.insert(link.id, id);
            link.id = id;
        }
        self.body.rename_links(&now);
    }

    /// Finds the link of each block, and makes those that there are none of.
    fn link_blocks(&mut self, ids: &dyn IdSource, changes: &mut Vec<RelatedChange>) -> Result<(), Invalids> {
        let mut flaws = Invalids::default();
        let mut found = HashMap::new();
        for place in self.body.links() {
            let at = format!("{}{}", place.pointer, place.field);
            let known = place.link_id.and_then(|id| self.related.get(id));
            match (known, place.target) {
                // A body that was read before a target was deleted for good still names that.
                (Some(link), Some(Target::Article(_))) if matches!(link.target, Target::Deleted(_)) => {}
                (Some(link), Some(target)) if link.target != target => {
                    let message = "the link leads elsewhere; another target is another link";
                    flaws.add(Flaw::new(Rule::NotAllowed, message).at(at));
                }
                (Some(_), _) => {}
                (None, Some(target)) => {
                    let there = self.related.to(&target, RelatedKind::Related).map(|link| link.id);
                    match (there, target.refuses(place.title.as_ref())) {
                        (Some(link_id), _) => {
                            found.insert(place.pointer, link_id);
                        }
                        // A block from elsewhere, whose link is another article's.
                        (None, Some((field, flaw))) => flaws.add(flaw.at(format!("{}/{field}", place.pointer))),
                        (None, None) => {
                            let link_id = self.make(target, place.title, ids, changes);
                            found.insert(place.pointer, link_id);
                        }
                    }
                }
                (None, None) => {
                    let unknown = Flaw::new(Rule::UnknownReference, "no link of this article has this id");
                    flaws.add(unknown.at(at));
                }
            }
        }
        self.body.name_links(&found);
        flaws.into_result()
    }

    fn make(
        &mut self,
        target: Target,
        title: Option<LinkTitle>,
        ids: &dyn IdSource,
        changes: &mut Vec<RelatedChange>,
    ) -> RelatedLinkId {
        let id = RelatedLinkId(ids.uuid());
        self.related.0.push(RelatedLink {
            id,
            kind: RelatedKind::Related,
            placement: Placement::Both,
            target,
            title,
            source: None,
            label_override: None,
        });
        changes.push(RelatedChange::of(RelatedChangeKind::LinkAdded, id));
        id
    }

    /// Has each link's placement say where it is. A link that showed in the body only goes with its last block. One that the
    /// list has just put in the body stays there: it gets its block now.
    fn follow_body(&mut self, edited: Edited<'_>, changes: &mut Vec<RelatedChange>) {
        let shown = self.body.shown_links();
        let was = |link: &RelatedLink| edited.before.get(link.id).map(|before| before.placement);
        self.related.0.retain_mut(|link| {
            let is_new = edited.related && was(link) != Some(link.placement);
            let placement = match (shown.contains(&link.id), link.placement) {
                (true, Placement::List) => Placement::Both,
                (false, Placement::Both) if !is_new => Placement::List,
                (false, Placement::Inline) if !is_new => {
                    changes.push(RelatedChange::of(RelatedChangeKind::LinkRemoved, link.id));
                    return false;
                }
                (_, as_it_is) => as_it_is,
            };
            if placement != link.placement {
                changes.push(RelatedChange::of(RelatedChangeKind::PlacementChanged, link.id));
                link.placement = placement;
            }
            true
        });
    }

    /// Takes away the blocks of links that are gone from the body or altogether.
    fn drop_blocks(&mut self, changes: &mut Vec<RelatedChange>) {
        let related = &self.related;
        let stays = |id: RelatedLinkId| related.get(id).is_some_and(|link| link.placement.in_body());
        for (link_id, block_id) in self.body.drop_links(stays) {
            changes.push(RelatedChange {
                change: RelatedChangeKind::BlockRemoved,
                link_id,
                block_id,
            });
        }
    }

    /// Makes the blocks that links in the body lack.
    fn add_blocks(
        &mut self,
        after: Option<&BlockId>,
        ids: &dyn IdSource,
        changes: &mut Vec<RelatedChange>,
    ) -> Result<(), Invalids> {
        let shown = self.body.shown_links();
        let missing = self.related.0.iter().filter(|link| link.placement.in_body());
        for link in missing.filter(|link| !shown.contains(&link.id)) {
            let block_id = BlockId::new(ids.random());
            if !self.body.show_link(link.id, block_id.clone(), after) {
                let unknown = Flaw::new(Rule::UnknownReference, "no block of the body has this id");
                return Err(unknown.at("/after_block").into());
            }
            changes.push(RelatedChange {
                change: RelatedChangeKind::BlockAdded,
                link_id: link.id,
                block_id: Some(block_id),
            });
        }
        Ok(())
    }
}
