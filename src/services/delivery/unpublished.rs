//! A page that is not live, as readers would see it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::articles::{Leads, PublishedArticle, Wanted, complete};
use super::dated::Dated;
use super::parts::{Face, Story, StoryBody};
use super::written::Written;
use super::{Delivery, Places};
use crate::domain::body::BodyFormat;
use crate::domain::edition::Edition;
use crate::domain::id::{ArticleId, EditionId};
use crate::domain::time::Moment;
use crate::services::Error;
use crate::services::media::Signer;
use crate::store::PublicConn;
use crate::store::public::{self, KeptBody, ShownLink};

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
        let places = Arc::clone(&self.places);
        let own = Places {
            site: Arc::clone(&places.site),
            media: places.media.clone(),
            signer: Some((signer, self.clock.now())),
            dated: Dated::default(),
            made: None,
        };
        let read = move |conn: &mut PublicConn| {
            let leads = leads(conn, &edition, &places)?;
            let face = Face::new(own.addressed(edition.summary));
            let body = KeptBody {
                blocks: edition.body,
                media: edition.media,
            };
            let written = Written::new(body, &own);
            let (open_graph, media) = (written.open_graph(face.summary(), &own)?, written.media());
            let body = match wanted.format {
                BodyFormat::Blocks => StoryBody::Printed(Arc::new(written.printed()?)),
                _ => StoryBody::Written(written),
            };
            let story = Story {
                id: edition.id,
                face,
                open_graph: open_graph.into(),
                media,
                body,
                translation_group: edition.translation_group,
                was_translated: true,
            };
            complete(conn, &story, leads, &places, wanted, Moment::Now)
        };
        self.store.read_and(read, make).await
    }
}

fn leads(conn: &mut PublicConn, edition: &Edition, places: &Places) -> Result<Leads, Error> {
    let mut ids: BTreeSet<ArticleId> = edition.links.iter().copied().collect();
    ids.extend(edition.related.iter().filter_map(|link| link.target.article()));
    let ids: Vec<ArticleId> = ids.into_iter().collect();
    let live = public::live_editions(conn, &ids, Moment::Now)?;
    let linked: Vec<EditionId> = live.values().copied().collect();
    let faces = places.faces(conn, &linked)?;
    let paths = faces
        .iter()
        .map(|face| (face.summary().id, face.summary().path.clone()));
    let paths: HashMap<ArticleId, String> = paths.collect();
    let related = edition.related.iter().zip(0..).map(|(link, position)| ShownLink {
        edition: edition.id,
        position,
        link: link.clone(),
        target: link.target.article().and_then(|id| live.get(&id).copied()),
    });
    Ok(Leads {
        related: related.collect(),
        targets: edition.links.iter().map(|id| (*id, paths.get(id).cloned())).collect(),
    })
}
