//! A page that is not live, as readers would see it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::articles::{Leads, PublishedArticle, Wanted, complete};
use super::dated::Dated;
use super::{Delivery, Places};
use crate::domain::edition::Edition;
use crate::domain::id::ArticleId;
use crate::domain::time::Moment;
use crate::services::Error;
use crate::services::media::Signer;
use crate::store::PublicConn;
use crate::store::public::{self, LiveEdition, ShownLink};

impl Delivery {
    /// What `make` makes of an edition that is not kept. What it links to is shown as far as readers see that now; its media are at
    /// signed addresses, since no page need show them yet.
    pub(in crate::services) async fn unpublished<T: Send + 'static>(
        &self,
        edition: Edition,
        signer: Signer,
        wanted: Wanted,
        make: impl FnOnce(PublishedArticle) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let places = Places {
            site: Arc::clone(&self.places.site),
            media: self.places.media.clone(),
            signer: Some((signer, self.clock.now())),
            dated: Dated::default(),
        };
        let read = move |conn: &mut PublicConn| {
            let leads = leads(conn, &edition)?;
            let shown = LiveEdition {
                edition_id: edition.id,
                summary: edition.summary,
                body: edition.body,
                live_from: edition.live_from,
                has_related: !edition.related.is_empty(),
                media: edition.media,
                translation_group: edition.translation_group,
                was_translated: true,
            };
            complete(conn, shown, leads, &places, wanted, Moment::Now)
        };
        self.store.read_and(read, make).await
    }
}

fn leads(conn: &mut PublicConn, edition: &Edition) -> Result<Leads, Error> {
    let mut ids: BTreeSet<ArticleId> = edition.links.iter().copied().collect();
    ids.extend(edition.related.iter().filter_map(|link| link.target.article()));
    let ids: Vec<ArticleId> = ids.into_iter().collect();
    let live = public::linked_articles(conn, &ids)?;
    let mut paths = HashMap::new();
    for (id, linked) in &live {
        paths.insert(*id, linked.card()?.path);
    }
    let related = edition.related.iter().zip(0..).map(|(link, position)| ShownLink {
        position,
        link: link.clone(),
        target: link.target.article().and_then(|id| live.get(&id).cloned()),
    });
    Ok(Leads {
        related: related.collect(),
        targets: edition.links.iter().map(|id| (*id, paths.get(id).cloned())).collect(),
    })
}
