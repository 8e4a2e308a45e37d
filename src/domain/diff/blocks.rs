//! The blocks of two bodies, by their ids.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use utoipa::ToSchema;

use super::words::{WordRun, Words};
use crate::domain::body::Block;
use crate::domain::id::BlockId;
use crate::domain::invalid::words;

words! {
    /// What became of a block.
    BlockChangeKind {
        Added = "added",
        Removed = "removed",
        /// It stands elsewhere among the blocks that are in both.
        Moved = "moved",
        Changed = "changed",
    }
}

/// A block that is in one body and not in the other, or not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BlockChange {
    pub id: BlockId,
    /// What became of it; a block can be moved and changed.
    pub changes: Vec<BlockChangeKind>,
    /// Its number in the older body, from 0; null where it was added.
    pub from_position: Option<usize>,
    /// Its number in the newer body, from 0; null where it was removed.
    pub to_position: Option<usize>,
    /// As it was, where it was changed or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Block, required = false)]
    pub from: Option<Block>,
    /// As it is, where it was changed or added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Block, required = false)]
    pub to: Option<Block>,
    /// Of a changed block with text: its words, in the order of both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub words: Vec<WordRun>,
}

/// What became of each block, those that went first where they stood, in the order of the newer body.
pub(super) fn changes(from: &[Block], to: &[Block], words: &mut Words) -> Vec<BlockChange> {
    let (old, new) = (ids(from), ids(to));
    let before: HashMap<&BlockId, usize> = old.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let after: HashSet<&BlockId> = new.iter().copied().collect();
    let moved = moved(&old, &new, &before, &after);
    let mut found: Vec<(usize, BlockChange)> = Vec::new();
    for (at, block) in from.iter().enumerate() {
        if let Some(id) = block.id().filter(|id| !after.contains(id)) {
            let change = BlockChange {
                id: id.clone(),
                changes: vec![BlockChangeKind::Removed],
                from_position: Some(at),
                to_position: None,
                from: Some(block.clone()),
                to: None,
                words: Vec::new(),
            };
            found.push((at, change));
        }
    }
    for (at, block) in to.iter().enumerate() {
        let Some(id) = block.id() else {
            continue;
        };
        let was = before.get(id).and_then(|at| Some((*at, from.get(*at)?)));
        let change = match was {
            None => Some(added(id, at, block)),
            Some((was_at, was)) => kept(id, (was_at, was), (at, block), moved.contains(id), words),
        };
        found.extend(change.map(|change| (at, change)));
    }
    // Stable: of what stood at one number, what went comes first.
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, change)| change).collect()
}

fn ids(blocks: &[Block]) -> Vec<&BlockId> {
    blocks.iter().filter_map(Block::id).collect()
}

/// The blocks that are in both and out of their order: as few as can be.
fn moved<'a>(
    old: &[&'a BlockId],
    new: &[&'a BlockId],
    before: &HashMap<&BlockId, usize>,
    after: &HashSet<&BlockId>,
) -> HashSet<&'a BlockId> {
    let old: Vec<&BlockId> = old.iter().copied().filter(|id| after.contains(id)).collect();
    let new: Vec<&BlockId> = new.iter().copied().filter(|id| before.contains_key(id)).collect();
    let mut moved: HashSet<&BlockId> = new.iter().copied().collect();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { .. } = op {
            for id in new.get(op.new_range()).unwrap_or_default() {
                moved.remove(id);
            }
        }
    }
    moved
}

fn added(id: &BlockId, at: usize, block: &Block) -> BlockChange {
    BlockChange {
        id: id.clone(),
        changes: vec![BlockChangeKind::Added],
        from_position: None,
        to_position: Some(at),
        from: None,
        to: Some(block.clone()),
        words: Vec::new(),
    }
}

fn kept(
    id: &BlockId,
    (was_at, was): (usize, &Block),
    (at, block): (usize, &Block),
    is_moved: bool,
    words: &mut Words,
) -> Option<BlockChange> {
    let is_changed = was != block;
    let changes: Vec<BlockChangeKind> = [
        (BlockChangeKind::Moved, is_moved),
        (BlockChangeKind::Changed, is_changed),
    ]
    .into_iter()
    .filter_map(|(kind, holds)| holds.then_some(kind))
    .collect();
    if changes.is_empty() {
        return None;
    }
    let (before, after) = (was.plain_text(), block.plain_text());
    Some(BlockChange {
        id: id.clone(),
        changes,
        from_position: Some(was_at),
        to_position: Some(at),
        from: is_changed.then(|| was.clone()),
        to: is_changed.then(|| block.clone()),
        words: if before == after {
            Vec::new()
        } else {
            words.between(&before, &after)
        },
    })
}
