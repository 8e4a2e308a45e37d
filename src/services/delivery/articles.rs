//! Articles as readers see them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::value::RawValue;

use super::filter::ListFilter;
use super::related::{Backlink, INCLUDED, Includes};
use super::{Delivery, Places};
use crate::domain::body::{Body, BodyFormat, WrittenBody};
use crate::domain::edition::{Summary, Translation};
use crate::domain::id::{ArticleId, EditionId, MediaId, RelatedLinkId, ShortId, TranslationGroup};
use crate::domain::locale::Locale;
use crate::domain::media::MediaCard;
use crate::domain::open_graph::OpenGraph;
use crate::domain::page::{ByTime, Limit, Page, Place};
use crate::domain::related::RelatedCard;
use crate::domain::shelf::ArticleSort;
use crate::domain::slug::Slug;
use crate::domain::time::{Moment, Timestamp};
use crate::services::reading::place;
use crate::services::{Error, Refusal, ShownBody};
use crate::store::PublicConn;
use crate::store::public::{self, Asked, Found, LinkTarget, LiveEdition, ShownLink};

/// A live edition, page-complete.
#[derive(Debug)]
pub struct PublishedArticle {
    pub summary: Summary,
    /// What is shown of it where it is shared.
    pub open_graph: OpenGraph,
    /// The article in other languages, as far as it is live.
    pub translations: Vec<Translation>,
    /// In the form that it was asked for, with the addresses of linked articles filled in.
    pub body: ShownBody,
    /// Since when it looks like this; `None` where it shows links or translations, which come and go by themselves.
    pub since: Option<Timestamp>,
    pub translation_group: TranslationGroup,
    /// The media that its body shows.
    pub media: Vec<MediaId>,
    /// The articles that its text and its related links lead to, live or not.
    pub linked: Vec<ArticleId>,
    /// The related links of its list, where they were asked for.
    pub related: Option<Vec<RelatedCard>>,
    /// The first of what links to it, where that was asked for.
    pub backlinks: Option<Vec<Backlink>>,
    /// The slug that it was asked for by, which another article may have tomorrow.
    pub asked_by: Option<Slug>,
}

/// What an article is asked with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub format: BodyFormat,
    pub include: Includes,
}

/// An article of a list.
#[derive(Debug)]
pub struct ListedArticle {
    pub summary: Summary,
    /// The related links of its list, where they were asked for.
    pub related: Option<Vec<RelatedCard>>,
}

/// What a list of articles is asked for.
#[derive(Debug, Clone)]
pub struct ArticleQuery {
    pub filter: ListFilter,
    pub sort: ArticleSort,
    /// As readers saw it then.
    pub as_of: Option<Timestamp>,
    pub count: bool,
    pub include_related: bool,
    pub limit: Limit,
    pub cursor: Option<String>,
}

