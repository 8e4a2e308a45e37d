//! The tree that the parser builds: nodes in one vector, linked by their places in it.

use std::cell::{Cell, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, expanded_name, local_name, ns};

use super::attributes::{self, Budget};

/// The place of a node.
pub(super) type Id = usize;

/// The document itself.
pub(super) const DOCUMENT: Id = 0;

/// Most levels of elements; more than any editor makes, and few enough to walk.
pub(super) const MAX_DEPTH: usize = 64;
/// Most nodes: some ten times those of the longest story that the bounds of a body let through.
pub(super) const MAX_NODES: usize = 100_000;

#[derive(Debug)]
pub(super) enum Kind {
    Document,
    Element(QualName, Vec<Attribute>),
    Text(String),
    /// A comment, or an instruction to a program.
    Comment,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) line: u64,
    parent: Option<Id>,
    before: Option<Id>,
    after: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
}

/// The name of an element, as the parser asks for it.
#[derive(Debug)]
pub(super) struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// Why a tree is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    Depth,
    Nodes,
}

/// The tree while it is built: the parser shares it, so its parts are cells.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: RefCell<Vec<Node>>,
    line: Cell<u64>,
    budget: Budget,
    pub(super) excess: Cell<Option<Excess>>,
}

impl Default for Tree {
    fn default() -> Self {
        let tree = Self {
            nodes: RefCell::default(),
            line: Cell::new(1),
            budget: Budget::default(),
            excess: Cell::new(None),
        };
        tree.make(Kind::Document);
        tree
    }
}

/// The tree when it stands still.
pub(super) struct Grown(Vec<Node>);

impl Tree {
    fn make(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= MAX_NODES {
            self.excess.set(Some(Excess::Nodes));
        }
        nodes.push(Node {
            kind,
            line: self.line.get(),
            parent: None,
            before: None,
            after: None,
            first: None,
            last: None,
        });
        nodes.len() - 1
    }

    /// What is kept of the attributes of a tag.
    fn kept(&self, attributes: Vec<Attribute>) -> Vec<Attribute> {
        let kept = self.budget.kept(attributes);
        if self.budget.is_spent() {
            self.excess.set(Some(Excess::Nodes));
        }
        kept
    }

    fn with<T>(&self, id: Id, read: impl FnOnce(&Node) -> T) -> Option<T> {
        self.nodes.borrow().get(id).map(read)
    }

    fn change(&self, id: Option<Id>, write: impl FnOnce(&mut Node)) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(node) = id.and_then(|id| nodes.get_mut(id)) {
            write(node);
        }
    }

    /// Adds to a text that stands last in `parent`, or before `next`; false when there is none.
    fn extends(&self, last: Option<Id>, text: &str) -> bool {
        let mut nodes = self.nodes.borrow_mut();
        match last.and_then(|id| nodes.get_mut(id)).map(|node| &mut node.kind) {
            Some(Kind::Text(before)) => {
                before.push_str(text);
                true
            }
            _ => false,
        }
    }

    fn place(&self, parent: Id, before: Option<Id>, child: Id) {
        self.unlink(child);
        let previous = match before {
            Some(next) => self.with(next, |node| node.before).flatten(),
            None => self.with(parent, |node| node.last).flatten(),
        };
        self.change(Some(child), |node| {
            node.parent = Some(parent);
            node.before = previous;
            node.after = before;
        });
        match previous {
            Some(_) => self.change(previous, |node| node.after = Some(child)),
            None => self.change(Some(parent), |node| node.first = Some(child)),
        }
        match before {
            Some(_) => self.change(before, |node| node.before = Some(child)),
            None => self.change(Some(parent), |node| node.last = Some(child)),
        }
        self.measure(child);
    }

    fn unlink(&self, child: Id) {
        let Some((parent, before, after)) = self.with(child, |node| (node.parent, node.before, node.after)) else {
            return;
        };
        if parent.is_none() {
            return;
        }
        match before {
            Some(_) => self.change(before, |node| node.after = after),
            None => self.change(parent, |node| node.first = after),
        }
        match after {
            Some(_) => self.change(after, |node| node.before = before),
            None => self.change(parent, |node| node.last = before),
        }
        self.change(Some(child), |node| {
            node.parent = None;
            node.before = None;
            node.after = None;
        });
    }

    /// Sees how deep a node is. Counting up each time costs little, since what is too deep ends the reading.
    fn measure(&self, id: Id) {
        let nodes = self.nodes.borrow();
        let above = std::iter::successors(Some(id), |id| nodes.get(*id)?.parent);
        // The document, `html` and `body` are there without anybody writing them.
        if above.take(MAX_DEPTH + 5).count() > MAX_DEPTH + 3 {
            self.excess.set(Some(Excess::Depth));
        }
    }

    fn put(&self, parent: Id, before: Option<Id>, child: NodeOrText<Id>) {
        match child {
            NodeOrText::AppendNode(child) => self.place(parent, before, child),
            NodeOrText::AppendText(text) => {
                let last = match before {
                    Some(next) => self.with(next, |node| node.before).flatten(),
                    None => self.with(parent, |node| node.last).flatten(),
                };
                if !self.extends(last, &text) {
                    let made = self.make(Kind::Text(text.to_string()));
                    self.place(parent, before, made);
                }
            }
        }
    }
}

