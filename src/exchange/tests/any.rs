//! Any body that HTML and Markdown can hold: blanks are single and between words, texts are not empty.

use proptest::prelude::*;
use uuid::Uuid;

use super::shown;
use crate::domain::body::{
    Block, Body, Cell, CodeBlock, CodeLanguage, Divider, Embed, EmbedProvider, FactBox, Heading, Level, Link, List,
    ListItem, Mark, PullQuote, Quote, Span, Sublist, Table, tidy,
};
use crate::domain::id::{ArticleId, BlockId};
use crate::domain::text::{Attribution, BoxTitle, EmbedTitle, TableCaption, composed};
use crate::domain::web::{LinkUrl, WebUrl};

/// A word: letters, the signs that mean something to Markdown or HTML, or anything else that can be seen.
pub(super) fn word() -> impl Strategy<Value = String> {
    let mut nfc = prop_oneof![
        4 => "[a-zA-Z0-9]{1,7}",
        2 => "[!-/:-@\\[-`{-~]{1,4}",
        1 => "[0-9]{1,3}[.)]",
        1 => "&(amp|lt|copy|#60|#x3c|nbsp);?",
        1 => "(<b>|</p>|<script>|<!--|-->|\\]\\]>|javascript:|<a href=)",
        2 => "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]{1,4}",
    ]
    .boxed();
    nfc = nfc
        .prop_map(|mut text| {
            composed(&mut text);
            text
        })
        .boxed();
    nfc
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    prop_oneof![
        4 => Just(Vec::new()),
        3 => prop::sample::select(Mark::ALL).prop_map(|mark| vec![mark]),
        1 => prop::sample::subsequence(Mark::ALL, 2..=4),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        "https://[a-z]{1,5}\\.example/[!-~]{0,9}",
        "http://a\\.example/\\?[a-z]=[!-~]{0,6}#[!-~]{0,4}",
        "mailto:[a-z]{1,5}@a\\.example",
        "tel:\\+[0-9]{3,9}",
    ]
}

fn link() -> impl Strategy<Value = Option<Link>> {
    let own = any::<u128>().prop_map(|id| Some(Link::to_article(ArticleId(Uuid::from_u128(id)))));
    let other = address().prop_map(|url| LinkUrl::parse(&url).ok().map(Link::to));
    prop_oneof![5 => Just(None), 1 => own, 2 => other]
}

/// A running text; `breaks` are what may stand between words.
fn text(breaks: &'static [&'static str]) -> impl Strategy<Value = Vec<Span>> {
    let part = (word(), marks(), link(), prop::sample::select(breaks));
    let parts = prop::collection::vec(part, 1..6);
    parts.prop_map(|parts| {
        let mut spans: Vec<Span> = Vec::new();
        let last = parts.len() - 1;
        let looks = |at: usize| parts.get(at).map(|(_, marks, link, _)| (marks, link));
        for (at, (word, marks, link, between)) in parts.iter().enumerate() {
            let like = |text: &str| Span {
                text: text.to_owned(),
                marks: marks.clone(),
                link: link.clone(),
            };
            spans.push(like(word));
            // An empty line is of no style but where it stands in one.
            match *between {
                _ if at == last => {}
                "\n\n" if looks(at) != looks(at + 1) => spans.push(Span::plain("\n\n")),
                between => spans.push(like(between)),
            }
        }
        let mut spans = tidy(spans);
        for span in &mut spans {
            composed(&mut span.text);
        }
        spans
    })
}

const PROSE: &[&str] = &["", " ", " ", "\n"];
const SEVERAL: &[&str] = &["", " ", " ", "\n", "\n\n"];
const LINES: &[&str] = &["", " ", "\n"];

pub(super) fn line() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-zA-Z0-9<>&\"'*_.]{1,7}", 1..4).prop_map(|words| words.join(" "))
}

fn said() -> impl Strategy<Value = Option<Attribution>> {
    prop::option::of(line().prop_map(|line| Attribution::parse(&line).unwrap()))
}

