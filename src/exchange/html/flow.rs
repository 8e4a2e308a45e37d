//! The walk through the blocks of a tree.

use std::collections::HashMap;

use html5ever::LocalName;

use super::inline::{Joint, Role, role};
use super::run::{Run, Style};
use super::tree::{DOCUMENT, Grown, Id, Kind};
use super::{media, quote, related, table, word};
use crate::domain::body::{
    Block, CodeBlock, CodeLanguage, Divider, Embed, EmbedProvider, FactBox, Heading, Level, Span, WarningCode,
    Warnings, plain,
};
use crate::domain::id::BlockId;
use crate::domain::text::{BoxTitle, EmbedTitle};
use crate::domain::web::WebUrl;

/// What the walk carries along.
pub(super) struct Walk<'a> {
    pub(super) tree: &'a Grown,
    pub(super) site: &'a str,
    pub(super) warnings: Warnings,
    pointer: &'static str,
    /// The attribute that says which lines of another form an element came from.
    lines: Option<&'static str>,
    /// The line of that form that was told last.
    line: u64,
    /// Which inline elements hold blocks, and which blocks hold lists, as far as anybody asked.
    holding: HashMap<Id, bool>,
    pub(super) listing: HashMap<Id, bool>,
    /// Top-level blocks so far; what a warning calls its place.
    blocks: usize,
}

/// Blocks on their way, and the running text that has not ended.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) blocks: Vec<Block>,
    run: Run,
    id: Option<BlockId>,
    /// Whether these are the blocks of the body itself, which warnings count.
    is_top: bool,
}

impl Flow {
    /// Ends the running text: what it holds becomes a paragraph.
    fn flush(&mut self) {
        let id = self.id.take();
        let text = std::mem::take(&mut self.run).finish();
        if !text.is_empty() {
            let mut block = Block::paragraph(text);
            block.set_id(id);
            self.blocks.push(block);
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(tree: &'a Grown, site: &'a str, pointer: &'static str, lines: Option<&'static str>) -> Self {
        Self {
            tree,
            site,
            warnings: Warnings::default(),
            pointer,
            lines,
            line: 1,
            holding: HashMap::new(),
            listing: HashMap::new(),
            blocks: 0,
        }
    }

    /// The blocks of the document.
    pub(super) fn whole(&mut self) -> Vec<Block> {
        let mut flow = Flow {
            is_top: true,
            ..Flow::default()
        };
        self.children(DOCUMENT, &Style::default(), &mut flow);
        unique_ids(flow.finish())
    }

    /// The blocks that some nodes make together.
    pub(super) fn blocks_of(&mut self, nodes: impl IntoIterator<Item = Id>, style: &Style) -> Vec<Block> {
        let mut flow = Flow::default();
        for id in nodes {
            self.node(id, style, &mut flow);
        }
        flow.finish()
    }

    pub(super) fn name(&self, id: Id) -> Option<&'a str> {
        self.tree.name(id).map(|name| &**name)
    }

    pub(super) fn warn(&mut self, code: WarningCode, name: &str, id: Id) {
        let line = match self.lines {
            Some(_) => self.line,
            None => self.tree.node(id).map_or(1, |node| node.line),
        };
        self.warnings.add(code, name, self.pointer, line.max(1), self.blocks);
    }

    pub(super) fn drop_element(&mut self, id: Id) {
        let name = match self.tree.node(id).map(|node| &node.kind) {
            Some(Kind::Element(name, _)) => name.local.to_string(),
            _ => return,
        };
        self.handlers(id);
        self.warn(WarningCode::ElementDropped, &name, id);
    }

    /// Tells of attributes that run something; they go in any case, as all attributes do.
    pub(super) fn handlers(&mut self, id: Id) {
        let tree = self.tree;
        if let Some(lines) = self.lines.and_then(|name| tree.attribute(id, name)) {
            let first = lines.split(':').next().and_then(|line| line.parse().ok());
            self.line = first.unwrap_or(self.line);
        }
        for attribute in tree.attributes(id) {
            let name = &*attribute.name.local;
            if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
                self.warn(WarningCode::EventHandlerDropped, name, id);
            }
        }
    }

