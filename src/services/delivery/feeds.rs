//! What is new, for programs that follow the site or a section of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::written::{Leading, Written};
use super::{Delivery, Places};
use crate::domain::correction::PublicCorrection;
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, EditionId, MediaId, SectionId};
use crate::domain::media::RenditionFormat;
use crate::domain::printed::Printed;
use crate::domain::section::Section;
use crate::domain::shelf::ArticleSort;
use crate::domain::slug::Slug;
use crate::domain::time::Moment;
use crate::feeds::{self, Author, Feed, Image, Item};
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public::{self, Asked, PublicFilter};

/// Stories of a feed.
const ITEMS: usize = 50;
/// In pixels: the widest picture that a reader of feeds is sent.
const WIDEST: u32 = 1280;
/// Bytes of bodies, as they are kept, that come whole; the first always does.
const WHOLE: i32 = 2 * 1024 * 1024;

/// What a feed is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedName {
    All,
    /// With the sections below it.
    Section(Slug),
}

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedForm {
    Rss,
    Atom,
    Json,
}

/// A feed as it is sent.
#[derive(Debug)]
pub struct PublishedFeed {
    pub text: String,
    /// What it is of, where that is a section.
    pub section: Option<SectionId>,
    /// What it shows, the last published first.
    pub shown: Vec<ShownStory>,
}

/// A story of a feed, and what else it shows.
#[derive(Debug)]
pub struct ShownStory {
    pub summary: Printed<Summary>,
    pub media: Vec<MediaId>,
    /// The articles that its text and its related links lead to, live or not.
    pub linked: Vec<ArticleId>,
}

impl Delivery {
    /// The last stories of the site, or of a section, with their whole texts. `path` is where the feed itself is found.
    ///
    /// # Errors
    /// `NotFound` for a section that is not there.
    pub async fn feed(&self, name: FeedName, form: FeedForm, path: &str) -> Result<PublishedFeed, Error> {
        let places = Arc::clone(&self.absolute);
        let address = places.site.canonical(path);
        let read = move |conn: &mut PublicConn| {
            let (title, section, filter) = about(conn, name, &places)?;
            let (items, shown) = items(conn, &filter, &places)?.into_iter().unzip();
            let feed = Feed {
                title,
                description: section
                    .as_ref()
                    .and_then(|one| Some(one.description.as_ref()?.as_str().to_owned())),
                home: places.site.canonical("/"),
                address,
                language: places.site.locale.as_str().to_owned(),
                items,
            };
            let text = match form {
                FeedForm::Rss => feeds::rss(&feed),
                FeedForm::Atom => feeds::atom(&feed),
                FeedForm::Json => feeds::json(feed)?,
            };
            let section = section.map(|one| one.id);
            Ok(PublishedFeed { text, section, shown })
        };
        self.store.read(read).await
    }
}

/// What the feed is called, and what is in it.
fn about(
    conn: &mut PublicConn,
    name: FeedName,
    places: &Places,
) -> Result<(String, Option<Section>, PublicFilter), Error> {
    let site = &places.site.name;
    let FeedName::Section(slug) = name else {
        return Ok((site.clone(), None, PublicFilter::default()));
    };
    let all = public::sections(conn)?;
    let section = all
        .iter()
        .find(|section| section.slug == slug)
        .ok_or(Refusal::NotFound)?;
    let filter = PublicFilter {
        sections: vec![section.id],
        ..PublicFilter::default()
    };
    let title = format!("{} | {site}", section.name.as_str());
    Ok((title, Some(section.clone()), filter))
}