impl TreeSink for Tree {
    type Handle = Id;
    type Output = Grown;
    type ElemName<'a> = Name;

    fn finish(self) -> Grown {
        Grown(self.nodes.into_inner())
    }

    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Name {
        let name = self.with(*target, |node| match &node.kind {
            Kind::Element(name, _) => Some(name.clone()),
            _ => None,
        });
        // Only elements are asked for their names.
        let nameless = || QualName::new(None, ns!(), local_name!(""));
        Name(name.flatten().unwrap_or_else(nameless))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Id {
        let is_template = name.expanded() == expanded_name!(html "template");
        let made = self.make(Kind::Element(name, self.kept(attrs)));
        if is_template {
            // What a template holds hangs from a node of its own, right behind it. It is no child of the template, but is
            // measured as one: templates nest as deep as elements do.
            let contents = self.make(Kind::Document);
            self.change(Some(contents), |node| node.parent = Some(made));
        }
        made
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.make(Kind::Comment)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.make(Kind::Comment)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.put(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        if self.with(*element, |node| node.parent).flatten().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        target + 1
    }

    fn same_node(&self, one: &Id, other: &Id) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        if let Some(parent) = self.with(*sibling, |node| node.parent).flatten() {
            self.put(parent, Some(*sibling), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, attrs: Vec<Attribute>) {
        let attrs = self.kept(attrs);
        self.change(Some(*target), |node| {
            if let Kind::Element(_, own) = &mut node.kind {
                attributes::add_missing(own, attrs);
            }
        });
    }

    fn remove_from_parent(&self, target: &Id) {
        self.unlink(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        while let Some(child) = self.with(*node, |node| node.first).flatten() {
            self.place(*new_parent, None, child);
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }
}

impl Grown {
    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.0.get(id)
    }

    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> {
        let first = self.node(id).and_then(|node| node.first);
        std::iter::successors(first, |id| self.node(*id)?.after)
    }

    /// The name of an element of HTML; `None` for everything else.
    pub(super) fn name(&self, id: Id) -> Option<&LocalName> {
        match &self.node(id)?.kind {
            Kind::Element(name, _) if name.ns == ns!(html) => Some(&name.local),
            _ => None,
        }
    }

    pub(super) fn attributes(&self, id: Id) -> &[Attribute] {
        match self.node(id).map(|node| &node.kind) {
            Some(Kind::Element(_, attributes)) => attributes,
            _ => &[],
        }
    }

    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let found = self.attributes(id).iter().find(|one| &*one.name.local == name);
        found.map(|one| &*one.value)
    }

    /// Whether the element is of a class.
    pub(super) fn has_class(&self, id: Id, class: &str) -> bool {
        let mut classes = self.attribute(id, "class").unwrap_or_default().split_ascii_whitespace();
        classes.any(|one| one.eq_ignore_ascii_case(class))
    }

    /// All text below a node, as it stands.
    pub(super) fn text(&self, id: Id) -> String {
        let mut text = String::new();
        self.gather(id, &mut text);
        text
    }

    fn gather(&self, id: Id, into: &mut String) {
        match self.node(id).map(|node| &node.kind) {
            Some(Kind::Text(text)) => into.push_str(text),
            Some(Kind::Element(name, _)) if name.expanded() == expanded_name!(html "br") => into.push('\n'),
            _ => self.children(id).for_each(|child| self.gather(child, into)),
        }
    }
}
