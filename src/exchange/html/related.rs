//! Related links in mid-body, out and back.

use super::flow::Walk;
use super::inline::{Role, role};
use super::media;
use super::shown::picture;
use super::tree::{Id, Kind};
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
    if made.is_some() {
        for anchor in below(walk, id, "a") {
            walk.handlers(anchor);
        }
    } else {
        walk.warn(
            WarningCode::StructureFlattened,
            if is_article { ARTICLE } else { LIST },
            id,
        );
    }
    made
}

fn read_article(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let show_image = walk.tree.has_class(id, WITH_IMAGE);
    let (link_id, anchors) = (link_id(walk, id), below(walk, id, "a"));
    let anchor = anchors.first().copied();
    let words = anchor.map_or(Some(String::new()), |anchor| words(walk, anchor, show_image))?;
    // Besides the words of the link there is what leads in to it, and no more.
    let whole = self::words(walk, id, show_image)?;
    let lead_in = whole.strip_suffix(words.as_str()).map(str::trim)?;
    let is_lead_in = lead_in.is_empty() || (lead_in.ends_with(':') && lead_in.chars().count() <= LEAD_IN);
    if anchors.len() > 1 || !is_lead_in {
        return None;
    }
    let attribute = |name| anchor.and_then(|anchor| walk.tree.attribute(anchor, name));
    let article_id = attribute("data-article-id").and_then(|text| ArticleId::parse(text).ok());
    let url = attribute("href").filter(|_| article_id.is_none());
    let url = url.and_then(|href| WebUrl::parse(href).ok());
    let title = url.as_ref().and_then(|_| LinkTitle::parse(&words).ok());
    let leads = link_id.is_some() || article_id.is_some() || title.is_some();
    leads.then(|| RelatedArticle::make(link_id, article_id, url, title, show_image, None).into())
}

fn read_list(walk: &mut Walk<'_>, id: Id) -> Option<Block> {
    let (mut link_ids, mut seen) = (Vec::new(), HashSet::new());
    let title = below(walk, id, "h3").into_iter().next();
    let title = title.map_or(Some(String::new()), |title| words(walk, title, false))?;
    let mut said = title.clone();
    for anchor in below(walk, id, "a") {
        // One that names no link would be lost in a list of links.
        let link = link_id(walk, anchor)?;
        said.push_str(&words(walk, anchor, false)?);
        if seen.insert(link) {
            link_ids.push(link);
        }
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let is_all = bare(&said) == bare(&words(walk, id, false)?);
    let fits = is_all && (1..=RelatedList::MAX_LINKS).contains(&link_ids.len());
    fits.then(|| RelatedList::make(LinksTitle::parse(&title).ok(), link_ids, Vec::new()).into())
}

/// The words of an element in one line; `None` where it holds more than words and, with `image`, a picture of ours.
fn words(walk: &mut Walk<'_>, id: Id, image: bool) -> Option<String> {
    let mut text = String::new();
    gather(walk, id, image, &mut text).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn gather(walk: &mut Walk<'_>, id: Id, image: bool, into: &mut String) -> bool {
    let children: Vec<Id> = walk.tree.children(id).collect();
    children.into_iter().all(|child| {
        if let Some(Kind::Text(text)) = walk.tree.node(child).map(|node| &node.kind) {
            into.push_str(text);
            return true;
        }
        match walk.name(child).map(role) {
            Some(Role::Break) => into.push(' '),
            Some(Role::Dropped) => return image && media::is_own(walk.tree, child),
            Some(Role::Inline) => return gather(walk, child, image, into),
            Some(Role::Block) => {
                into.push(' ');
                let fits = gather(walk, child, image, into);
                into.push(' ');
                return fits;
            }
            // A comment is told of where the whole is taken apart.
            None => return false,
        }
        true
    })
}

fn link_id(walk: &Walk<'_>, id: Id) -> Option<RelatedLinkId> {
    RelatedLinkId::parse(walk.tree.attribute(id, "data-link-id")?).ok()
}

/// The elements of a name somewhere below, in their order; such an element is small, and is not entered further.
fn below(walk: &Walk<'_>, id: Id, name: &str) -> Vec<Id> {
    let mut found = Vec::new();
    let mut open: Vec<Id> = vec![id];
    while let Some(at) = open.pop() {
        if at != id && walk.name(at) == Some(name) {
            found.push(at);
            continue;
        }
        let children: Vec<Id> = walk.tree.children(at).collect();
        open.extend(children.into_iter().rev());
    }
    found
}