impl Delivery {
    /// What `make` makes of a page of live articles, on the thread that reads them.
    ///
    /// # Errors
    /// `Parameter` for a section, a tag or a contributor that is not there, and for a moment to come; `BadCursor`.
    pub async fn articles<T: Send + 'static>(
        &self,
        query: ArticleQuery,
        make: impl FnOnce(Page<ListedArticle>) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let moment = self.moment(query.as_of)?;
        let of = format!("published {:?} {:?} as of {moment:?}", query.filter, query.sort);
        let from: Option<Place<ByTime>> = place(&of, query.cursor.as_deref())?;
        let came = from.as_ref().map(|place| place.way);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let Some(filter) = query.filter.found(conn, moment)? else {
                let total = query.count.then_some(0);
                return Ok(Page { total, ..Page::empty() });
            };
            let asked = Asked {
                sort: query.sort,
                from,
                limit: query.limit.get() + 1,
            };
            let rows = public::list(conn, &filter, &asked)?;
            let page = Page::cut_both(rows, query.limit, &of, came, |(_, summary): &(EditionId, Summary)| {
                ByTime {
                    at: query.sort.key(summary),
                    id: summary.id.0,
                }
            });
            let mut links = HashMap::new();
            if query.include_related {
                let ids: Vec<EditionId> = page.items.iter().map(|(id, _)| *id).collect();
                links = public::related(conn, &ids, moment)?;
            }
            let mut related: HashMap<EditionId, Vec<RelatedCard>> = HashMap::new();
            for (id, links) in &links {
                related.insert(*id, places.listed(links, INCLUDED)?);
            }
            let page = page.map(|(id, summary)| ListedArticle {
                summary: places.addressed(summary),
                related: query.include_related.then(|| related.remove(&id).unwrap_or_default()),
            });
            let total = query.count.then(|| public::count(conn, &filter)).transpose()?;
            Ok::<_, Error>(Page { total, ..page })
        };
        self.store.read_and(read, make).await
    }

    /// What `make` makes of the live article of this id, short id or slug, on the thread that reads it; with `as_of` of the one that
    /// was live then.
    ///
    /// # Errors
    /// `NotFound` when there was never one; `Gone` when there was and none is live; `Parameter` for a moment to come.
    pub async fn article<T: Send + 'static>(
        &self,
        name: String,
        wanted: Wanted,
        as_of: Option<Timestamp>,
        make: impl FnOnce(PublishedArticle) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.article_at(Arc::clone(&self.places), name, wanted, as_of, make)
            .await
    }

    /// The same, with the addresses of these places.
    pub(super) async fn article_at<T: Send + 'static>(
        &self,
        places: Arc<Places>,
        name: String,
        wanted: Wanted,
        as_of: Option<Timestamp>,
        make: impl FnOnce(PublishedArticle) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let moment = self.moment(as_of)?;
        let read = move |conn: &mut PublicConn| {
            let (found, asked_by) = find(conn, &name, &places.site.locale, moment)?;
            let article = match found {
                Some(Found::Live(edition)) => resolved(conn, *edition, &places, wanted, moment)?,
                Some(Found::Gone(id)) => return Err(Refusal::Gone(public::retraction(conn, id, moment)?).into()),
                None => return Err(Refusal::NotFound.into()),
            };
            // What a slug leads to can become an older page again, so no date tells whether it is the same.
            let since = article.since.filter(|_| asked_by.is_none());
            Ok(PublishedArticle {
                since,
                asked_by,
                ..article
            })
        };
        self.store.read_and(read, make).await
    }
}

/// What a name leads to, and the slug where it is one. A short id wins over a slug that happens to look like one.
pub(super) fn find(
    conn: &mut PublicConn,
    name: &str,
    prefer: &Locale,
    moment: Moment,
) -> Result<(Option<Found>, Option<Slug>), Error> {
    if let Ok(id) = ArticleId::parse(name) {
        return Ok((public::edition_by_article(conn, id, moment)?, None));
    }
    if let Ok(short_id) = ShortId::parse(name) {
        if let Some(found) = public::edition_by_short_id(conn, &short_id, moment)? {
            return Ok((Some(found), None));
        }
    }
    match Slug::parse(name) {
        Ok(slug) => Ok((public::edition_by_slug(conn, &slug, prefer, moment)?, Some(slug))),
        Err(_) => Ok((None, None)),
    }
}

/// Fills in the translations of that moment, where links to other articles led, the related links, and the media that the body
/// shows. An article without links or translations costs no look-up, and the blocks of one without links or media are sent
/// as they were written.
pub(super) fn resolved(
    conn: &mut PublicConn,
    edition: LiveEdition,
    places: &Places,
    wanted: Wanted,
    moment: Moment,
) -> Result<PublishedArticle, Error> {
    let shows_body = wanted.format != BodyFormat::None;
    // Where they lead is for the store to tell; that there are any is not: it forgets those whose targets were deleted for good.
    let has_links = WrittenBody::new(&edition.body).links_to_articles();
    let shows_links = has_links && shows_body;
    let shows_related = edition.has_related && (shows_body || wanted.include.related);
    let steady = !shows_links && !shows_related && !edition.was_translated && !wanted.include.backlinks;
    let targets = if shows_links {
        let of_one = public::link_targets(conn, &[edition.edition_id], moment)?;
        of_one.into_values().next().unwrap_or_default()
    } else {
        Vec::new()
    };
    let related = if shows_related {
        let of_one = public::related(conn, &[edition.edition_id], moment)?;
        of_one.into_values().next().unwrap_or_default()
    } else {
        Vec::new()
    };
    let leads = Leads { targets, related };
    let since = steady.then(|| places.dated.since(edition.live_from));
    let whole = complete(conn, edition, leads, places, wanted, moment)?;
    Ok(PublishedArticle { since, ..whole })
}

