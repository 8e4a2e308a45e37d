//! Related links as readers see them, from both ends. What they lead to is looked up at each read, so that a link shows its
//! target as it is now, and only while it is live.

use std::collections::HashMap;
use std::sync::Arc;

use super::articles::find;
use super::{Delivery, Places};
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::page::{BadCursor, ByTime, ByWord, Limit, Page};
use crate::domain::printed::Printed;
use crate::domain::related::{RelatedArticleCard, RelatedCard, RelatedKind};
use crate::domain::time::Moment;
use crate::services::reading::cursor;
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public::{self, Found, LiveEdition, ShownLink};

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
    pub article: Printed<RelatedArticleCard>,
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
            let LiveEdition { id, article, .. } = live(conn, &name, &places)?;
            let of = format!("related {article}");
            let after: Option<ByWord> = cursor(&of, after.as_deref())?;
            let links = public::related(conn, &[id], Moment::Now)?;
            let links = links.into_values().next().unwrap_or_default();
            let linked = links.iter().filter_map(|one| one.link.target.article()).collect();
            // A place in the whole list stays good while links before it come and go with their targets.
            let last: i32 = match after {
                Some(ByWord(place)) => place.parse().map_err(|_why| Refusal::BadCursor(BadCursor::Malformed))?,
                None => -1,
            };
            // One more tells whether there is another page.
            let rest = in_list(&links).filter(|one| one.position > last && one.is_shown());
            let shown = places.cards(conn, rest.take(limit.get() + 1).collect())?;
            let page = Page::cut(shown, limit, &of, |(one, _): &(&ShownLink, _)| {
                ByWord(one.position.to_string())
            });
            let page = page.map(|(_, card)| card);
            Ok(LinksOf { article, linked, page })
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
            let article = live(conn, &name, &places)?.article;
            let of = format!("backlinks {article}");
            let after: Option<ByTime> = cursor(&of, after.as_deref())?;
            let rows = public::backlinks(conn, article, after, limit.get() + 1, Moment::Now)?;
            let rows = places.linking(conn, rows)?;
            let page = Page::cut(rows, limit, &of, |Backlink { article, .. }| ByTime {
                at: article.published_at,
                id: article.id.0,
            });
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
        Some(Found::Live(edition)) => Ok(edition),
        Some(Found::Gone(id)) => Err(Refusal::Gone(public::retraction(conn, id, Moment::Now)?).into()),
        None => Err(Refusal::NotFound.into()),
    }
}

impl Places {
    /// Those of the links that readers see, as they see them.
    pub(super) fn cards<'a>(
        &self,
        conn: &mut PublicConn,
        mut links: Vec<&'a ShownLink>,
    ) -> Result<Vec<(&'a ShownLink, RelatedCard)>, Error> {
        links.retain(|one| one.is_shown());
        let targets: Vec<EditionId> = links.iter().filter_map(|one| one.target).collect();
        let mut faces = self.faces(conn, &targets)?.into_iter();
        let cards = links.into_iter().filter_map(|one| {
            let target = one.target.and_then(|_| faces.next());
            Some((one, one.link.card(target.map(|face| face.card()))?))
        });
        Ok(cards.collect())
    }

    /// The first of the list of each edition.
    pub(super) fn included(
        &self,
        conn: &mut PublicConn,
        links: &HashMap<EditionId, Vec<ShownLink>>,
    ) -> Result<HashMap<EditionId, Vec<RelatedCard>>, Error> {
        let first = links
            .values()
            .flat_map(|links| in_list(links).filter(|one| one.is_shown()).take(INCLUDED));
        let cards = self.cards(conn, first.collect())?;
        let mut included: HashMap<EditionId, Vec<RelatedCard>> = HashMap::new();
        for (one, card) in cards {
            included.entry(one.edition).or_default().push(card);
        }
        Ok(included)
    }

    /// The first of what links to an article.
    pub(super) fn backlinks(
        &self,
        conn: &mut PublicConn,
        to: ArticleId,
        moment: Moment,
    ) -> Result<Vec<Backlink>, Error> {
        let found = public::backlinks(conn, to, None, INCLUDED, moment)?;
        self.linking(conn, found)
    }

    fn linking(
        &self,
        conn: &mut PublicConn,
        found: Vec<(EditionId, Vec<RelatedKind>)>,
    ) -> Result<Vec<Backlink>, Error> {
        let ids: Vec<EditionId> = found.iter().map(|(id, _)| *id).collect();
        let faces = self.faces(conn, &ids)?.into_iter().zip(found);
        let linking = faces.map(|(face, (_, kinds))| Backlink {
            kinds,
            article: face.card(),
        });
        Ok(linking.collect())
    }
}

fn in_list(links: &[ShownLink]) -> impl Iterator<Item = &ShownLink> {
    links.iter().filter(|one| one.link.placement.in_list())
}
