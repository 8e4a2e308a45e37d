//! Blocks to HTML. Every tag and attribute is written here; text is escaped, whatever it is.

use super::{related, shown};
use crate::domain::body::{
    Block, Body, Cell, CodeBlock, Embed, FactBox, Heading, Link, List, ListItem, Mark, PullQuote, Quote, Span, Table,
};
use crate::domain::id::BlockId;

/// Links that leave the site tell so, and give the page they lead to no handle on ours.
pub(super) const EXTERNAL: &str = "external noopener";

/// A body as HTML: a fragment, one element a block. Links to articles and media need their addresses filled in before. `site` is the
/// address of the newsroom's own site: links that leave it say so.
pub fn write(body: &Body, site: &str) -> String {
    let mut html = String::new();
    blocks(body.blocks(), site, &mut html);
    html
}

fn blocks(blocks: &[Block], site: &str, html: &mut String) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            html.push('\n');
        }
        let id = attribute("data-block-id", block.id().map(BlockId::as_str));
        match block {
            Block::Paragraph(paragraph) => element("p", &id, &inline(&paragraph.text, site), html),
            Block::Heading(block) => heading(block, &id, site, html),
            Block::Quote(block) => quote(block, &id, site, html),
            Block::PullQuote(block) => pull_quote(block, &id, site, html),
            Block::List(List { ordered, items, .. }) => list(*ordered, items, &id, site, html),
            Block::Embed(block) => embed(block, &id, html),
            Block::Table(block) => table(block, &id, site, html),
            Block::FactBox(block) => fact_box(block, &id, site, html),
            Block::CodeBlock(block) => code(block, &id, html),
            Block::Divider(_) => html.push_str(&format!("<hr{id}>")),
            Block::Image(block) => shown::image(block, &id, html),
            Block::Gallery(block) => shown::gallery(block, &id, html),
            Block::Video(block) => shown::video(block, &id, html),
            Block::Audio(block) => shown::audio(block, &id, html),
            Block::RelatedArticle(block) => related::article(block, &id, html),
            Block::RelatedList(block) => related::list(block, &id, html),
        }
    }
}

pub(super) fn element(name: &str, attributes: &str, inner: &str, html: &mut String) {
    html.push_str(&format!("<{name}{attributes}>{inner}</{name}>"));
}

/// An attribute with the blank before it; nothing where there is no value. A line feed is written by its number, so that
/// there is no empty line in a tag.
pub(super) fn attribute(name: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| {
        format!(" {name}=\"{}\"", escaped(value).replace('\n', "&#10;"))
    })
}

fn heading(block: &Heading, id: &str, site: &str, html: &mut String) {
    let name = format!("h{}", block.level.get());
    element(&name, id, &inline(&block.text, site), html);
}

fn quote(block: &Quote, id: &str, site: &str, html: &mut String) {
    let cite = attribute("cite", block.url.as_ref().map(crate::domain::web::WebUrl::as_str));
    let quoted = paragraphs(&block.text, site);
    match &block.attribution {
        None => element("blockquote", &format!("{id}{cite}"), &quoted, html),
        Some(name) => {
            let name = escaped(name.as_str());
            let inner = format!("<blockquote{cite}>{quoted}</blockquote><figcaption>{name}</figcaption>");
            element("figure", &format!("{id} class=\"quote\""), &inner, html);
        }
    }
}

fn pull_quote(block: &PullQuote, id: &str, site: &str, html: &mut String) {
    let mut inner = format!("<blockquote>{}</blockquote>", paragraphs(&block.text, site));
    if let Some(name) = &block.attribution {
        element("figcaption", "", &escaped(name.as_str()), &mut inner);
    }
    element("figure", &format!("{id} class=\"pull-quote\""), &inner, html);
}

fn list(ordered: bool, items: &[ListItem], id: &str, site: &str, html: &mut String) {
    let mut inner = String::new();
    for item in items {
        let mut point = if split(&item.text).len() > 1 {
            paragraphs(&item.text, site)
        } else {
            inline(&item.text, site)
        };
        if let Some(below) = &item.list {
            list(below.ordered, &below.items, "", site, &mut point);
        }
        element("li", "", &point, &mut inner);
    }
    element(if ordered { "ol" } else { "ul" }, id, &inner, html);
}

/// A link and the provider's name; the front end makes of it what its readers agreed to.
fn embed(block: &Embed, id: &str, html: &mut String) {
    let (url, provider) = (block.url.as_str(), block.provider.as_str());
    let words = block.title.as_ref().map_or(url, |title| title.as_str());
    let inner = format!("<a href=\"{}\" rel=\"{EXTERNAL}\">{}</a>", escaped(url), escaped(words));
    element(
        "figure",
        &format!("{id} class=\"embed\" data-provider=\"{provider}\""),
        &inner,
        html,
    );
}

