//! Related links in mid-body, out and back.

use super::flow::Walk;
use super::shown::picture;
use super::tree::Id;
use super::write::{EXTERNAL, attribute, element, escaped};
use crate::domain::body::{Block, RelatedArticle, RelatedList};
use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::related::RelatedCard;
use crate::domain::text::{LinkTitle, LinksTitle};
use crate::domain::web::WebUrl;

/// The classes of their elements.
const ARTICLE: &str = "related-article";
const LIST: &str = "related-list";
const LIST_TITLE: &str = "related-list-title";
const WITH_IMAGE: &str = "with-image";

/// A link in a line of its own, with the target's lead picture where that is wanted. Nothing where nobody filled it in.
pub(in crate::exchange) fn article(block: &RelatedArticle, id: &str, html: &mut String) {
    let link_id = attribute("data-link-id", block.link_id.map(|id| id.to_string()).as_deref());
    let class = if block.show_image {
        format!("{ARTICLE} {WITH_IMAGE}")
    } else {
        ARTICLE.to_owned()
    };
    let mut inner = String::new();
    if let Some(card) = block.link.as_deref() {
        let lead = card.article.as_ref().and_then(|article| article.lead_media.as_ref());
        if let Some(lead) = lead.filter(|_| block.show_image) {
            inner.push_str(&picture(lead.media_id, Some(&lead.media), lead.alt.as_ref()));
        }
        inner.push_str(&format!("{}: ", card.kind.lead_in()));
        inner.push_str(&anchor(card, ""));
    }
    element("aside", &format!("{id} class=\"{class}\"{link_id}"), &inner, html);
}

/// Several links in mid-body.
pub(in crate::exchange) fn list(block: &RelatedList, id: &str, html: &mut String) {
    let mut inner = String::new();
    if let Some(title) = &block.title {
        element(
            "h3",
            &format!(" class=\"{LIST_TITLE}\""),
            &escaped(title.as_str()),
            &mut inner,
        );
    }
    let items: String = block
        .links
        .iter()
        .map(|card| format!("<li>{}</li>", anchor(card, &format!(" data-link-id=\"{}\"", card.id))))
        .collect();
    element("ul", "", &items, &mut inner);
    element("aside", &format!("{id} class=\"{LIST}\""), &inner, html);
}

/// The words of a link, leading to its target where that has an address.
fn anchor(card: &RelatedCard, attributes: &str) -> String {
    let href = attribute("href", Some(card.url.as_str()).filter(|url| !url.is_empty()));
    let article = card.article.as_ref().map(|article| article.id.to_string());
    let own = attribute("data-article-id", article.as_deref());
    let rel = attribute("rel", (card.article.is_none() && !href.is_empty()).then_some(EXTERNAL));
    format!("<a{href}{own}{attributes}{rel}>{}</a>", escaped(&card.label))
}

/// The block that an element becomes, when it is one of these.
pub(super) fn block(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    if walk.tree.has_class(id, ARTICLE) {
        return read_article(walk, id);
    }
    walk.tree.has_class(id, LIST).then(|| read_list(walk, id)).flatten()
}

fn read_article(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let link_id = link_id(walk, id);
    let anchor = below(walk, id, "a").into_iter().next();
    let article_id = anchor
        .and_then(|anchor| walk.tree.attribute(anchor, "data-article-id"))
        .and_then(|text| ArticleId::parse(text).ok());
    let elsewhere = anchor.filter(|_| article_id.is_none());
    let url = elsewhere
        .and_then(|anchor| walk.tree.attribute(anchor, "href"))
        .and_then(|href| WebUrl::parse(href).ok());
    let title = elsewhere.and_then(|anchor| LinkTitle::parse(&walk.line_of(anchor)).ok());
    let leads = link_id.is_some() || article_id.is_some() || (url.is_some() && title.is_some());
    let show_image = walk.tree.has_class(id, WITH_IMAGE);
    leads.then(|| RelatedArticle::make(link_id, article_id, url, title, show_image, None).into())
}

fn read_list(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let mut link_ids = Vec::new();
    for anchor in below(walk, id, "a") {
        link_ids.extend(link_id(walk, anchor).filter(|id| !link_ids.contains(id)));
    }
    let title = below(walk, id, "h3").into_iter().next();
    let title = title.and_then(|title| LinksTitle::parse(&walk.line_of(title)).ok());
    (!link_ids.is_empty()).then(|| RelatedList::make(title, link_ids, Vec::new()).into())
}

fn link_id(walk: &Walk<'_>, id: Id) -> Option<RelatedLinkId> {
    RelatedLinkId::parse(walk.tree.attribute(id, "data-link-id")?).ok()
}

/// The elements of a name somewhere below, in their order; such an element is small, and is not entered further.
fn below(walk: &Walk<'_>, id: Id, name: &str) -> Vec<Id> {
    let mut found = Vec::new();
    let mut open: Vec<Id> = vec![id];
    while let Some(at) = open.pop() {
        if at != id && walk.name(at).as_deref() == Some(name) {
            found.push(at);
            continue;
        }
        let children: Vec<Id> = walk.tree.children(at).collect();
        open.extend(children.into_iter().rev());
    }
    found
}
