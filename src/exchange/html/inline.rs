//! The walk through running text: what an element within it does to the words below.

use std::borrow::Cow;

use url::Url;

use super::flow::Walk;
use super::run::{Run, Style};
use super::tree::{Id, Kind};
use super::{style, word};
use crate::domain::body::{Link, Mark, WarningCode};
use crate::domain::id::ArticleId;
use crate::domain::text::composed;
use crate::domain::web::LinkUrl;

/// What an element is to running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Goes with all that it holds.
    Dropped,
    /// Its words stay where they are; `style` may change.
    Inline,
    Break,
    /// Begins and ends a line of its own.
    Block,
}

/// What goes whole: it holds no words, or none that are the story's. In order, to be searched.
const DROPPED: &[&str] = &[
    "applet", "area", "audio", "base", "button", "canvas", "datalist", "embed", "frame", "frameset", "head", "iframe",
    "img", "input", "link", "map", "meta", "meter", "noembed", "noframes", "noscript", "object", "optgroup", "option",
    "param", "picture", "progress", "script", "select", "source", "style", "svg", "template", "textarea", "title",
    "track", "video",
];

/// What parts texts; everything else stands within one. In order, to be searched.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "xmp",
];

/// Blocks that are more than their words: within a running text, what more they are is lost.
const SHAPED: &[&str] = &[
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "pre",
    "table",
    "ul",
];

pub(super) fn role(name: &str) -> Role {
    match name {
        "br" => Role::Break,
        _ if DROPPED.binary_search(&name).is_ok() => Role::Dropped,
        _ if BLOCKS.binary_search(&name).is_ok() => Role::Block,
        _ => Role::Inline,
    }
}

/// How blocks within a running text part its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// By an empty line, where the text may hold several paragraphs.
    Paragraph,
    /// By a line break.
    Line,
    /// By a blank, where it is one line.
    Blank,
}

impl Joint {
    pub(super) fn join(self, run: &mut Run) {
        match self {
            Self::Paragraph => run.part_by(2),
            Self::Line => run.part_by(1),
            Self::Blank => run.part(),
        }
    }
}

