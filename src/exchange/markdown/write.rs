//! Blocks to Markdown.

use super::inline::{Place, inline, is_plain, picture};
use crate::domain::body::{
    Block, Body, Cell, CodeBlock, Embed, FactBox, Gallery, GalleryItem, Heading, Image, Link, List, ListItem,
    Paragraph, PullQuote, Quote, RelatedArticle, Span, Table,
};
use crate::domain::id::MediaId;
use crate::domain::media::MediaCard;
use crate::domain::text::{AltText, GalleryTitle};
use crate::domain::web::LinkUrl;
use crate::exchange::html::{self, escaped, split};

/// A body as Markdown. Links to articles and media need their addresses filled in before.
pub fn write(body: &Body) -> String {
    let mut text = blocks(body.blocks());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn blocks(blocks: &[Block]) -> String {
    let mut parts: Vec<String> = Vec::with_capacity(blocks.len());
    // Two lists in a row are told apart by their signs.
    let mut other_sign = false;
    let mut before: Option<&List> = None;
    for block in blocks {
        let part = match block {
            Block::List(list) => {
                let follows = before.is_some_and(|last| last.ordered == list.ordered);
                other_sign = follows && !other_sign;
                before = Some(list);
                parts.push(items(list.ordered, &list.items, other_sign));
                continue;
            }
            Block::Paragraph(Paragraph { text, .. }) => inline(text, Place::Prose),
            Block::Heading(block) => heading(block),
            Block::Quote(block) => quote(block),
            Block::PullQuote(block) => pull_quote(block),
            Block::Embed(block) => embed(block),
            Block::Table(block) => table(block),
            Block::FactBox(block) => fact_box(block),
            Block::CodeBlock(block) => code(block),
            Block::Divider(_) => "---".to_owned(),
            Block::Image(block) => image(block),
            Block::Gallery(block) => gallery(block),
            Block::Video(block) => as_html(|html| html::video(block, "", html)),
            Block::Audio(block) => as_html(|html| html::audio(block, "", html)),
            Block::RelatedArticle(block) => related_article(block),
            Block::RelatedList(block) => as_html(|html| html::related_list(block, "", html)),
        };
        before = None;
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts.join("\n\n")
}

fn heading(block: &Heading) -> String {
    let level = usize::from(block.level.get());
    format!("{} {}", "#".repeat(level), inline(&block.text, Place::Line))
}

fn paragraphs(spans: &[Span]) -> String {
    let all: Vec<String> = split(spans).iter().map(|spans| inline(spans, Place::Prose)).collect();
    all.join("\n\n")
}

/// The same text with something before each line.
fn before_lines(text: &str, first: &str, others: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let start = if at == 0 { first } else { others };
        out.push_str(if line.is_empty() { start.trim_end() } else { start });
        out.push_str(line);
    }
    out
}

fn quote(block: &Quote) -> String {
    let text = paragraphs(&block.text);
    let said = block.attribution.as_ref().map(crate::domain::text::Attribution::as_str);
    match (&block.url, said) {
        (None, None) => before_lines(&text, "> ", "> "),
        (None, Some(_)) => figure("quote", &before_lines(&text, "> ", "> "), said),
        (Some(url), _) => {
            let cite = escaped(url.as_str());
            let quoted = format!("<blockquote cite=\"{cite}\">\n\n{text}\n\n</blockquote>");
            match said {
                None => quoted,
                Some(_) => figure("quote", &quoted, said),
            }
        }
    }
}

fn pull_quote(block: &PullQuote) -> String {
    let text = before_lines(&paragraphs(&block.text), "> ", "> ");
    figure(
        "pull-quote",
        &text,
        block.attribution.as_ref().map(crate::domain::text::Attribution::as_str),
    )
}

/// A figure around Markdown, with what it shows or who said it.
fn figure(class: &str, inner: &str, caption: Option<&str>) -> String {
    let caption = caption.map_or_else(String::new, |text| {
        format!("<figcaption>{}</figcaption>\n\n", escaped(text))
    });
    format!("<figure class=\"{class}\">\n\n{inner}\n\n{caption}</figure>")
}

fn items(ordered: bool, items: &[ListItem], other_sign: bool) -> String {
    let mut lines = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let sign = match (ordered, other_sign) {
            (true, false) => format!("{}.", at + 1),
            (true, true) => format!("{})", at + 1),
            (false, false) => "-".to_owned(),
            (false, true) => "*".to_owned(),
        };
        let indent = " ".repeat(sign.len() + 1);
        let text = paragraphs(&item.text);
        let mut part = before_lines(&text, &format!("{sign} "), &indent);
        if let Some(list) = &item.list {
            let below = self::items(list.ordered, &list.items, false);
            part.push('\n');
            part.push_str(&before_lines(&below, &indent, &indent));
        }
        lines.push(part);
    }
    lines.join("\n")
}

