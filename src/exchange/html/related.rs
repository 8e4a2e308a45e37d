//! Related links in mid-body, out and back.

use super::flow::Walk;
use super::shown::picture;
use super::tree::Id;
use super::write::{EXTERNAL, attribute, element, escaped};
use std::collections::HashSet;

use crate::domain::body::{Block, RelatedArticle, RelatedList, WarningCode};
use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::related::RelatedCard;
use crate::domain::text::{LinkTitle, LinksTitle};
use crate::domain::web::WebUrl;

/// The classes of their elements.
const ARTICLE: &str = "related-article";
const LIST: &str = "related-list";
const LIST_TITLE: &str = "related-list-title";
const WITH_IMAGE: &str = "with-image";
/// Most characters of the words before a link.
const LEAD_IN: usize = 40;

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
        inner.push_str(&anchor(card, block.article_id, ""));
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
        .map(|card| {
            format!(
                "<li>{}</li>",
                anchor(card, None, &format!(" data-link-id=\"{}\"", card.id))
            )
        })
        .collect();
    element("ul", "", &items, &mut inner);
    element("aside", &format!("{id} class=\"{LIST}\""), &inner, html);
}

/// The words of a link, leading to its target where that has an address.
fn anchor(card: &RelatedCard, hidden: Option<ArticleId>, attributes: &str) -> String {
    let href = attribute("href", Some(card.url.as_str()).filter(|url| !url.is_empty()));
    let article = card.article.as_ref().map(|article| article.id).or(hidden);
    let article = article.map(|id| id.to_string());
    let own = attribute("data-article-id", article.as_deref());
    let rel = attribute("rel", (article.is_none() && !href.is_empty()).then_some(EXTERNAL));
    format!("<a{href}{own}{attributes}{rel}>{}</a>", escaped(&card.label))
}

/// The block that an element becomes, when it is one of these and holds nothing that the block could not.
pub(super) fn block(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let (is_article, is_list) = (walk.tree.has_class(id, ARTICLE), walk.tree.has_class(id, LIST));
    let made = match (is_article, is_list) {
        (true, _) => read_article(walk, id),
        (false, true) => read_list(walk, id),
        (false, false) => return None,
    };
    if made.is_none() {
        walk.warn(
            WarningCode::StructureFlattened,
            if is_article { ARTICLE } else { LIST },
            id,
        );
    }
    made
}

fn read_article(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let link_id = link_id(walk, id);
    let anchors = below(walk, id, "a");
    let anchor = anchors.first().copied();
    let words = anchor.map(|anchor| walk.raw_text(anchor)).unwrap_or_default();
    // Besides the words of the link there is what leads in to it, and no more.
    let whole = walk.raw_text(id);
    let lead_in = whole.trim().strip_suffix(words.trim()).map(str::trim)?;
    let is_lead_in = lead_in.is_empty() || (lead_in.ends_with(':') && lead_in.chars().count() <= LEAD_IN);
    if anchors.len() > 1 || !is_lead_in {
        return None;
    }
    let article_id = anchor
        .and_then(|anchor| walk.tree.attribute(anchor, "data-article-id"))
        .and_then(|text| ArticleId::parse(text).ok());
    let elsewhere = anchor.filter(|_| article_id.is_none());
    let url = elsewhere
        .and_then(|anchor| walk.tree.attribute(anchor, "href"))
        .and_then(|href| WebUrl::parse(href).ok());
    let title = elsewhere.and_then(|_| LinkTitle::parse(&words).ok());
    let leads = link_id.is_some() || article_id.is_some() || (url.is_some() && title.is_some());
    let show_image = walk.tree.has_class(id, WITH_IMAGE);
    leads.then(|| RelatedArticle::make(link_id, article_id, url, title, show_image, None).into())
}

fn read_list(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let (mut link_ids, mut seen) = (Vec::new(), HashSet::new());
    let anchors = below(walk, id, "a");
    let title = below(walk, id, "h3").into_iter().next();
    let mut words = title.map(|title| walk.raw_text(title)).unwrap_or_default();
    for anchor in anchors {
        // One that names no link would be lost in a list of links.
        let link = link_id(walk, anchor)?;
        words.push_str(&walk.raw_text(anchor));
        if seen.insert(link) {
            link_ids.push(link);
        }
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    if bare(&words) != bare(&walk.raw_text(id)) || link_ids.len() > RelatedList::MAX_LINKS {
        return None;
    }
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
