//! Quotes, and the figures that name who said them.

use super::flow::Walk;
use super::inline::{Joint, Role, role};
use super::run::Style;
use super::tree::Id;
use super::{media, word};
use crate::domain::body::{Block, Embed, EmbedProvider, PullQuote, Quote, Span, WarningCode, plain};
use crate::domain::text::{Attribution, EmbedTitle, TableCaption};
use crate::domain::web::WebUrl;

/// Whose words a quote is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Quote,
    PullQuote,
}

const PULL_QUOTES: [&str; 3] = ["pull-quote", "pullquote", "wp-block-pullquote"];

fn kind(walk: &Walk<'_>, id: Id, otherwise: Kind) -> Kind {
    if PULL_QUOTES.iter().any(|class| walk.tree.has_class(id, class)) {
        Kind::PullQuote
    } else {
        otherwise
    }
}

/// Paragraphs that follow each other become one quote; what cannot stand in a quote, such as a list, follows it.
pub(super) fn quote(walk: &mut Walk<'_>, id: Id, otherwise: Kind) -> Vec<Block> {
    let kind = kind(walk, id, otherwise);
    let url = walk
        .tree
        .attribute(id, "cite")
        .and_then(|cite| WebUrl::parse(cite).ok());
    let children: Vec<Id> = walk.tree.children(id).collect();
    let said = speaker(walk, &children);
    let inner = walk.blocks_of(
        children.iter().copied().filter(|child| Some(*child) != said),
        &Style::default(),
    );
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for block in inner {
        let Block::Paragraph(paragraph) = block else {
            walk.warn(WarningCode::StructureFlattened, "blockquote", id);
            open = false;
            blocks.push(block);
            continue;
        };
        match blocks.last_mut().and_then(text_of) {
            Some(before) if open => {
                join(before, paragraph.text);
            }
            _ => blocks.push(made(kind, paragraph.text, url.clone())),
        }
        open = true;
    }
    if let Some(said) = said {
        if blocks.is_empty() {
            blocks.push(made(kind, Vec::new(), url));
        }
        attribute(walk, said, &mut blocks);
    }
    blocks
}

/// The element that names who said it: the last of all, and of `cite` only one in a line of its own; within a sentence it
/// names a work.
fn speaker(walk: &Walk<'_>, children: &[Id]) -> Option<Id> {
    let blank = |id: &Id| word::is_blank(walk, *id);
    let mut shown = children.iter().rev().copied().filter(|id| !blank(id));
    let last = shown.next()?;
    match walk.name(last) {
        Some("footer" | "figcaption") => Some(last),
        Some("cite") => {
            let before = walk.name(shown.next()?)?;
            (role(before) == Role::Block || role(before) == Role::Break).then_some(last)
        }
        _ => None,
    }
}

/// Joins two paragraphs of one text; what parts them looks as they do, where they look alike.
fn join(before: &mut Vec<Span>, after: Vec<Span>) {
    let ends = (before.last_mut(), after.first());
    match ends {
        (Some(last), Some(first)) if last.marks == first.marks && last.link == first.link => last.text.push_str("\n\n"),
        _ => before.push(Span::plain("\n\n")),
    }
    before.extend(after);
}

fn made(kind: Kind, text: Vec<Span>, url: Option<WebUrl>) -> Block {
    match kind {
        Kind::Quote => Quote::make(text, None, url).into(),
        Kind::PullQuote => PullQuote::make(text, None).into(),
    }
}

fn text_of(block: &mut Block) -> Option<&mut Vec<Span>> {
    match block {
        Block::Quote(quote) => Some(&mut quote.text),
        Block::PullQuote(quote) => Some(&mut quote.text),
        _ => None,
    }
}

/// Names who said the last quote, or what the last table or picture shows; else the words become a paragraph.
fn attribute(walk: &mut Walk<'_>, id: Id, blocks: &mut Vec<Block>) {
    if let Some(Block::Image(_) | Block::Video(_) | Block::Audio(_)) = blocks.last() {
        if !blocks.last_mut().is_some_and(|last| media::say(walk, id, last)) {
            blocks.extend(walk.blocks_of([id], &Style::default()));
        }
        return;
    }
    let words = walk.line_of(id);
    let words = words.trim();
    // The dash before a name is the page's to set.
    let name = words.trim_start_matches(['—', '–', '-', '―']).trim_start();
    if name.is_empty() {
        return;
    }
    let place = match blocks.last_mut() {
        Some(Block::Quote(quote)) => Some(&mut quote.attribution),
        Some(Block::PullQuote(quote)) => Some(&mut quote.attribution),
        Some(Block::Table(table)) if table.caption.is_none() => {
            table.caption = TableCaption::parse(words).ok();
            if table.caption.is_some() {
                return;
            }
            None
        }
        _ => None,
    };
    match (place, Attribution::parse(name)) {
        (Some(place @ None), Ok(name)) => *place = Some(name),
        _ => blocks.extend(walk.blocks_of([id], &Style::default())),
    }
}

/// A figure: a quote with who said it, a table with what it shows, an embed, pictures of ours; of those from elsewhere, what
/// stands under them.
pub(super) fn figure(walk: &mut Walk<'_>, id: Id) -> Vec<Block> {
    let children: Vec<Id> = walk.tree.children(id).collect();
    let caption = |id: &Id| walk.name(*id) == Some("figcaption");
    let caption = children.iter().copied().find(caption);
    let rest: Vec<Id> = children.into_iter().filter(|child| Some(*child) != caption).collect();
    if let Some(shown) = media::figure(walk, id, caption, &rest) {
        return shown;
    }
    let embedded = walk
        .tree
        .has_class(id, "embed")
        .then(|| embed(walk, id, &rest))
        .flatten();
    let mut blocks = match embedded {
        Some(embed) => vec![embed],
        None => walk.blocks_of(rest, &Style::default()),
    };
    media::sized(walk, id, &mut blocks);
    if kind(walk, id, Kind::Quote) == Kind::PullQuote {
        blocks = blocks.into_iter().map(pulled).collect();
    }
    if let Some(caption) = caption {
        attribute(walk, caption, &mut blocks);
    }
    blocks
}

fn pulled(block: Block) -> Block {
    match block {
        Block::Quote(quote) => {
            let mut pulled = Block::from(PullQuote::make(quote.text, quote.attribution));
            pulled.set_id(quote.id);
            pulled
        }
        other => other,
    }
}

/// An embed as we write it: the provider's name, and a link.
fn embed(walk: &mut Walk<'_>, id: Id, children: &[Id]) -> Option<Block> {
    let provider = EmbedProvider::parse(walk.tree.attribute(id, "data-provider")?).ok()?;
    let mut shown = children.iter().copied().filter(|id| !word::is_blank(walk, *id));
    let anchor = shown.next().filter(|_| shown.next().is_none())?;
    if walk.name(anchor) != Some("a") {
        return None;
    }
    let href = walk.tree.attribute(anchor, "href")?;
    let url = WebUrl::parse(href).ok()?;
    let words = plain(&walk.text_of(anchor, &Style::default(), Joint::Blank));
    let title = EmbedTitle::parse(&words)
        .ok()
        .filter(|title| title.as_str() != url.as_str());
    Some(Embed::make(provider, url, title).into())
}