/// Where the text and the related links of an edition lead, as far as they are shown.
pub(super) struct Leads {
    pub(super) targets: Vec<LinkTarget>,
    pub(super) related: Vec<ShownLink>,
}

/// Fills in all the rest.
pub(super) fn complete(
    conn: &mut PublicConn,
    edition: LiveEdition,
    leads: Leads,
    places: &Places,
    wanted: Wanted,
    moment: Moment,
) -> Result<PublishedArticle, Error> {
    let Leads { targets, related } = leads;
    let translations = translations(conn, &edition, places, moment)?;
    let backlinks = wanted
        .include
        .backlinks
        .then(|| places.backlinks(conn, edition.summary.id, moment))
        .transpose()?;
    let linked = targets.iter().map(|(id, _)| *id);
    let linked = linked.chain(related.iter().filter_map(|one| one.link.target.article()));
    let linked: BTreeSet<ArticleId> = linked.collect();
    let media = edition
        .media
        .iter()
        .map(|card| card.id)
        .filter(|_| wanted.format != BodyFormat::None)
        .collect();
    let summary = places.addressed(edition.summary);
    let open_graph = places.open_graph(&summary, &edition.body)?;
    let written = Written {
        body: edition.body,
        media: edition.media,
    };
    let body = written.shown(targets, &related, places, wanted.format)?;
    Ok(PublishedArticle {
        summary,
        open_graph,
        translations,
        body,
        since: None,
        translation_group: edition.translation_group,
        media,
        linked: linked.into_iter().collect(),
        related: wanted
            .include
            .related
            .then(|| places.listed(&related, usize::MAX))
            .transpose()?,
        backlinks,
        asked_by: None,
    })
}

/// The article in other languages, as far as it was live then.
fn translations(
    conn: &mut PublicConn,
    of: &LiveEdition,
    places: &Places,
    moment: Moment,
) -> Result<Vec<Translation>, Error> {
    if !of.was_translated {
        return Ok(Vec::new());
    }
    let mut found = public::translations(conn, of.translation_group, of.summary.id, moment)?;
    for one in &mut found {
        one.canonical_url = places.site.canonical(&one.path);
    }
    Ok(found)
}

/// The text of an edition in HTML, with all that it shows.
pub(super) fn html(
    edition: LiveEdition,
    targets: Vec<LinkTarget>,
    related: &[ShownLink],
    places: &Places,
) -> Result<String, Error> {
    let written = Written {
        body: edition.body,
        media: edition.media,
    };
    match written.shown(targets, related, places, BodyFormat::Html)? {
        ShownBody::Html(html) => Ok(html),
        _ => Ok(String::new()),
    }
}

/// A body as it was written at publish, and what it shows.
struct Written {
    body: Box<RawValue>,
    media: Vec<MediaCard>,
}

impl Written {
    /// The body with the addresses of the articles that it links to, its related links, and the media that it shows.
    fn shown(
        self,
        targets: Vec<LinkTarget>,
        related: &[ShownLink],
        places: &Places,
        format: BodyFormat,
    ) -> Result<ShownBody, Error> {
        let written = WrittenBody::new(&self.body);
        match format {
            BodyFormat::None => return Ok(ShownBody::Absent),
            BodyFormat::Blocks if !written.shows_more() => return Ok(ShownBody::Blocks(self.body)),
            _ => {}
        }
        let site = &places.site;
        let cards = self.media.into_iter().map(|card| (card.id, places.card(card)));
        let cards: HashMap<MediaId, MediaCard> = cards.collect();
        let mut links: HashMap<RelatedLinkId, RelatedCard> = HashMap::new();
        for one in related.iter().filter(|one| one.link.placement.in_body()) {
            links.extend(places.related(one)?.map(|card| (one.link.id, card)));
        }
        let paths: HashMap<_, _> = targets.into_iter().collect();
        let show = |body: &mut Body| {
            body.show_media(|id| cards.get(&id).cloned());
            body.show_related(|id| links.get(&id).cloned(), true);
            body.resolve_links(|id| paths.get(&id)?.as_ref().map(|path| site.canonical(path)));
        };
        if format == BodyFormat::Blocks {
            return Ok(ShownBody::Blocks(written.with(show)?));
        }
        let mut body: Body = serde_json::from_str(self.body.get())?;
        show(&mut body);
        ShownBody::new(&body, format, &site.url)
    }
}