fn table(block: &Table, id: &str, site: &str, html: &mut String) {
    let row = |cells: &[Cell], open: &str, close: &str| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<{open}>{}</{close}>", inline(&cell.text, site)))
            .collect();
        format!("<tr>{cells}</tr>")
    };
    let mut inner = String::new();
    if let Some(caption) = &block.caption {
        element("caption", "", &escaped(caption.as_str()), &mut inner);
    }
    if !block.header.is_empty() {
        element("thead", "", &row(&block.header, "th scope=\"col\"", "th"), &mut inner);
    }
    if !block.rows.is_empty() {
        let rows: String = block.rows.iter().map(|cells| row(cells, "td", "td")).collect();
        element("tbody", "", &rows, &mut inner);
    }
    element("table", id, &inner, html);
}

fn fact_box(block: &FactBox, id: &str, site: &str, html: &mut String) {
    let mut inner = String::new();
    element(
        "h3",
        " class=\"fact-box-title\"",
        &escaped(block.title.as_str()),
        &mut inner,
    );
    inner.push('\n');
    blocks(&block.blocks, site, &mut inner);
    element("aside", &format!("{id} class=\"fact-box\""), &inner, html);
}

fn code(block: &CodeBlock, id: &str, html: &mut String) {
    let class = block
        .language
        .as_ref()
        .map(|name| format!("language-{}", name.as_str()));
    let class = attribute("class", class.as_deref());
    // The line feed at the end is the element's, as Markdown's writers have it, so that one of the text's own survives.
    let inner = format!("<code{class}>{}\n</code>", escaped(&block.text));
    element("pre", id, &inner, html);
}

/// A text of several paragraphs, each in its element.
fn paragraphs(spans: &[Span], site: &str) -> String {
    let all = split(spans);
    all.iter()
        .map(|spans| format!("<p>{}</p>", inline(spans, site)))
        .collect()
}

/// The paragraphs of a text, which an empty line parts.
pub(in crate::exchange) fn split(spans: &[Span]) -> Vec<Vec<Span>> {
    let mut all = vec![Vec::new()];
    for span in spans {
        for (at, part) in span.text.split("\n\n").enumerate() {
            if at > 0 {
                all.push(Vec::new());
            }
            if let Some(last) = all.last_mut().filter(|_| !part.is_empty()) {
                last.push(Span {
                    text: part.to_owned(),
                    marks: span.marks.clone(),
                    link: span.link.clone(),
                });
            }
        }
    }
    all.retain(|spans| !spans.is_empty());
    all
}

/// What is open around words: a link outermost, then marks.
#[derive(Clone, Copy, PartialEq)]
enum Around<'a> {
    Link(&'a Link),
    Mark(Mark),
}

/// Running text: tags stay open from one span to the next where both need them.
fn inline(spans: &[Span], site: &str) -> String {
    let mut html = String::new();
    let mut open: Vec<Around<'_>> = Vec::new();
    for span in spans {
        let links = span.link.iter().map(Around::Link);
        let wanted: Vec<Around<'_>> = links.chain(span.marks.iter().copied().map(Around::Mark)).collect();
        let shared = open.iter().zip(&wanted).take_while(|(is, should)| is == should).count();
        open.drain(shared..).rev().for_each(|around| html.push_str(end(around)));
        for around in wanted.into_iter().skip(shared) {
            start(around, site, &mut html);
            open.push(around);
        }
        html.push_str(&escaped(&span.text).replace('\n', "<br>"));
    }
    open.into_iter().rev().for_each(|around| html.push_str(end(around)));
    html
}

fn start(around: Around<'_>, site: &str, html: &mut String) {
    match around {
        Around::Link(link) => anchor(link, site, html),
        Around::Mark(mark) => html.push_str(&format!("<{}>", tag(mark))),
    }
}

fn end(around: Around<'_>) -> &'static str {
    match around {
        Around::Link(_) => "</a>",
        Around::Mark(Mark::Code) => "</code>",
        Around::Mark(Mark::Em) => "</em>",
        Around::Mark(Mark::Strike) => "</s>",
        Around::Mark(Mark::Strong) => "</strong>",
        Around::Mark(Mark::Sub) => "</sub>",
        Around::Mark(Mark::Sup) => "</sup>",
        Around::Mark(Mark::Underline) => "</u>",
    }
}

pub(in crate::exchange) fn tag(mark: Mark) -> &'static str {
    match mark {
        Mark::Code => "code",
        Mark::Em => "em",
        Mark::Strike => "s",
        Mark::Strong => "strong",
        Mark::Sub => "sub",
        Mark::Sup => "sup",
        Mark::Underline => "u",
    }
}

fn anchor(link: &Link, site: &str, html: &mut String) {
    let url = link.url.as_ref().map(crate::domain::web::LinkUrl::as_str);
    let href = attribute("href", url);
    let own = attribute("data-article-id", link.article_id.map(|id| id.to_string()).as_deref());
    let is_own = |url: &str| {
        let rest = url.strip_prefix(site);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    };
    let leaves = link.article_id.is_none() && url.is_some_and(|url| url.starts_with("http") && !is_own(url));
    let rel = attribute("rel", leaves.then_some(EXTERNAL));
    html.push_str(&format!("<a{href}{own}{rel}>"));
}

/// Text as HTML shows it, within elements and within quoted attributes.
pub(in crate::exchange) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
