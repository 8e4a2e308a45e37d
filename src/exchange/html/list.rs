//! Lists, and lists within them.

use super::flow::Walk;
use super::inline::{Joint, Role, role};
use super::run::{Run, Style};
use super::tree::{Id, Kind};
use crate::domain::body::{Block, Body, List, ListItem, Sublist, WarningCode};

/// Whether an element is a list.
pub(super) fn is_list(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "menu" | "dir")
}

/// Items of a list on their way.
#[derive(Default)]
struct Items(Vec<ListItem>);

impl Walk<'_> {
    pub(super) fn list(&mut self, id: Id, style: &Style) -> Option<Block> {
        let ordered = self.name(id) == Some("ol");
        if ordered
            && self
                .tree
                .attribute(id, "start")
                .is_some_and(|start| start.trim() != "1")
        {
            self.warn(WarningCode::StructureFlattened, "start", id);
        }
        let items = self.items(id, style, 1);
        let blank = items.iter().all(|item| item.text.is_empty() && item.list.is_none());
        (!blank).then(|| List::make(ordered, items).into())
    }

    fn items(&mut self, id: Id, style: &Style, level: usize) -> Vec<ListItem> {
        let mut items = Items::default();
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            match self.name(child) {
                // Some editors put a list beside the item that it belongs to.
                Some(name) if is_list(name) => {
                    self.handlers(child);
                    self.below(child, name == "ol", style, level, &mut items);
                }
                Some(name) if role(name) == Role::Dropped => self.drop_element(child),
                Some(_) => self.item(child, style, level, &mut items),
                None => self.loose(child, style, &mut items),
            }
        }
        items.0
    }

    /// Text, or something foreign, that stands in a list but in no item of it.
    fn loose(&mut self, id: Id, style: &Style, items: &mut Items) {
        if matches!(self.tree.node(id).map(|node| &node.kind), Some(Kind::Element(..))) {
            return self.drop_element(id);
        }
        let mut run = Run::default();
        self.gather_one(id, style, Joint::Paragraph, &mut run);
        items.close(&mut run);
    }

    fn item(&mut self, id: Id, style: &Style, level: usize, items: &mut Items) {
        let (mut own, mut run) = (Items::default(), Run::default());
        self.handlers(id);
        self.parts(id, style, level, &mut run, &mut own);
        self.close(id, &mut run, &mut own);
        if own.0.is_empty() {
            // An empty point counts: those behind it have its numbers.
            own.0.push(ListItem::default());
        }
        items.0.extend(own.0);
    }

    /// What an item holds: words, and lists below it.
    fn parts(&mut self, id: Id, style: &Style, level: usize, run: &mut Run, own: &mut Items) {
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            match self.name(child) {
                Some(name) if is_list(name) => {
                    self.handlers(child);
                    self.close(child, run, own);
                    if own.0.is_empty() {
                        own.0.push(ListItem::default());
                    }
                    self.below(child, name == "ol", style, level, own);
                }
                Some(name) if role(name) == Role::Block && self.holds_list(child) => {
                    Joint::Paragraph.join(run);
                    self.parts(child, style, level, run, own);
                    Joint::Paragraph.join(run);
                }
                _ => self.gather_one(child, style, Joint::Paragraph, run),
            }
        }
    }

    /// Ends the words of an item. Those behind a list of it become an item of their own, so that they stay behind it.
    fn close(&mut self, id: Id, run: &mut Run, own: &mut Items) {
        let before = own.0.len();
        own.close(run);
        if before > 0 && own.0.len() > before {
            self.warn(WarningCode::StructureFlattened, "li", id);
        }
    }

    fn holds_list(&mut self, id: Id) -> bool {
        if let Some(known) = self.listing.get(&id) {
            return *known;
        }
        let tree = self.tree;
        let holds = tree
            .children(id)
            .any(|child| tree.name(child).is_some_and(|name| is_list(name)) || self.holds_list(child));
        self.listing.insert(id, holds);
        holds
    }

    /// A list below the last item; where that would be too deep, its items follow that item.
    fn below(&mut self, id: Id, ordered: bool, style: &Style, level: usize, items: &mut Items) {
        if level >= Body::MAX_LEVELS {
            self.warn(WarningCode::StructureFlattened, "list", id);
            let flat = self.items(id, style, level);
            return items.0.extend(flat);
        }
        let inner = self.items(id, style, level + 1);
        if !items.nest(ordered, inner) {
            self.warn(WarningCode::StructureFlattened, "list", id);
        }
    }
}

impl Items {
    /// An item of the words so far, where there are any.
    fn close(&mut self, run: &mut Run) {
        let text = std::mem::take(run).finish();
        if !text.is_empty() {
            self.0.push(ListItem { text, list: None });
        }
    }

    /// Puts a list below the last item; false where one of the other kind is there, and the two become one.
    fn nest(&mut self, ordered: bool, inner: Vec<ListItem>) -> bool {
        if inner.is_empty() {
            return true;
        }
        match self.0.last_mut() {
            Some(ListItem { list: Some(list), .. }) => {
                list.items.extend(inner);
                return list.ordered == ordered;
            }
            Some(item) => item.list = Some(Sublist { ordered, items: inner }),
            None => self.0.extend(inner),
        }
        true
    }
}
