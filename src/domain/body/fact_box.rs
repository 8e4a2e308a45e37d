//! A box beside the story, with blocks of its own.

use deserr::ValuePointerRef;

use super::block::{Block, Parts, block};
use super::span::Span;
use crate::domain::text::BoxTitle;

block! {
    /// What a reader may want to know besides the story, in a box of its own.
    FactBox, FactBoxType = "fact_box" {
        title: BoxTitle,
        #[schema(no_recursion)]
        blocks: Vec<Block>,
    }
}

impl Parts for FactBox {
    fn each_text<'a>(&'a self, _: ValuePointerRef<'_>, _: &mut dyn FnMut(ValuePointerRef<'_>, &'a Vec<Span>)) {}

    fn each_text_mut(&mut self, _: &mut dyn FnMut(&mut Vec<Span>)) {}

    fn each_plain<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        see(self.title.as_str());
    }

    fn plain_text(&self) -> String {
        self.title.as_str().to_owned()
    }

    fn children(&self) -> &[Block] {
        &self.blocks
    }

    fn children_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }
}