    fn children(&mut self, id: Id, style: &Style, flow: &mut Flow) {
        let children: Vec<Id> = self.tree.children(id).collect();
        let mut at = 0;
        while let Some(child) = children.get(at).copied() {
            let taken = word::list(self, children.get(at..).unwrap_or_default());
            if let Some((list, taken)) = taken {
                flow.flush();
                flow.blocks.extend(list);
                at += taken.max(1);
                continue;
            }
            self.node(child, style, flow);
            at += 1;
        }
    }

    fn node(&mut self, id: Id, style: &Style, flow: &mut Flow) {
        if flow.is_top {
            self.blocks = flow.blocks.len();
        }
        let is_text = !matches!(self.tree.node(id).map(|node| &node.kind), Some(Kind::Element(..)));
        if is_text {
            return self.gather_one(id, style, Joint::Line, &mut flow.run);
        }
        let Some(name) = self.name(id) else {
            return self.drop_element(id);
        };
        match role(name) {
            Role::Block => {
                flow.flush();
                self.block(id, name, style, flow);
                flow.flush();
            }
            Role::Dropped if name == "iframe" => {
                flow.flush();
                match self.iframe(id) {
                    Some(embed) => flow.blocks.push(embed),
                    None => self.drop_element(id),
                }
            }
            Role::Dropped if media::is_own(self.tree, id) => {
                flow.flush();
                flow.blocks.extend(media::block(self, id, name));
            }
            // A page wraps its head and all of a story in inline elements at times, so blocks may stand below.
            Role::Dropped if name == "head" => self.head(id),
            Role::Inline if self.holds_blocks(id) => {
                let style = self.styled(id, name, style);
                self.children(id, &style, flow);
            }
            _ => self.gather_one(id, style, Joint::Line, &mut flow.run),
        }
    }

