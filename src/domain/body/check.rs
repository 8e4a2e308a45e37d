//! The bounds of a body.

use std::collections::HashSet;

use deserr::ValuePointerRef;

use super::Body;
use super::block::Block;
use crate::domain::id::BlockId;
use crate::domain::invalid::{Flaw, Invalids, Rule, pointer};

/// What is remembered from block to block.
struct Check<'a> {
    prefix: &'a str,
    seen: HashSet<&'a BlockId>,
    blocks: usize,
    flaws: Invalids,
}

impl Body {
    /// Every bound that is broken, with JSON pointers that begin with `prefix`.
    pub(super) fn check(&self, prefix: &str) -> Invalids {
        let mut check = Check {
            prefix,
            seen: HashSet::new(),
            blocks: 0,
            flaws: Invalids::default(),
        };
        check.all(&self.0, ValuePointerRef::Origin, 0);
        let blocks = check.blocks;
        if blocks > Self::MAX_BLOCKS {
            let message = format!("has {blocks} blocks; at most {} are allowed", Self::MAX_BLOCKS);
            check.flaws.add(Flaw::new(Rule::TooMany, message).at(prefix));
        }
        let media = self.count_media();
        if media > Self::MAX_MEDIA {
            let message = format!("shows {media} media; at most {} are allowed", Self::MAX_MEDIA);
            check.flaws.add(Flaw::new(Rule::TooMany, message).at(prefix));
        }
        let bytes = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if bytes > Self::MAX_BYTES {
            let message = format!("is {bytes} bytes of JSON; at most {} are allowed", Self::MAX_BYTES);
            check.flaws.add(Flaw::new(Rule::TooLong, message).at(prefix));
        }
        check.flaws
    }
}

impl<'a> Check<'a> {
    fn all(&mut self, blocks: &'a [Block], at: ValuePointerRef<'_>, above: usize) {
        self.blocks += blocks.len();
        for (index, block) in blocks.iter().enumerate() {
            let here = ValuePointerRef::Index { index, prev: &at };
            self.one(block, here);
            let levels = above + block.parts().levels();
            if levels > Body::MAX_LEVELS {
                let message = format!(
                    "has {levels} levels of blocks and lists; at most {} are allowed",
                    Body::MAX_LEVELS
                );
                self.refuse(here, "", Flaw::new(Rule::OutOfRange, message));
                continue;
            }
            let within = ValuePointerRef::Key {
                key: "blocks",
                prev: &here,
            };
            self.all(block.children(), within, above + 1);
        }
    }

    fn one(&mut self, block: &'a Block, here: ValuePointerRef<'_>) {
        let length = length(block);
        if length > Body::MAX_BLOCK_CHARS {
            let message = format!(
                "has {length} characters of text; at most {} are allowed",
                Body::MAX_BLOCK_CHARS
            );
            self.refuse(here, "", Flaw::new(Rule::TooLong, message));
        }
        if let Some(id) = block.id().filter(|id| !self.seen.insert(id)) {
            let message = format!("the id `{}` is already that of another block", id.as_str());
            self.refuse(here, "", Flaw::new(Rule::Duplicate, message));
        }
        if let Err((field, flaw)) = block.parts().check() {
            self.refuse(here, field, flaw);
        }
    }

    fn refuse(&mut self, at: ValuePointerRef<'_>, field: &str, flaw: Flaw) {
        let slash = if field.is_empty() { "" } else { "/" };
        self.flaws
            .add(flaw.at(format!("{}{}{slash}{field}", self.prefix, pointer(&at))));
    }
}

/// Characters of text, blocks within left out.
fn length(block: &Block) -> usize {
    let mut sum = 0;
    block.parts().each_text(ValuePointerRef::Origin, &mut |_, spans| {
        sum += spans.iter().map(|span| span.text.chars().count()).sum::<usize>();
    });
    block.parts().each_plain(&mut |text| sum += text.chars().count());
    sum
}