fn web() -> impl Strategy<Value = Option<WebUrl>> {
    prop::option::of("https://a\\.example/[!-~]{0,8}".prop_map(|url| WebUrl::parse(&url).unwrap()))
}

fn items(levels: u32) -> BoxedStrategy<Vec<ListItem>> {
    let below: BoxedStrategy<Option<Sublist>> = if levels > 1 {
        let list = (any::<bool>(), items(levels - 1)).prop_map(|(ordered, items)| Sublist { ordered, items });
        prop::option::weighted(0.3, list).boxed()
    } else {
        Just(None).boxed()
    };
    let item = (text(SEVERAL), below).prop_map(|(text, list)| ListItem { text, list });
    prop::collection::vec(item, 1..4).boxed()
}

fn table() -> impl Strategy<Value = Block> {
    (1usize..4, 0usize..3, any::<bool>()).prop_flat_map(|(columns, rows, named)| {
        let cells = move || prop::collection::vec(text(LINES).prop_map(|text| Cell { text }), columns);
        let header = if named || rows == 0 {
            cells().boxed()
        } else {
            Just(Vec::new()).boxed()
        };
        let caption = prop::option::of(line().prop_map(|line| TableCaption::parse(&line).unwrap()));
        let rows = prop::collection::vec(cells(), rows);
        (header, rows, caption).prop_map(|(header, rows, caption)| Table::make(header, rows, caption).into())
    })
}

fn code() -> impl Strategy<Value = Block> {
    let language = prop::option::of("[a-z+#.-]{1,6}".prop_map(|name| CodeLanguage::parse(&name).unwrap()));
    (language, "[a-z`~<>&\\\\ \n\t]{0,30}[a-z`;>]").prop_map(|(language, text)| CodeBlock::make(language, text).into())
}

fn embed() -> impl Strategy<Value = Block> {
    let title = prop::option::of(line().prop_map(|line| EmbedTitle::parse(&line).unwrap()));
    ("https://www\\.youtube\\.com/watch\\?v=[a-zA-Z0-9&=_-]{1,9}", title)
        .prop_map(|(url, title)| Embed::make(EmbedProvider::YouTube, WebUrl::parse(&url).unwrap(), title).into())
}

fn simple() -> BoxedStrategy<Block> {
    prop_oneof![
        4 => text(PROSE).prop_map(Block::paragraph),
        1 => (2u8..=4, text(LINES)).prop_map(|(level, text)| Heading::make(Level::nearest(level), text).into()),
        2 => (text(SEVERAL), said(), web()).prop_map(|(text, said, url)| Quote::make(text, said, url).into()),
        1 => (text(SEVERAL), said()).prop_map(|(text, said)| PullQuote::make(text, said).into()),
        2 => (any::<bool>(), items(2)).prop_map(|(ordered, items)| List::make(ordered, items).into()),
        1 => embed(),
        2 => table(),
        1 => code(),
        1 => Just(Divider::make().into()),
        3 => shown::block(),
    ]
    .boxed()
}

fn fact_box() -> impl Strategy<Value = Block> {
    (line(), prop::collection::vec(simple(), 0..3))
        .prop_map(|(title, blocks)| FactBox::make(BoxTitle::parse(&title).unwrap(), blocks).into())
}

fn deep_list() -> impl Strategy<Value = Block> {
    (any::<bool>(), items(3)).prop_map(|(ordered, items)| List::make(ordered, items).into())
}

/// Blocks with ids, as a body that was kept has them.
pub(super) fn body() -> impl Strategy<Value = Body> {
    let block = prop_oneof![8 => simple(), 1 => fact_box(), 1 => deep_list()];
    prop::collection::vec(block, 0..6).prop_map(|mut blocks| {
        let mut count = 0u8;
        name(&mut blocks, &mut count);
        Body::checked(blocks, "").unwrap()
    })
}

fn name(blocks: &mut [Block], count: &mut u8) {
    for block in blocks {
        *count += 1;
        block.set_id(Some(BlockId::new([*count; 16])));
        name(block.children_mut(), count);
    }
}
