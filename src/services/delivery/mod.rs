//! What readers are shown. Everything here works on the editions side of the store; it has no way to a working copy.

mod answers;
mod articles;
mod dated;
mod facets;
mod feeds;
mod filter;
mod forms;
mod media;
mod open_graph;
mod parts;
mod related;
mod resolve;
mod search;
mod site;
mod sitemap;
mod taxonomy;
mod unpublished;
mod written;

use std::sync::Arc;

pub use answers::{Answers, Turn};
pub use articles::{ArticleQuery, ListedArticle, PublishedArticle, Wanted};
pub use facets::Facets;
pub use feeds::{FeedForm, FeedName, PublishedFeed, ShownStory};
pub use filter::ListFilter;
pub use forms::FormedArticle;
pub use related::{Backlink, Includes, LinksOf};
pub use resolve::Resolution;
pub use search::{FoundItem, SearchAnswer, SearchAsked};
pub use site::PublishedSite;
pub use taxonomy::{PublishedContributor, PublishedSection, PublishedTag, TaxonQuery};

pub use crate::cache::{Coding, Form, Head, Ready};
pub use crate::exchange::json_ld::NewsArticle;
pub use crate::exchange::ninjs::NinjsItem;
pub use crate::feeds::JsonFeed;

use self::dated::Dated;
use self::parts::Made;
use crate::config::{DeliveryConfig, OutletsConfig};
use crate::domain::edition::Summary;
use crate::domain::id::MediaId;
use crate::domain::invalid::{Flaw, Rule};
use crate::domain::media::{Addresses, MediaCard};
use crate::domain::permalink::Site;
use crate::domain::time::{Clock, Moment, Timestamp};
use crate::services::media::Signer;
use crate::services::{Error, Refusal};
use crate::store::PublicStore;

/// The editions side and what goes with it; cheap to clone.
#[derive(Clone)]
pub struct Delivery {
    store: PublicStore,
    places: Arc<Places>,
    /// The same with whole addresses of media: what is read elsewhere has no host of its own to add.
    absolute: Arc<Places>,
    config: DeliveryConfig,
    outlets: Arc<OutletsConfig>,
    /// The files of the sitemap, as far as they are known.
    files: Arc<sitemap::Files>,
    clock: Arc<dyn Clock>,
}

/// Where everything is found: articles on the site, and the bytes of media.
pub(super) struct Places {
    pub(super) site: Arc<Site>,
    pub(super) media: Addresses,
    /// Signs the addresses of media, for a page that is not live.
    signer: Option<(Signer, Timestamp)>,
    dated: Dated,
    /// What was made of editions with these addresses; `None` where nothing is to be kept.
    made: Option<Arc<Made>>,
}

impl Delivery {
    pub(in crate::services) fn new(
        store: PublicStore,
        site: &Arc<Site>,
        media: Addresses,
        config: DeliveryConfig,
        outlets: OutletsConfig,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (places, absolute) = Places::both(site, media, u64::from(config.editions_mb) * 1024 * 1024);
        Self {
            store,
            places: Arc::new(places),
            absolute: Arc::new(absolute),
            config,
            outlets: Arc::new(outlets),
            files: Arc::default(),
            clock,
        }
    }

    /// The moment that is asked for. What is to come nobody has seen.
    fn moment(&self, as_of: Option<Timestamp>) -> Result<Moment, Error> {
        let Some(at) = as_of else {
            return Ok(Moment::Now);
        };
        if at > self.clock.now() {
            let flaw = Flaw::new(Rule::OutOfRange, "must not be later than now");
            return Err(Refusal::Parameter(flaw.at("as_of")).into());
        }
        Ok(Moment::At(at))
    }

    pub fn config(&self) -> &DeliveryConfig {
        &self.config
    }

    /// The absolute address of a path of the site.
    pub fn canonical(&self, path: &str) -> String {
        self.places.site.canonical(path)
    }
}

impl Places {
    /// As they are for who reads here and for who reads elsewhere, with room for so many bytes of what is made of editions. Where the addresses of media
    /// are whole anyway, what is made for the ones is good for the others.
    fn both(site: &Arc<Site>, media: Addresses, room: u64) -> (Self, Self) {
        let places = |media: Addresses, made: Option<Arc<Made>>| Self {
            site: Arc::clone(site),
            media,
            signer: None,
            dated: Dated::default(),
            made,
        };
        if !media.base.is_empty() {
            let made = Made::within(room);
            return (places(media.clone(), made.clone()), places(media, made));
        }
        let whole = Addresses {
            base: site.url.clone(),
            ..media.clone()
        };
        let elsewhere = room / 4;
        (
            places(media, Made::within(room - elsewhere)),
            places(whole, Made::elsewhere(elsewhere)),
        )
    }

    /// Fills in where the article and what it shows are.
    fn addressed(&self, mut summary: Summary) -> Summary {
        summary.canonical_url = self.site.canonical(&summary.path);
        if let Some(lead) = &mut summary.lead_media {
            lead.resolve(&self.media, self.signature(lead.media_id).as_deref());
        }
        summary
    }

    /// The same for a media alone.
    fn card(&self, mut card: MediaCard) -> MediaCard {
        card.address(&self.media, self.signature(card.id).as_deref());
        card
    }

    fn signature(&self, media: MediaId) -> Option<String> {
        let (signer, now) = self.signer.as_ref()?;
        Some(signer.sign(media, *now).to_string())
    }
}
