//! What is made of an edition to show it. An edition never changes, so it is made once, and kept for as long as there is room.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use super::Places;
use super::articles::Story;
use super::written::Written;
use crate::cache::{Unchanging, Weighed};
use crate::domain::body::{BodyFormat, PrintedBody};
use crate::domain::edition::{Summary, Translation};
use crate::domain::id::{EditionId, MediaId};
use crate::domain::open_graph::OpenGraph;
use crate::domain::printed::Printed;
use crate::domain::related::RelatedArticleCard;
use crate::domain::search::SearchText;
use crate::services::Error;
use crate::store::PublicConn;
use crate::store::public::{self, KeptBody, LiveEdition};

/// What is kept of values besides their JSON, in times of that: they are there twice, and as cards of links.
const TIMES: usize = 3;

/// What lists and links show of an edition, with its addresses.
#[derive(Clone)]
pub(super) struct Face(Arc<Shown>);

struct Shown {
    summary: Printed<Summary>,
    card: OnceLock<Printed<RelatedArticleCard>>,
}

/// What only the page of an edition shows.
pub(super) struct Text {
    pub(super) body: Arc<PrintedBody>,
    pub(super) open_graph: Printed<OpenGraph>,
    /// The media that the body shows.
    pub(super) media: Vec<MediaId>,
}

/// What was made lately. Each process has its own.
pub(super) struct Made {
    faces: Unchanging<EditionId, Face>,
    texts: Unchanging<EditionId, Arc<Text>>,
    searched: Unchanging<EditionId, Arc<SearchText>>,
}

impl Made {
    /// With room for so many MiB; `None` where there is none.
    pub(super) fn within(megabytes: u32) -> Option<Self> {
        let quarter = u64::from(megabytes) * 1024 * 1024 / 4;
        (quarter > 0).then(|| Self {
            faces: Unchanging::new(quarter * 2),
            texts: Unchanging::new(quarter),
            searched: Unchanging::new(quarter),
        })
    }
}

impl Text {
    pub(super) fn new(body: PrintedBody, open_graph: OpenGraph, media: Vec<MediaId>) -> Self {
        Self {
            body: Arc::new(body),
            open_graph: Printed::from(open_graph),
            media,
        }
    }
}

impl Face {
    /// Of a summary whose addresses are filled in.
    pub(super) fn new(summary: Summary) -> Self {
        Self(Arc::new(Shown {
            summary: Printed::from(summary),
            card: OnceLock::new(),
        }))
    }

    pub(super) fn summary(&self) -> &Printed<Summary> {
        &self.0.summary
    }

    /// What links to it show.
    pub(super) fn card(&self) -> Printed<RelatedArticleCard> {
        let card = || RelatedArticleCard::from(Summary::clone(self.summary())).into();
        self.0.card.get_or_init(card).clone()
    }

    /// What pages in other languages show.
    pub(super) fn translation(&self) -> Translation {
        let summary = self.summary();
        Translation {
            id: summary.id,
            locale: summary.locale.clone(),
            headline: summary.headline.clone(),
            path: summary.path.clone(),
            canonical_url: summary.canonical_url.clone(),
        }
    }
}

impl Weighed for Face {
    fn weight(&self) -> usize {
        weight(&self.0.summary)
    }
}

impl Weighed for Arc<Text> {
    fn weight(&self) -> usize {
        self.body.weight() + weight(&self.open_graph)
    }
}

impl Weighed for Arc<SearchText> {
    fn weight(&self) -> usize {
        let text = [&self.headline, &self.deck, &self.byline, &self.tags, &self.body];
        text.iter().map(|text| text.len()).sum()
    }
}

/// What cannot be written has no place.
fn weight<T: Serialize>(printed: &Printed<T>) -> usize {
    printed.length().map_or(usize::MAX, |bytes| bytes.saturating_mul(TIMES))
}

