//! Text to tree, in time that grows with the text.

use std::cell::Cell;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};

use super::tree::{Excess, Grown, Id, MAX_DEPTH, MAX_NODES, Tree};
use crate::domain::invalid::{Flaw, Rule};

/// Most bytes that the tokenizer is given at once; between two pieces the bounds are looked at.
const PIECE: usize = 1024;
/// Most signs that part attributes in one tag: the tokenizer compares each attribute with all before it.
const MAX_SEPARATORS: usize = 2000;
/// A slash parts attributes too, but a picture within one has a slash for each 64 bytes.
const BYTES_A_SLASH: usize = 40;

/// Parses as a browser does, scripting switched off.
pub(super) fn parse(html: &str) -> Result<Grown, Flaw> {
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        drop_doctype: true,
        ..TreeBuilderOpts::default()
    };
    let sink = Watched {
        builder: TreeBuilder::new(Tree::default(), options),
        moved: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut tag = Tag::default();
    // The pieces, and the texts that become of them, share one copy.
    let whole = StrTendril::from_slice(html);
    let mut at = 0;
    for piece in pieces(html) {
        tag.before(piece);
        let size = u32::try_from(piece.len()).unwrap_or_default();
        input.push_back(whole.subtendril(at, size));
        at += size;
        feed(&tokenizer, &input);
        tag.after(piece, tokenizer.sink.moved.take());
        if tag.separators > MAX_SEPARATORS || tag.slashes > MAX_SEPARATORS + tag.bytes / BYTES_A_SLASH {
            return Err(too_many_attributes());
        }
        if let Some(excess) = tokenizer.sink.builder.sink.excess.get() {
            return Err(told(excess));
        }
    }
    tokenizer.end();
    let tree = tokenizer.sink.builder.sink;
    match tree.excess.get() {
        Some(excess) => Err(told(excess)),
        None => Ok(tree.finish()),
    }
}

/// No script is run here: where the tokenizer stops for one, it goes on.
fn feed(tokenizer: &Tokenizer<Watched>, input: &BufferQueue) {
    while !matches!(tokenizer.feed(input), TokenizerResult::Done) {}
}

fn told(excess: Excess) -> Flaw {
    match excess {
        Excess::Depth => Flaw::new(
            Rule::OutOfRange,
            format!("elements nest more than {MAX_DEPTH} levels deep"),
        ),
        Excess::Nodes => Flaw::new(Rule::TooMany, format!("has more than {MAX_NODES} elements and texts")),
    }
}

fn too_many_attributes() -> Flaw {
    Flaw::new(Rule::TooMany, "has a tag with hundreds of attributes")
}

/// Pieces that begin where a tag may begin and end where one may end, none longer than [`PIECE`].
fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let limit = rest.floor_char_boundary(PIECE);
        let head = rest.get(..limit).unwrap_or(rest);
        let end = head
            .bytes()
            .enumerate()
            .find_map(|(at, byte)| match byte {
                b'<' if at > 0 => Some(at),
                b'>' => Some(at + 1),
                _ => None,
            })
            .unwrap_or(limit);
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(piece)
    })
}

/// What is known of a tag whose end has not come yet.
///
/// The tokenizer hands over a tag when it is whole, so between two tokens there may be a tag, whose attributes are counted
/// here from above by the signs that part them; or a comment, which may hold as many of those as it likes.
#[derive(Default)]
struct Tag {
    separators: usize,
    slashes: usize,
    bytes: usize,
    is_comment: bool,
    begun: bool,
}

impl Tag {
    fn before(&mut self, piece: &str) {
        if !self.begun && piece.starts_with('<') {
            self.begun = true;
            self.is_comment = piece.get(1..).is_some_and(|rest| rest.starts_with(['!', '?']));
        }
    }

    fn after(&mut self, piece: &str, moved: bool) {
        if moved {
            *self = Self::default();
        }
        if !self.is_comment {
            let count = |part: fn(u8) -> bool| piece.bytes().filter(|byte| part(*byte)).count();
            self.separators += count(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'"' | b'\''));
            self.slashes += count(|byte| byte == b'/');
        }
        self.bytes += piece.len();
    }
}

/// The tree builder, and whether a token has reached it.
struct Watched {
    builder: TreeBuilder<Id, Tree>,
    moved: Cell<bool>,
}

impl TokenSink for Watched {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if !matches!(token, Token::ParseError(_)) {
            self.moved.set(true);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