impl Walk<'_> {
    /// The style of the words below an element of running text.
    pub(super) fn styled(&mut self, id: Id, name: &str, style: &Style) -> Style {
        self.handlers(id);
        let mut changed = match name {
            "b" | "strong" => style.with(Mark::Strong),
            "em" | "i" | "dfn" | "var" | "cite" => style.with(Mark::Em),
            "u" | "ins" => style.with(Mark::Underline),
            "s" | "strike" | "del" => style.with(Mark::Strike),
            "sub" => style.with(Mark::Sub),
            "sup" => style.with(Mark::Sup),
            "code" | "kbd" | "samp" | "tt" => style.with(Mark::Code),
            _ => style.clone(),
        };
        if name == "a" {
            if let Some(link) = self.link(id) {
                changed.link = Some(link);
            }
        }
        if let Some(declarations) = self.tree.attribute(id, "style") {
            style::apply(declarations, &mut changed);
        }
        changed
    }

    /// Where an anchor leads; `None` when it leads nowhere, or where no link may.
    fn link(&mut self, id: Id) -> Option<Link> {
        let own = self.tree.attribute(id, "data-article-id");
        if let Some(article) = own.and_then(|text| ArticleId::parse(text).ok()) {
            return Some(Link::to_article(article));
        }
        let href = self.tree.attribute(id, "href")?;
        if let Some(url) = self.address(href) {
            return Some(Link::to(url));
        }
        let scheme = href.split_once(':').map_or("href", |(scheme, _)| scheme.trim());
        let scheme = scheme.to_owned();
        self.warn(WarningCode::LinkDropped, &scheme, id);
        None
    }

    /// An address as links may have it. One without a host belongs to the newsroom's own site.
    pub(super) fn address(&self, href: &str) -> Option<LinkUrl> {
        let href = href.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_control());
        if href.starts_with('/') {
            let whole = Url::parse(self.site).ok()?.join(href).ok()?;
            return LinkUrl::parse(whole.as_str()).ok();
        }
        LinkUrl::parse(href).ok()
    }

    /// Gathers the words below a node into one running text; blocks within it part its words.
    pub(super) fn gather(&mut self, id: Id, style: &Style, joint: Joint, run: &mut Run) {
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            self.gather_one(child, style, joint, run);
        }
    }

    pub(super) fn gather_one(&mut self, id: Id, style: &Style, joint: Joint, run: &mut Run) {
        match self.tree.node(id).map(|node| &node.kind) {
            Some(Kind::Text(text)) => {
                let text = self.readable(text, id);
                run.text(&text, style);
            }
            Some(Kind::Element(..)) => self.gather_element(id, style, joint, run),
            Some(Kind::Comment) => self.warn(WarningCode::CommentDropped, "comment", id),
            Some(Kind::Document) | None => {}
        }
    }

    fn gather_element(&mut self, id: Id, style: &Style, joint: Joint, run: &mut Run) {
        let Some(name) = self.name(id) else {
            return self.drop_element(id);
        };
        match role(name) {
            Role::Dropped => self.drop_element(id),
            _ if word::is_bullet(self, id) => {}
            Role::Break if joint == Joint::Blank => run.part(),
            Role::Break => run.line(style),
            Role::Inline if name == "q" => {
                run.as_is("“", style);
                self.gather(id, style, joint, run);
                run.as_is("”", style);
            }
            Role::Inline => {
                let style = self.styled(id, name, style);
                self.gather(id, &style, joint, run);
            }
            Role::Block => {
                self.handlers(id);
                if SHAPED.contains(&name) {
                    self.warn(WarningCode::StructureFlattened, name, id);
                }
                joint.join(run);
                if name == "pre" && joint != Joint::Blank {
                    self.gather_code(id, &style.with(Mark::Code), run);
                } else {
                    self.gather(id, style, joint, run);
                }
                joint.join(run);
            }
        }
    }

    /// Program text within a running text: its lines stay, its blanks fold, as they do wherever a text is shown.
    fn gather_code(&mut self, id: Id, style: &Style, run: &mut Run) {
        let text = self.raw_text(id);
        // Blanks alone are no words: they would keep line breaks that part nothing, at either end, too.
        if text.trim().is_empty() {
            return;
        }
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                run.line(style);
            }
            run.text(line, style);
        }
    }

    /// The text below a node with its blanks and line feeds, as program text is read; blocks stand in lines of their own.
    pub(super) fn raw_text(&mut self, id: Id) -> String {
        let mut text = String::new();
        self.raw(id, &mut text);
        let mut text = text.replace("\r\n", "\n").replace(['\r', '\x0c'], "\n");
        composed(&mut text);
        text
    }

    fn raw(&mut self, id: Id, into: &mut String) {
        let children: Vec<Id> = self.tree.children(id).collect();
        for child in children {
            match self.tree.node(child).map(|node| &node.kind) {
                Some(Kind::Text(text)) => {
                    let text = self.readable(text, child);
                    into.push_str(&text);
                    continue;
                }
                Some(Kind::Comment) => {
                    self.warn(WarningCode::CommentDropped, "comment", child);
                    continue;
                }
                _ => {}
            }
            let name = self.name(child);
            match name.map(role) {
                None | Some(Role::Dropped) => self.drop_element(child),
                Some(Role::Break) => into.push('\n'),
                Some(Role::Inline) => {
                    self.handlers(child);
                    self.raw(child, into);
                }
                Some(Role::Block) => {
                    self.handlers(child);
                    let own_line = |into: &mut String| {
                        if !into.is_empty() && !into.ends_with('\n') {
                            into.push('\n');
                        }
                    };
                    own_line(into);
                    self.raw(child, into);
                    own_line(into);
                }
            }
        }
    }

    /// The text of a node without the characters that no text may hold.
    pub(super) fn readable<'t>(&mut self, text: &'t str, id: Id) -> Cow<'t, str> {
        let bad = |c: char| c.is_control() && !c.is_ascii_whitespace();
        let Some(found) = text.chars().find(|c| bad(*c)) else {
            return text.into();
        };
        self.warn(
            WarningCode::CharacterDropped,
            &format!("U+{:04X}", u32::from(found)),
            id,
        );
        text.replace(bad, "").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_searched_are_in_order() {
        assert!(DROPPED.is_sorted() && BLOCKS.is_sorted());
    }
}
