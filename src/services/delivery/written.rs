//! The body of an edition, in the form that it is asked for.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::Places;
use super::parts::{StoryBody, Text};
use crate::domain::body::{Body, BodyFormat, PrintedBody};
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, MediaId, RelatedLinkId};
use crate::domain::media::MediaCard;
use crate::domain::open_graph::OpenGraph;
use crate::domain::permalink::Site;
use crate::domain::related::RelatedCard;
use crate::exchange::html;
use crate::services::{Error, ShownBody};
use crate::store::public::{KeptBody, LinkTarget, ShownLink};

/// A body as it was written at publish, and what it shows, with the addresses of that.
pub(super) struct Written {
    body: Box<RawValue>,
    media: HashMap<MediaId, MediaCard>,
}

impl Written {
    pub(super) fn new(kept: KeptBody, places: &Places) -> Self {
        let media = kept.media.into_iter().map(|card| (card.id, places.card(card)));
        Self {
            body: kept.blocks,
            media: media.collect(),
        }
    }

    /// What the page shows whose summary this is.
    pub(super) fn text(&self, summary: &Summary, places: &Places) -> Result<Text, Error> {
        let body = self.printed()?;
        Ok(Text::new(body, self.open_graph(summary, places)?, self.media()))
    }

    pub(super) fn printed(&self) -> Result<PrintedBody, Error> {
        Ok(PrintedBody::new(&self.body, |body| self.show_media(body))?)
    }

    pub(super) fn open_graph(&self, summary: &Summary, places: &Places) -> Result<OpenGraph, Error> {
        places.open_graph(summary, &self.body)
    }

    pub(super) fn links_to_articles(&self) -> bool {
        PrintedBody::may_link(&self.body)
    }

    /// The media that it shows.
    pub(super) fn media(&self) -> Vec<MediaId> {
        let mut media: Vec<MediaId> = self.media.keys().copied().collect();
        media.sort_unstable();
        media
    }

    fn show_media(&self, body: &mut Body) {
        body.show_media(|id| self.media.get(&id).cloned());
    }
}

/// Where a body leads: articles that its text links to, and its related links.
pub(super) struct Leading {
    paths: HashMap<ArticleId, Option<String>>,
    links: HashMap<RelatedLinkId, RelatedCard>,
    site: Arc<Site>,
}

impl Leading {
    pub(super) fn new<'a>(
        targets: Vec<LinkTarget>,
        cards: impl IntoIterator<Item = (&'a ShownLink, RelatedCard)>,
        places: &Places,
    ) -> Self {
        Self {
            paths: targets.into_iter().collect(),
            links: cards.into_iter().map(|(one, card)| (one.link.id, card)).collect(),
            site: Arc::clone(&places.site),
        }
    }

    fn show(&self, body: &mut Body) {
        body.show_related(|id| self.links.get(&id).cloned(), true);
        body.resolve_links(|id| self.paths.get(&id)?.as_ref().map(|path| self.site.canonical(path)));
    }

    /// The body with all that is looked up.
    pub(super) fn shown(&self, body: &StoryBody, format: BodyFormat) -> Result<ShownBody, Error> {
        match body {
            StoryBody::Printed(body) => Ok(ShownBody::Blocks(body.shown(|body| self.show(body)))),
            StoryBody::Written(written) => ShownBody::new(&self.whole(written)?, format, &self.site.url),
        }
    }

    /// The same in HTML.
    pub(super) fn html(&self, written: &Written) -> Result<String, Error> {
        Ok(html::write(&self.whole(written)?, &self.site.url))
    }

    fn whole(&self, written: &Written) -> Result<Body, Error> {
        let mut body: Body = serde_json::from_str(written.body.get())?;
        written.show_media(&mut body);
        self.show(&mut body);
        Ok(body)
    }
}