fn embed(block: &Embed) -> String {
    let (url, provider) = (escaped(block.url.as_str()), block.provider.as_str());
    let words = block
        .title
        .as_ref()
        .map_or(url.clone(), |title| escaped(title.as_str()));
    format!("<figure class=\"embed\" data-provider=\"{provider}\"><a href=\"{url}\">{words}</a></figure>")
}

fn table(block: &Table) -> String {
    let columns = block.columns();
    let line = |cells: &[Cell]| {
        let cells: Vec<String> = cells.iter().map(|cell| inline(&cell.text, Place::Cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let header = if block.header.is_empty() {
        line(&vec![Cell::default(); columns])
    } else {
        line(&block.header)
    };
    let rule = format!("|{}", " --- |".repeat(columns));
    let rows = block.rows.iter().map(|cells| line(cells));
    let table = [header, rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n");
    match &block.caption {
        None => table,
        Some(caption) => figure("table", &table, Some(caption.as_str())),
    }
}

fn fact_box(block: &FactBox) -> String {
    let title = escaped(block.title.as_str());
    let inner = blocks(&block.blocks);
    let inner = if inner.is_empty() {
        inner
    } else {
        format!("{inner}\n\n")
    };
    format!("<aside class=\"fact-box\">\n<h3 class=\"fact-box-title\">{title}</h3>\n\n{inner}</aside>")
}

fn code(block: &CodeBlock) -> String {
    let longest = block.text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let language = block.language.as_ref().map_or("", |name| name.as_str());
    format!("{fence}{language}\n{}\n{fence}", block.text)
}

/// A line of its own with its words before it, which is how it is found when it comes back; HTML where there is more to it.
fn related_article(block: &RelatedArticle) -> String {
    let card = block
        .link
        .as_deref()
        .filter(|card| !block.show_image && !card.url.is_empty());
    let Some(card) = card else {
        return as_html(|html| html::related_article(block, "", html));
    };
    let words = Span {
        link: LinkUrl::parse(&card.url).ok().map(Link::to),
        ..Span::plain(card.label.as_str())
    };
    inline(
        &[Span::plain(format!("{}: ", card.kind.lead_in())), words],
        Place::Prose,
    )
}

fn as_html(write: impl FnOnce(&mut String)) -> String {
    let mut html = String::new();
    write(&mut html);
    html
}

/// A picture alone where nothing stands under it, and in a figure else.
fn image(block: &Image) -> String {
    let caption = html::caption(block.caption.as_ref(), block.credit.as_ref());
    let size = html::size(block.size);
    let alone = alone(block.media_id, block.media.as_deref(), block.alt.as_ref());
    if caption.is_empty() && size.is_none() {
        return alone;
    }
    let size = size.map_or_else(String::new, |size| format!(" data-size=\"{size}\""));
    captioned(&format!(" class=\"image\"{size}"), &alone, &caption)
}

fn gallery(block: &Gallery) -> String {
    let item = |item: &GalleryItem| {
        let caption = html::caption(item.caption.as_ref(), item.credit.as_ref());
        let alone = alone(item.media_id, item.media.as_deref(), item.alt.as_ref());
        if caption.is_empty() {
            alone
        } else {
            captioned("", &alone, &caption)
        }
    };
    let items: Vec<String> = block.items.iter().map(item).collect();
    figure(
        "gallery",
        &items.join("\n\n"),
        block.title.as_ref().map(GalleryTitle::as_str),
    )
}

fn captioned(attributes: &str, inner: &str, caption: &str) -> String {
    let caption = if caption.is_empty() {
        String::new()
    } else {
        format!("{caption}\n\n")
    };
    format!("<figure{attributes}>\n\n{inner}\n\n{caption}</figure>")
}

/// A picture by Markdown's own sign, where its address tells which it is.
fn alone(media_id: MediaId, media: Option<&MediaCard>, alt: Option<&AltText>) -> String {
    let source = media.and_then(|card| card.src.as_deref()).filter(|url| is_plain(url));
    match source {
        Some(url) => picture(alt.map_or("", AltText::as_str), url),
        None => html::picture(media_id, media, alt),
    }
}
