//! Articles as readers see them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::filter::ListFilter;
use super::parts::{Face, Story};
use super::related::{Backlink, Includes};
use super::written::Leading;
use super::{Delivery, Places};
use crate::domain::body::BodyFormat;
use crate::domain::edition::{Summary, Translation};
use crate::domain::id::{ArticleId, EditionId, MediaId, ShortId, TranslationGroup};
use crate::domain::locale::Locale;
use crate::domain::open_graph::OpenGraph;
use crate::domain::page::{ByTime, Limit, Page, Place};
use crate::domain::printed::Printed;
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
    pub summary: Printed<Summary>,
    /// What is shown of it where it is shared.
    pub open_graph: Printed<OpenGraph>,
    /// The article in other languages, as far as it is live.
    pub translations: Vec<Printed<Translation>>,
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
    pub summary: Printed<Summary>,
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
            let faces = places
                .faces(conn, &rows)?
                .into_iter()
                .map(|face| face.summary().clone());
            let rows = rows.into_iter().zip(faces).collect();
            let page = Page::cut_both(rows, query.limit, &of, came, |(_, summary): &(_, Printed<Summary>)| {
                ByTime {
                    at: query.sort.key(summary),
                    id: summary.id.0,
                }
            });
            let mut related = HashMap::new();
            if query.include_related {
                let ids: Vec<EditionId> = page.items.iter().map(|(id, _)| *id).collect();
                let links = public::related(conn, &ids, moment)?;
                related = places.included(conn, &links)?;
            }
            let page = page.map(|(id, summary)| ListedArticle {
                summary,
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
                Some(Found::Live(edition)) => resolved(conn, &edition, &places, wanted, moment)?,
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
/// shows. An article without links or translations costs no look-up, and the blocks of one without links are sent as they were printed.
pub(super) fn resolved(
    conn: &mut PublicConn,
    edition: &LiveEdition,
    places: &Places,
    wanted: Wanted,
    moment: Moment,
) -> Result<PublishedArticle, Error> {
    let story = places.story(conn, edition, wanted.format)?;
    let shows_body = wanted.format != BodyFormat::None;
    // Where they lead is for the store to tell; that there are any is not: it forgets those whose targets were deleted for good.
    let shows_links = shows_body && story.body.links_to_articles();
    let shows_related = edition.has_related && (shows_body || wanted.include.related);
    let steady = !shows_links && !shows_related && !edition.was_translated && !wanted.include.backlinks;
    let targets = if shows_links {
        let of_one = public::link_targets(conn, &[story.id], moment)?;
        of_one.into_values().next().unwrap_or_default()
    } else {
        Vec::new()
    };
    let related = if shows_related {
        places.links(conn, story.id, moment)?
    } else {
        Arc::default()
    };
    let leads = Leads { targets, related };
    let since = steady.then(|| places.dated.since(edition.live_from));
    let whole = complete(conn, &story, leads, places, wanted, moment)?;
    Ok(PublishedArticle { since, ..whole })
}

/// Where the text and the related links of an edition lead, as far as they are shown.
pub(super) struct Leads {
    pub(super) targets: Vec<LinkTarget>,
    pub(super) related: Arc<[ShownLink]>,
}

/// Fills in all the rest.
pub(super) fn complete(
    conn: &mut PublicConn,
    story: &Story,
    leads: Leads,
    places: &Places,
    wanted: Wanted,
    moment: Moment,
) -> Result<PublishedArticle, Error> {
    let summary = story.face.summary();
    let shows_body = wanted.format != BodyFormat::None;
    let translations = translations(conn, story, places, moment)?;
    let backlinks = wanted
        .include
        .backlinks
        .then(|| places.backlinks(conn, summary.id, moment))
        .transpose()?;
    let targets = leads.targets.iter().map(|(id, _)| *id);
    let linked: BTreeSet<ArticleId> = targets
        .chain(leads.related.iter().filter_map(|one| one.link.target.article()))
        .collect();
    let in_body = |one: &ShownLink| shows_body && one.link.placement.in_body();
    let in_list = |one: &ShownLink| wanted.include.related && one.link.placement.in_list();
    let shown = leads.related.iter().filter(|one| in_body(one) || in_list(one));
    let cards = places.cards(conn, shown.collect())?;
    let listed = cards
        .iter()
        .filter(|(one, _)| in_list(one))
        .map(|(_, card)| card.clone());
    let related = wanted.include.related.then(|| listed.collect());
    let body = if shows_body {
        let cards = cards.into_iter().filter(|(one, _)| in_body(one));
        let leading = Leading::new(leads.targets, cards, places);
        leading.shown(&story.body, wanted.format)?
    } else {
        ShownBody::Absent
    };
    Ok(PublishedArticle {
        summary: summary.clone(),
        open_graph: story.open_graph.clone(),
        translations,
        body,
        since: None,
        translation_group: story.translation_group,
        media: if shows_body { story.media.clone() } else { Vec::new() },
        linked: linked.into_iter().collect(),
        related,
        backlinks,
        asked_by: None,
    })
}

/// The article in other languages, as far as it was live then.
fn translations(
    conn: &mut PublicConn,
    of: &Story,
    places: &Places,
    moment: Moment,
) -> Result<Vec<Printed<Translation>>, Error> {
    if !of.was_translated {
        return Ok(Vec::new());
    }
    let found = public::translations(conn, of.translation_group, of.face.summary().id, moment)?;
    Ok(places.faces(conn, &found)?.iter().map(Face::translation).collect())
}
