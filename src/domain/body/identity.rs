//! Which block is which, when a body comes back without the names of its blocks.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Body;
use super::block::Block;
use crate::domain::id::BlockId;

impl Body {
    /// Gives blocks that came without an id that of the block they were before: of an equal one, in order, and else of
    /// the one of the same type between the same neighbours. So a text that went out as Markdown, was changed in one
    /// paragraph and came back, has its ids.
    pub fn adopt_ids(&mut self, before: &Self) {
        let mut taken: Vec<BlockId> = Vec::new();
        super::each_block_mut(&mut self.0, &mut |block| taken.extend(block.id().cloned()));
        adopt(&mut self.0, &before.0, &mut taken);
    }
}

fn adopt(blocks: &mut [Block], before: &[Block], taken: &mut Vec<BlockId>) {
    let pairs = pairs(blocks, before);
    for (block, old) in blocks.iter_mut().zip(pairs) {
        let Some(old) = old.and_then(|at| before.get(at)) else {
            continue;
        };
        if let Some(id) = old.id().filter(|id| block.id().is_none() && !taken.contains(id)) {
            taken.push(id.clone());
            block.set_id(Some(id.clone()));
        }
        adopt(block.children_mut(), old.children(), taken);
    }
}

/// For each block the place of the one it was.
fn pairs(blocks: &[Block], before: &[Block]) -> Vec<Option<usize>> {
    let mut found = equal(blocks, before);
    let mut used: HashSet<usize> = found.iter().flatten().copied().collect();
    // What is left between two that were found is paired in order, type by type.
    let mut from = 0;
    for (at, block) in blocks.iter().enumerate() {
        if let Some(old) = found.get(at).copied().flatten() {
            from = old + 1;
            continue;
        }
        let until = found.iter().skip(at).find_map(|next| *next).unwrap_or(before.len());
        let mut gap = before.iter().enumerate().take(until).skip(from);
        let same = gap.find(|(old, other)| !used.contains(old) && other.kind() == block.kind());
        if let (Some((old, _)), Some(place)) = (same, found.get_mut(at)) {
            *place = Some(old);
            used.insert(old);
            from = old + 1;
        }
    }
    found
}

/// Equal blocks: each is the first equal one that no other is, wherever it stood.
fn equal(blocks: &[Block], before: &[Block]) -> Vec<Option<usize>> {
    let mut places: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (at, block) in before.iter().enumerate() {
        places.entry(content(block)).or_default().push_back(at);
    }
    let mut find = |block: &Block| places.get_mut(&content(block))?.pop_front();
    blocks.iter().map(&mut find).collect()
}

/// What a block says, whatever it is called.
fn content(block: &Block) -> String {
    let mut bare = block.clone();
    super::each_block_mut(std::slice::from_mut(&mut bare), &mut |block| block.set_id(None));
    serde_json::to_string(&bare).unwrap_or_default()
}
