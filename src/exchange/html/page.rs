//! An article as a fragment of HTML: what stands around its body, and the body. Semantic, without styles and scripts; what each part is, its
//! class says.

use std::fmt::Write as _;

use super::shown::{caption, picture};
use super::write::{EXTERNAL, attribute, element, escaped};
use crate::domain::correction::PublicCorrection;
use crate::domain::edition::{BylineEntry, Summary};
use crate::domain::id::BlockId;
use crate::domain::media::{MediaKind, PublicMediaUse};
use crate::domain::related::RelatedCard;
use crate::domain::text::AltText;
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::exchange::page::Page;

/// The fragment: one `article`.
pub fn page(page: &Page<'_>) -> String {
    let summary = page.summary;
    let mut inner = String::from("\n");
    header(summary, &mut inner);
    if let Some(lead) = &summary.lead_media {
        figure(lead, &mut inner);
    }
    let mut body = String::new();
    if let Some(line) = summary.dateline.as_ref().and_then(|line| line.text.as_deref()) {
        line_of("dateline", line, &mut body);
    }
    body.push_str(page.html);
    block("div", "body", &format!("\n{body}\n"), &mut inner);
    for note in &summary.corrections {
        correction(note, &mut inner);
    }
    related(page.related, &mut inner);
    footer(summary, &mut inner);
    let attributes = [
        attribute("lang", Some(summary.locale.as_str())),
        // By its own letters, since a tag of a language does not tell.
        attribute("dir", Some("auto")),
        attribute("data-article-id", Some(&summary.id.to_string())),
        attribute("data-kind", Some(summary.kind.as_str())),
    ];
    let mut html = String::with_capacity(inner.len() + 200);
    element("article", &attributes.concat(), &inner, &mut html);
    html.push('\n');
    html
}

/// An element of a class, in lines of its own.
fn block(name: &str, class: &str, inner: &str, html: &mut String) {
    element(name, &attribute("class", Some(class)), inner, html);
    html.push('\n');
}

/// Words in an element of a class.
fn line_of(class: &str, words: &str, html: &mut String) {
    block("p", class, &lines(words), html);
}

fn lines(words: &str) -> String {
    escaped(words).replace('\n', "<br>")
}

fn header(summary: &Summary, html: &mut String) {
    let mut inner = String::from("\n");
    if let Some(kicker) = &summary.kicker {
        line_of("kicker", kicker.as_str(), &mut inner);
    }
    block("h1", "headline", &escaped(summary.headline.as_str()), &mut inner);
    if let Some(deck) = &summary.deck {
        line_of("deck", deck.as_str(), &mut inner);
    }
    byline(summary, &mut inner);
    let mut dates = time("published", summary.first_published_at);
    if summary.updated_at > summary.first_published_at {
        let _ = write!(dates, " {}", time("updated", summary.updated_at));
    }
    block("p", "dates", &dates, &mut inner);
    element("header", "", &inner, html);
    html.push('\n');
}

/// The text of the byline, and whom it names, each with an address where there is one.
fn byline(summary: &Summary, html: &mut String) {
    let byline = &summary.byline;
    if let Some(text) = &byline.text {
        line_of("byline", text, html);
    }
    let with_page: Vec<&BylineEntry> = byline.contributors.iter().filter(|one| one.url.is_some()).collect();
    if with_page.is_empty() {
        return;
    }
    let items = with_page.into_iter().map(|one| {
        let href = attribute("href", one.url.as_ref().map(WebUrl::as_str));
        let name = escaped(one.name.as_str());
        let role = attribute("data-role", Some(one.role.as_str()));
        format!("<li{role}><a{href} rel=\"author {EXTERNAL}\">{name}</a></li>")
    });
    block("ul", "contributors", &items.collect::<String>(), html);
}

fn time(class: &str, at: Timestamp) -> String {
    format!("<time class=\"{class}\" datetime=\"{at}\">{}</time>", at.date())
}

/// What opens the story. What cannot be shown is not.
fn figure(lead: &PublicMediaUse, html: &mut String) {
    let Some(src) = lead.media.src.as_deref() else {
        return;
    };
    let source = attribute("src", Some(src));
    let label = attribute("aria-label", lead.alt.as_ref().map(AltText::as_str));
    let mut inner = match lead.media.kind {
        MediaKind::Image => picture(lead.media_id, Some(&lead.media), lead.alt.as_ref()),
        MediaKind::Video => format!("<video controls preload=\"metadata\"{source}{label}></video>"),
        // Neither opens a story.
        MediaKind::Audio | MediaKind::Document => return,
    };
    inner.push_str(&caption(lead.caption.as_ref(), lead.credit.as_ref()));
    block("figure", "lead", &inner, html);
}

fn correction(note: &PublicCorrection, html: &mut String) {
    let kind = note.kind.label();
    let text = lines(note.text.as_str());
    let at = time("noted", note.created_at);
    let inner = format!("<p><strong>{kind}</strong> ({at}): {text}</p>");
    let of_block = attribute("data-about", note.block_id.as_ref().map(BlockId::as_str));
    let kind = attribute("data-kind", Some(note.kind.as_str()));
    element("aside", &format!(" class=\"correction\"{kind}{of_block}"), &inner, html);
    html.push('\n');
}

fn related(cards: &[RelatedCard], html: &mut String) {
    if cards.is_empty() {
        return;
    }
    let items = cards.iter().map(|card| {
        let href = attribute("href", Some(&card.url));
        let kind = attribute("data-kind", Some(card.kind.as_str()));
        let id = card.article.as_ref().map(|article| article.id.to_string());
        let own = attribute("data-article-id", id.as_deref());
        let rel = attribute("rel", id.is_none().then_some(EXTERNAL));
        let source = card.source.as_ref().map(|source| escaped(source.as_str()));
        let source = source.map_or_else(String::new, |source| format!(" <small>{source}</small>"));
        format!("<li{kind}><a{href}{own}{rel}>{}</a>{source}</li>", escaped(&card.label))
    });
    let list = format!("<ul>{}</ul>", items.collect::<Vec<_>>().join("\n"));
    block("aside", "related", &list, html);
}

/// Who supplied it, and where it first appeared.
fn footer(summary: &Summary, html: &mut String) {
    let mut inner = String::new();
    if let Some(from) = &summary.distributor {
        line_of("distributor", from.name.as_str(), &mut inner);
    }
    if let Some(url) = &summary.original_url {
        let url = escaped(url.as_str());
        let link = format!("<a href=\"{url}\" rel=\"{EXTERNAL}\">{url}</a>");
        block("p", "original", &link, &mut inner);
    }
    if !inner.is_empty() {
        element("footer", "", &format!("\n{inner}"), html);
        html.push('\n');
    }
}
