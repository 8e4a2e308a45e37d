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
        let ordered = self.name(id).as_deref() == Some("ol");
        if ordered
            && self
                .tree
                .attribute(id, "start")
                .is_some_and(|start| start.trim() != "1")
        {
            self.warn(WarningCode::StructureFlattened, "start", id);
        }
        let items = self.items(id, style, 1);
        (!items.is_empty()).then(|| List::make(ordered, items).into())
    }

    fn items(&mut self, id: Id, style: &Style, level: usize) -> Vec<ListItem> {
        let mut items = Items::default();
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            match self.name(child).as_deref() {
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
        items.add(run, Vec::new());
    }

    fn item(&mut self, id: Id, style: &Style, level: usize, items: &mut Items) {
        let mut own = Items(vec![ListItem::default()]);
        let mut run = Run::default();
        self.handlers(id);
        self.parts(id, style, level, &mut run, &mut own);
        let lists = own.0;
        items.add(run, lists);
    }

    /// What an item holds: words, and lists below it.
    fn parts(&mut self, id: Id, style: &Style, level: usize, run: &mut Run, own: &mut Items) {
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            match self.name(child).as_deref() {
                Some(name) if is_list(name) => {
                    self.handlers(child);
                    self.below(child, name == "ol", style, level, own);
                }
                Some(name) if role(name) == Role::Block && self.holds_list(child) => {
                    Joint::Paragraph.join(run);
                    self.parts(child, style, level, run, own);
                }
                _ => self.gather_one(child, style, Joint::Paragraph, run),
            }
        }
    }

    fn holds_list(&self, id: Id) -> bool {
        self.tree
            .children(id)
            .any(|child| self.tree.name(child).is_some_and(|name| is_list(name)) || self.holds_list(child))
    }

    /// A list below the last item; where that would be too deep, its items follow that item.
    fn below(&mut self, id: Id, ordered: bool, style: &Style, level: usize, items: &mut Items) {
        if level >= Body::MAX_LEVELS {
            self.warn(WarningCode::StructureFlattened, "list", id);
            let flat = self.items(id, style, level);
            return items.0.extend(flat);
        }
        let inner = self.items(id, style, level + 1);
        items.nest(ordered, inner);
    }
}

impl Items {
    /// An item of these words, with what was gathered below it: the list of the first, and items that could not be below.
    fn add(&mut self, run: Run, gathered: Vec<ListItem>) {
        let mut gathered = gathered.into_iter();
        let list = gathered.next().and_then(|first| first.list);
        let text = run.finish();
        if !text.is_empty() || list.is_some() {
            self.0.push(ListItem { text, list });
        }
        self.0.extend(gathered);
    }

    fn nest(&mut self, ordered: bool, inner: Vec<ListItem>) {
        if inner.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(ListItem { list: Some(list), .. }) => list.items.extend(inner),
            Some(item) => item.list = Some(Sublist { ordered, items: inner }),
            None => self.0.extend(inner),
        }
    }
}
