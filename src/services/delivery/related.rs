//! Related links as readers see them, from both ends. What they lead to is looked up at each read, so that a link shows its
//! target as it is now, and only while it is live.

use std::sync::Arc;

use super::articles::find;
use super::{Delivery, Places};
use crate::domain::id::ArticleId;
use crate::domain::page::{BadCursor, ByTime, ByWord, Limit, Page};
use crate::domain::related::{RelatedArticleCard, RelatedCard, RelatedKind};
use crate::domain::time::Moment;
use crate::services::reading::cursor;
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public::{self, Found, LinkedArticle, LiveEdition, ShownLink};

/// Backlinks that come with an article, and links that come with each article of a list; the rest is a page of its own.
pub(super) const INCLUDED: usize = 20;

/// What comes with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Includes {
    pub related: bool,
    pub backlinks: bool,
}

/// A live article that links to another, and how.
#[derive(Debug, Clone)]
pub struct Backlink {
    pub kinds: Vec<RelatedKind>,
    pub article: RelatedArticleCard,
}

/// A page of links of, or to, an article.
#[derive(Debug)]
pub struct LinksOf<T> {
    pub article: ArticleId,
    /// The articles that the page may show, live or not.
    pub linked: Vec<ArticleId>,
    pub page: Page<T>,
}

impl Delivery {
    /// A page of the related links of a live article, in their order: those of its list whose targets are live.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `BadCursor`.
    pub async fn related(
        &self,
        name: String,
        limit: Option<Limit>,
        after: Option<String>,
    ) -> Result<LinksOf<RelatedCard>, Error> {
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let edition = live(conn, &name, &places)?;
            let of = format!("related {}", edition.summary.id);
            let after: Option<ByWord> = cursor(&of, after.as_deref())?;
            let links = public::related(conn, &[edition.edition_id], Moment::Now)?;
            let links = links.into_values().next().unwrap_or_default();
            let linked = links.iter().filter_map(|one| one.link.target.article()).collect();
            // A place in the whole list stays good while links before it come and go with their targets.
            let last: i32 = match after {
                Some(ByWord(place)) => place.parse().map_err(|_why| Refusal::BadCursor(BadCursor::Malformed))?,
                None => -1,
            };
            let rest = links.into_iter().filter(|one| one.position > last);
            let listed = rest.filter(|one| one.link.placement.in_list());
            let shown =
                listed.filter_map(|one| Some(places.related(&one).transpose()?.map(|card| (one.position, card))));
            let shown = shown.collect::<Result<Vec<_>, Error>>()?;
            let page = Page::cut(shown, limit, &of, |(at, _): &(i32, RelatedCard)| ByWord(at.to_string()));
            let page = page.map(|(_, card)| card);
            Ok(LinksOf {
                article: edition.summary.id,
                linked,
                page,
            })
        };
        self.store.read(read).await
    }

    /// A page of the live articles that link to a live article, the latest published first.
    ///
    /// # Errors
    /// `NotFound`, `Gone`, `BadCursor`.
    pub async fn backlinks(
        &self,
        name: String,
        limit: Option<Limit>,
        after: Option<String>,
    ) -> Result<LinksOf<Backlink>, Error> {
        let limit = limit.unwrap_or(Limit::DEFAULT);
        let places = Arc::clone(&self.places);
        let read = move |conn: &mut PublicConn| {
            let article = live(conn, &name, &places)?.summary.id;
            let of = format!("backlinks {article}");
            let after: Option<ByTime> = cursor(&of, after.as_deref())?;
            let rows = public::backlinks(conn, article, after, limit.get() + 1, Moment::Now)?;
            let page = Page::cut(rows, limit, &of, |(card, _): &(RelatedArticleCard, _)| ByTime {
                at: card.published_at,
                id: card.id.0,
            });
            let page = page.map(|(card, kinds)| places.backlink(card, kinds));
            Ok(LinksOf {
                article,
                linked: Vec::new(),
                page,
            })
        };
        self.store.read(read).await
    }
}

fn live(conn: &mut PublicConn, name: &str, places: &Places) -> Result<LiveEdition, Error> {
    match find(conn, name, &places.site.locale, Moment::Now)?.0 {
        Some(Found::Live(edition)) => Ok(*edition),
        Some(Found::Gone(id)) => Err(Refusal::Gone(public::retraction(conn, id, Moment::Now)?).into()),
        None => Err(Refusal::NotFound.into()),
    }
}

impl Places {
    /// The link as readers see it, if they do.
    pub(super) fn related(&self, one: &ShownLink) -> Result<Option<RelatedCard>, Error> {
        let target = one.target.as_ref().map(LinkedArticle::card).transpose()?;
        Ok(one.link.card(target.map(|card| self.linked(card))))
    }

    /// The first of those that the list shows.
    pub(super) fn listed(&self, links: &[ShownLink], most: usize) -> Result<Vec<RelatedCard>, Error> {
        let listed = links.iter().filter(|one| one.link.placement.in_list());
        let shown = listed.filter_map(|one| self.related(one).transpose());
        shown.take(most).collect()
    }

    /// The first of what links to an article.
    pub(super) fn backlinks(
        &self,
        conn: &mut PublicConn,
        to: ArticleId,
        moment: Moment,
    ) -> Result<Vec<Backlink>, Error> {
        let found = public::backlinks(conn, to, None, INCLUDED, moment)?.into_iter();
        Ok(found.map(|(card, kinds)| self.backlink(card, kinds)).collect())
    }

    fn backlink(&self, card: RelatedArticleCard, kinds: Vec<RelatedKind>) -> Backlink {
        Backlink {
            kinds,
            article: self.linked(card),
        }
    }

    /// Fills in where an article and what is shown of it are.
    fn linked(&self, mut card: RelatedArticleCard) -> RelatedArticleCard {
        card.canonical_url = self.site.canonical(&card.path);
        if let Some(lead) = &mut card.lead_media {
            lead.resolve(&self.media);
        }
        card
    }
}