    /// Tells of what a head holds, thing by thing.
    fn head(&mut self, id: Id) {
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            self.drop_element(child);
        }
    }

    /// Whether a block stands somewhere below. Each node is looked at once, however deep it is asked for.
    fn holds_blocks(&mut self, id: Id) -> bool {
        if let Some(known) = self.holding.get(&id) {
            return *known;
        }
        let tree = self.tree;
        let is_block = |name: &LocalName| role(name) == Role::Block || &**name == "iframe";
        let holds = tree.children(id).any(|child| {
            let own = tree.name(child).is_some_and(is_block) || media::is_own(tree, child);
            own || self.holds_blocks(child)
        });
        self.holding.insert(id, holds);
        holds
    }

    fn block(&mut self, id: Id, name: &str, style: &Style, flow: &mut Flow) {
        self.handlers(id);
        let block_id = self.block_id(id);
        let made: Option<Block> = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, name, style),
            "hr" => Some(Divider::make().into()),
            "pre" | "listing" | "plaintext" | "xmp" => self.code(id),
            "ul" | "ol" | "menu" | "dir" => self.list(id, style),
            "table" => return flow.blocks.extend(named(table::table(self, id), block_id)),
            "blockquote" => {
                return flow
                    .blocks
                    .extend(named(quote::quote(self, id, quote::Kind::Quote), block_id));
            }
            "figure" => return flow.blocks.extend(named(quote::figure(self, id), block_id)),
            "aside" if self.tree.has_class(id, "fact-box") => {
                let made = self.fact_box(id);
                if made.is_none() {
                    self.warn(WarningCode::StructureFlattened, "fact-box", id);
                    return self.children(id, style, flow);
                }
                made
            }
            "aside" => match related::block(self, id) {
                Some(made) => Some(made),
                None => return self.children(id, style, flow),
            },
            "p" => {
                flow.id = block_id;
                return self.children(id, style, flow);
            }
            "form" => {
                self.warn(WarningCode::ElementDropped, "form", id);
                return self.children(id, style, flow);
            }
            _ => return self.children(id, style, flow),
        };
        flow.blocks.extend(named(made.into_iter().collect(), block_id));
    }

    pub(super) fn block_id(&self, id: Id) -> Option<BlockId> {
        BlockId::parse(self.tree.attribute(id, "data-block-id")?).ok()
    }

    fn heading(&mut self, id: Id, name: &str, style: &Style) -> Option<Block> {
        let level = name.bytes().last().map_or(2, |digit| digit.saturating_sub(b'0'));
        let text = self.text_of(id, style, Joint::Line);
        (!text.is_empty()).then(|| Heading::make(Level::nearest(level), text).into())
    }

    pub(super) fn text_of(&mut self, id: Id, style: &Style, joint: Joint) -> Vec<Span> {
        let mut run = Run::default();
        self.gather(id, style, joint, &mut run);
        run.finish()
    }

    /// The words of an element in one line.
    pub(super) fn line_of(&mut self, id: Id) -> String {
        let spans = self.text_of(id, &Style::default(), Joint::Blank);
        if spans.iter().any(|span| span.link.is_some()) {
            self.warn(WarningCode::LinkDropped, "a", id);
        }
        plain(&spans)
    }

    pub(super) fn code(&mut self, id: Id) -> Option<Block> {
        let inner = self.tree.children(id).find(|child| self.name(*child) == Some("code"));
        let classes = [inner, Some(id)].into_iter().flatten();
        let classes: Vec<&str> = classes.filter_map(|id| self.tree.attribute(id, "class")).collect();
        let language = classes
            .iter()
            .flat_map(|class| class.split_ascii_whitespace())
            .find_map(|class| {
                let name = class
                    .strip_prefix("language-")
                    .or_else(|| class.strip_prefix("lang-"))?;
                CodeLanguage::parse(name).ok()
            });
        let text = self.raw_text(id);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        (!text.trim().is_empty()).then(|| CodeBlock::make(language, text.to_owned()).into())
    }

    fn fact_box(&mut self, id: Id) -> Option<Block> {
        let is_title = |child: &Id| self.tree.has_class(*child, "fact-box-title");
        let found = self.tree.children(id).find(is_title)?;
        let title = BoxTitle::parse(&self.line_of(found)).ok()?;
        let rest = self.tree.children(id).filter(|child| *child != found);
        let blocks = self.blocks_of(rest, &Style::default());
        Some(FactBox::make(title, blocks).into())
    }

    /// A frame of a service that we know becomes an embed.
    pub(super) fn iframe(&mut self, id: Id) -> Option<Block> {
        let source = self
            .tree
            .attribute(id, "src")
            .or_else(|| self.tree.attribute(id, "data-src"))?;
        let source = source.trim();
        let absolute = source.strip_prefix("//").map(|rest| format!("https://{rest}"));
        let url = WebUrl::parse(absolute.as_deref().unwrap_or(source)).ok()?;
        let provider = EmbedProvider::of(&url)?;
        let title = self
            .tree
            .attribute(id, "title")
            .and_then(|title| EmbedTitle::parse(title).ok());
        self.handlers(id);
        Some(Embed::make(provider, url, title).into())
    }
}

/// Gives an id to the block that it was meant for, the first.
fn named(mut blocks: Vec<Block>, id: Option<BlockId>) -> Vec<Block> {
    if let Some(first) = blocks.first_mut().filter(|_| id.is_some()) {
        first.set_id(id);
    }
    blocks
}

/// A block copied with its id keeps what it says; the copy gets an id of its own later.
fn unique_ids(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut seen = std::collections::HashSet::new();
    forget_repeated(&mut blocks, &mut seen);
    blocks
}

fn forget_repeated(blocks: &mut [Block], seen: &mut std::collections::HashSet<BlockId>) {
    for block in blocks {
        if block.id().is_some_and(|id| !seen.insert(id.clone())) {
            block.set_id(None);
        }
        forget_repeated(block.children_mut(), seen);
    }
}