impl Places {
    /// The faces of editions that are there, one for each: those that were made, and of the others new ones, read in one statement.
    pub(super) fn faces(&self, conn: &mut PublicConn, of: &[EditionId]) -> Result<Vec<Face>, Error> {
        let made = self.made.as_ref().map(|made| &made.faces);
        let known: Vec<Option<Face>> = of.iter().map(|id| made?.get(id)).collect();
        let missing: BTreeSet<EditionId> = of
            .iter()
            .zip(&known)
            .filter(|(_, face)| face.is_none())
            .map(|(id, _)| *id)
            .collect();
        let missing: Vec<EditionId> = missing.into_iter().collect();
        let mut new = HashMap::new();
        for (id, summary) in public::summaries(conn, &missing)? {
            let face = Face::new(self.addressed(summary));
            if let Some(made) = made {
                made.keep(id, face.clone());
            }
            new.insert(id, face);
        }
        let faces = of
            .iter()
            .zip(known)
            .map(|(id, face)| face.or_else(|| new.get(id).cloned()).ok_or_else(gone));
        faces.collect()
    }

    /// The face of one.
    pub(super) fn face(&self, conn: &mut PublicConn, of: EditionId) -> Result<Face, Error> {
        self.faces(conn, &[of])?.pop().ok_or_else(gone)
    }

    /// All that was made of an edition, to be shown with a body in this form.
    pub(super) fn story(
        &self,
        conn: &mut PublicConn,
        edition: &LiveEdition,
        format: BodyFormat,
    ) -> Result<Story, Error> {
        let id = edition.id;
        let face = self.face(conn, id)?;
        let known = self.made.as_ref().and_then(|made| made.texts.get(&id));
        let as_printed = matches!(format, BodyFormat::Blocks | BodyFormat::None);
        let (text, written) = match known {
            Some(text) if as_printed => (text, None),
            known => {
                let body = public::bodies(conn, &[id])?.remove(&id).ok_or_else(gone)?;
                let written = Written::new(body, self);
                let text = match known {
                    Some(text) => text,
                    None => self.text(id, &written, face.summary())?,
                };
                (text, Some(written))
            }
        };
        Ok(Story {
            id,
            face,
            text,
            written,
            translation_group: edition.translation_group,
            was_translated: edition.was_translated,
        })
    }

    fn text(&self, id: EditionId, written: &Written, summary: &Summary) -> Result<Arc<Text>, Error> {
        let text = Arc::new(written.text(summary, self)?);
        if let Some(made) = &self.made {
            made.texts.keep(id, Arc::clone(&text));
        }
        Ok(text)
    }

    /// What is searched of editions that are there, with their faces: of those for which it was not made, the bodies are read in one statement.
    pub(super) fn searched(
        &self,
        conn: &mut PublicConn,
        of: &[EditionId],
    ) -> Result<Vec<(Face, Arc<SearchText>)>, Error> {
        let faces = self.faces(conn, of)?;
        let made = self.made.as_ref().map(|made| &made.searched);
        let known: Vec<Option<Arc<SearchText>>> = of.iter().map(|id| made?.get(id)).collect();
        let missing = of.iter().zip(&known).filter(|(_, text)| text.is_none());
        let missing: Vec<EditionId> = missing.map(|(id, _)| *id).collect();
        let bodies = public::bodies(conn, &missing)?;
        let texts = of.iter().zip(faces).zip(known).map(|((id, face), text)| {
            let text = match text {
                Some(text) => text,
                None => self.search_text(*id, face.summary(), bodies.get(id).ok_or_else(gone)?)?,
            };
            Ok((face, text))
        });
        texts.collect()
    }

    fn search_text(&self, id: EditionId, summary: &Summary, body: &KeptBody) -> Result<Arc<SearchText>, Error> {
        let text = Arc::new(SearchText::new(summary, body.blocks.get(), &body.media)?);
        if let Some(made) = &self.made {
            made.searched.keep(id, Arc::clone(&text));
        }
        Ok(text)
    }
}

/// An edition is not deleted while somebody reads it.
fn gone() -> Error {
    Error::Broken("an edition that was found is not there".into())
}