fn items(conn: &mut PublicConn, filter: &PublicFilter, places: &Places) -> Result<Vec<(Item, ShownStory)>, Error> {
    let asked = Asked {
        sort: ArticleSort::Newest,
        from: None,
        limit: ITEMS,
    };
    let listed = public::list(conn, filter, &asked)?;
    let ids = within(&listed, &public::body_bytes(conn, &listed)?);
    let opened = places.opened(conn, &ids)?;
    // They are the first.
    let rest = listed.get(ids.len()..).unwrap_or_default();
    let rest = places.faces(conn, rest)?.into_iter();
    let mut targets = public::link_targets(conn, &ids, Moment::Now)?;
    let related = public::related(conn, &ids, Moment::Now)?;
    let in_bodies = related.values().flatten().filter(|one| one.link.placement.in_body());
    let mut cards: HashMap<EditionId, Vec<_>> = HashMap::new();
    for (one, card) in places.cards(conn, in_bodies.collect())? {
        cards.entry(one.edition).or_default().push((one, card));
    }
    let mut items = Vec::with_capacity(listed.len());
    for (id, (face, body)) in ids.into_iter().zip(opened) {
        let links = related.get(&id).map(Vec::as_slice).unwrap_or_default();
        let targets = targets.remove(&id).unwrap_or_default();
        let linked = targets.iter().map(|(article, _)| *article);
        let linked = linked.chain(links.iter().filter_map(|one| one.link.target.article()));
        let written = Written::new(body, places);
        let shown = ShownStory {
            media: written.media(),
            linked: linked.collect(),
            summary: face.summary().clone(),
        };
        let html = Leading::new(targets, cards.remove(&id).unwrap_or_default(), places).html(&written)?;
        items.push((item(&shown.summary, Some(html)), shown));
    }
    items.extend(rest.map(|face| {
        let shown = ShownStory {
            media: Vec::new(),
            linked: Vec::new(),
            summary: face.summary().clone(),
        };
        (item(&shown.summary, None), shown)
    }));
    Ok(items)
}

/// The first of them whose bodies are not too much together.
fn within(ids: &[EditionId], bytes: &HashMap<EditionId, i32>) -> Vec<EditionId> {
    let mut left = WHOLE;
    let fits = ids.iter().enumerate().take_while(|(at, id)| {
        left = left.saturating_sub(bytes.get(id).copied().unwrap_or(0));
        *at == 0 || left >= 0
    });
    fits.map(|(_, id)| *id).collect()
}

fn item(summary: &Summary, html: Option<String>) -> Item {
    let section = summary.section.iter().map(|section| section.name.as_str().to_owned());
    let tags = summary.tags.iter().map(|tag| tag.name.as_str().to_owned());
    Item {
        id: summary.id,
        url: summary.canonical_url.clone(),
        title: summary.headline.as_str().to_owned(),
        summary: summary.deck.as_ref().map(|deck| deck.as_str().to_owned()),
        html,
        notes: summary.corrections.iter().map(note).collect(),
        authors: authors(summary),
        categories: section.chain(tags).collect(),
        image: image(summary),
        language: summary.locale.as_str().to_owned(),
        published_at: summary.published_at,
        updated_at: summary.updated_at,
    }
}

fn note(correction: &PublicCorrection) -> String {
    let (kind, text) = (correction.kind.label(), correction.text.as_str());
    format!("{kind} ({}): {text}", correction.created_at.date())
}

/// Those that the byline names, or else what it says, or else who supplied the story.
fn authors(summary: &Summary) -> Vec<Author> {
    let byline = &summary.byline;
    let named = |name: &str| Author {
        name: name.to_owned(),
        url: None,
    };
    if !byline.contributors.is_empty() {
        let each = byline.contributors.iter().map(|entry| Author {
            name: entry.name.as_str().to_owned(),
            url: entry.url.as_ref().map(|url| url.as_str().to_owned()),
        });
        return each.collect();
    }
    let text = byline.text.as_deref().map(named);
    let supplier = || summary.distributor.as_ref().map(|one| named(one.name.as_str()));
    text.or_else(supplier).into_iter().collect()
}

fn image(summary: &Summary) -> Option<Image> {
    let lead = summary.lead_media.as_ref()?;
    let jpegs = lead
        .media
        .renditions
        .iter()
        .filter(|one| one.format == RenditionFormat::Jpeg);
    let widest = jpegs.filter(|one| one.width <= WIDEST).max_by_key(|one| one.width)?;
    Some(Image {
        url: widest.url.clone(),
        mime: "image/jpeg",
        width: Some(widest.width),
        height: Some(widest.height),
        alt: lead.alt.as_ref().map(|text| text.as_str().to_owned()),
        credit: lead.credit.as_ref().map(|text| text.as_str().to_owned()),
    })
}
