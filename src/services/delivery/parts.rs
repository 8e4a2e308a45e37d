//! What is made of an edition to show it. An edition never changes, so it is made once, and kept for as long as there is room.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::Places;
use super::written::Written;
use crate::cache::{Unchanging, Weighed};
use crate::domain::body::{BodyFormat, PrintedBody};
use crate::domain::edition::{Summary, Translation};
use crate::domain::id::{ArticleId, EditionId, MediaId, TranslationGroup};
use crate::domain::open_graph::OpenGraph;
use crate::domain::printed::{Printed, length};
use crate::domain::related::RelatedArticleCard;
use crate::domain::search::SearchText;
use crate::domain::time::Moment;
use crate::services::Error;
use crate::store::PublicConn;
use crate::store::public::{self, KeptBody, LiveEdition, ShownLink};

/// What a summary takes, in times of its JSON: it is there as a value, as its JSON whole and in members, with names, and what links show of it besides.
const TIMES: usize = 6;
/// What the values of a newsroom's own fields take, in times of their JSON: a number of one digit is as large as a long text.
const TIMES_CUSTOM: usize = 36;

/// What lists and links show of an edition, with its addresses.
#[derive(Clone)]
pub(super) struct Face(Arc<Sides>);

struct Sides {
    summary: Printed<Summary>,
    card: OnceLock<Printed<RelatedArticleCard>>,
    translation: OnceLock<Printed<Translation>>,
}

/// What only the page of an edition shows.
pub(super) struct Text {
    pub(super) body: Arc<PrintedBody>,
    pub(super) open_graph: Printed<OpenGraph>,
    /// The media that the body shows.
    pub(super) media: Vec<MediaId>,
}

/// An edition that is shown, with what was made of it.
pub(super) struct Story {
    pub(super) id: EditionId,
    pub(super) face: Face,
    pub(super) open_graph: Printed<OpenGraph>,
    pub(super) media: Vec<MediaId>,
    pub(super) body: StoryBody,
    pub(super) translation_group: TranslationGroup,
    pub(super) was_translated: bool,
}

/// The body of one, for the form that is asked for.
pub(super) enum StoryBody {
    /// For blocks, and for no body where it is known.
    Printed(Arc<PrintedBody>),
    /// For all other forms.
    Written(Written),
}

/// What was made lately. Each process has its own.
pub(super) struct Made {
    faces: Unchanging<EditionId, Face>,
    texts: Unchanging<EditionId, Arc<Text>>,
    /// The editions that they lead to are those of some read before, to be asked about at each.
    links: Unchanging<EditionId, Arc<[ShownLink]>>,
    searched: Unchanging<EditionId, Arc<SearchText>>,
}

impl Made {
    /// With room for so many bytes; `None` where there is none.
    pub(super) fn within(bytes: u64) -> Option<Arc<Self>> {
        let links = bytes / 16;
        Self::of(bytes / 2 - links, bytes / 4, links, bytes / 4)
    }

    /// The same for what is read elsewhere, where neither blocks nor excerpts are shown.
    pub(super) fn elsewhere(bytes: u64) -> Option<Arc<Self>> {
        Self::of(bytes, 0, 0, 0)
    }

    fn of(faces: u64, texts: u64, links: u64, searched: u64) -> Option<Arc<Self>> {
        let made = || Self {
            faces: Unchanging::new(faces),
            texts: Unchanging::new(texts),
            links: Unchanging::new(links),
            searched: Unchanging::new(searched),
        };
        (faces > 0).then(|| Arc::new(made()))
    }
}

impl StoryBody {
    /// Whether its text may link to articles.
    pub(super) fn links_to_articles(&self) -> bool {
        match self {
            Self::Printed(body) => body.links_to_articles(),
            Self::Written(written) => written.links_to_articles(),
        }
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

    fn parts(&self) -> (Printed<OpenGraph>, Vec<MediaId>, StoryBody) {
        let body = StoryBody::Printed(Arc::clone(&self.body));
        (self.open_graph.clone(), self.media.clone(), body)
    }
}

impl Face {
    /// Of a summary whose addresses are filled in.
    pub(super) fn new(summary: Summary) -> Self {
        Self(Arc::new(Sides {
            summary: Printed::from(summary),
            card: OnceLock::new(),
            translation: OnceLock::new(),
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
    pub(super) fn translation(&self) -> Printed<Translation> {
        let translation = || {
            let summary = self.summary();
            Printed::from(Translation {
                id: summary.id,
                locale: summary.locale.clone(),
                headline: summary.headline.clone(),
                path: summary.path.clone(),
                canonical_url: summary.canonical_url.clone(),
            })
        };
        self.0.translation.get_or_init(translation).clone()
    }
}

impl Weighed for Face {
    fn weight(&self) -> usize {
        let custom = length(&self.summary().custom).saturating_mul(TIMES_CUSTOM);
        length(&**self.summary()).saturating_mul(TIMES).saturating_add(custom)
    }
}

impl Weighed for Arc<Text> {
    fn weight(&self) -> usize {
        let open_graph = length(&*self.open_graph).saturating_mul(TIMES);
        let media = size_of_val(self.media.as_slice());
        self.body.weight().saturating_add(open_graph).saturating_add(media)
    }
}

impl Weighed for Arc<[ShownLink]> {
    fn weight(&self) -> usize {
        let texts = self.iter().map(|one| length(&one.link));
        size_of_val(&**self).saturating_add(texts.sum())
    }
}

impl Weighed for Arc<SearchText> {
    fn weight(&self) -> usize {
        let text = [&self.headline, &self.deck, &self.byline, &self.tags, &self.body];
        text.iter().map(|text| text.len()).sum()
    }
}

impl Places {
    /// The faces of editions that are there, one for each: those that were made, and of the others new ones, read in one statement.
    pub(super) fn faces(&self, conn: &mut PublicConn, of: &[EditionId]) -> Result<Vec<Face>, Error> {
        let known: Vec<Option<Face>> = of.iter().map(|id| self.known_face(*id)).collect();
        let missing = of.iter().zip(&known).filter(|(_, face)| face.is_none());
        let missing: BTreeSet<EditionId> = missing.map(|(id, _)| *id).collect();
        let missing: Vec<EditionId> = missing.into_iter().collect();
        let new = public::summaries(conn, &missing)?.into_iter();
        let new: HashMap<EditionId, Face> = new.map(|(id, summary)| (id, self.new_face(id, summary))).collect();
        let face = |(id, face): (&EditionId, Option<Face>)| face.or_else(|| new.get(id).cloned()).ok_or_else(gone);
        of.iter().zip(known).map(face).collect()
    }

    fn known_face(&self, of: EditionId) -> Option<Face> {
        self.made.as_ref()?.faces.get(&of)
    }

    fn new_face(&self, of: EditionId, summary: Summary) -> Face {
        let face = Face::new(self.addressed(summary));
        if let Some(made) = &self.made {
            made.faces.keep(of, face.clone());
        }
        face
    }

    /// All that was made of an edition, to be shown with a body in this form. Other forms than blocks are made from the body as it was written.
    pub(super) fn story(
        &self,
        conn: &mut PublicConn,
        edition: &LiveEdition,
        format: BodyFormat,
    ) -> Result<Story, Error> {
        let id = edition.id;
        let known = self.made.as_ref().and_then(|made| made.texts.get(&id));
        let (face, (open_graph, media, body)) = match (self.known_face(id), known, format) {
            (Some(face), Some(text), BodyFormat::Blocks | BodyFormat::None) => (face, text.parts()),
            (_, known, format) => {
                let (face, body) = self.opened(conn, &[id])?.pop().ok_or_else(gone)?;
                let written = Written::new(body, self);
                let parts = if format == BodyFormat::Blocks {
                    self.new_text(id, &written, face.summary())?.parts()
                } else {
                    let open_graph = match known {
                        Some(text) => text.open_graph.clone(),
                        None => written.open_graph(face.summary(), self)?.into(),
                    };
                    (open_graph, written.media(), StoryBody::Written(written))
                };
                (face, parts)
            }
        };
        Ok(Story {
            id,
            face,
            open_graph,
            media,
            body,
            translation_group: edition.translation_group,
            was_translated: edition.was_translated,
        })
    }

    fn new_text(&self, of: EditionId, written: &Written, summary: &Summary) -> Result<Arc<Text>, Error> {
        let text = Arc::new(written.text(summary, self)?);
        if let Some(made) = &self.made {
            made.texts.keep(of, Arc::clone(&text));
        }
        Ok(text)
    }

    /// The related links of an edition. They are of it, and kept with the editions that they led to last; whether readers see those still is asked each time,
    /// and what they see instead where they do not. One that was deleted for good is one that nobody sees.
    pub(super) fn links(
        &self,
        conn: &mut PublicConn,
        of: EditionId,
        moment: Moment,
    ) -> Result<Arc<[ShownLink]>, Error> {
        let kept = self.made.as_ref().map(|made| &made.links);
        let Some(known) = kept.and_then(|kept| kept.get(&of)) else {
            let found = public::related(conn, &[of], moment)?.into_values().next();
            return Ok(self.keep_links(of, found.unwrap_or_default(), moment));
        };
        let leading = known.iter().filter(|one| one.link.target.article().is_some());
        let seen: Option<BTreeSet<EditionId>> = leading.map(|one| one.target).collect();
        if let (Moment::Now, Some(seen)) = (moment, seen)
            && public::are_live(conn, &seen)?
        {
            return Ok(known);
        }
        let targets: Vec<ArticleId> = known.iter().filter_map(|one| one.link.target.article()).collect();
        let live = public::live_editions(conn, &targets, moment)?;
        let seen = |one: &ShownLink| one.link.target.article().and_then(|id| live.get(&id).copied());
        if known.iter().all(|one| one.target == seen(one)) {
            return Ok(known);
        }
        let shown = known.iter().map(|one| ShownLink {
            target: seen(one),
            ..one.clone()
        });
        Ok(self.keep_links(of, shown.collect(), moment))
    }

    fn keep_links(&self, of: EditionId, links: Vec<ShownLink>, moment: Moment) -> Arc<[ShownLink]> {
        let links: Arc<[ShownLink]> = links.into();
        if let (Moment::Now, Some(made)) = (moment, &self.made) {
            made.links.keep(of, Arc::clone(&links));
        }
        links
    }

    /// The face and the body of each of some editions that are there, read in one statement. None is named twice.
    pub(super) fn opened(&self, conn: &mut PublicConn, of: &[EditionId]) -> Result<Vec<(Face, KeptBody)>, Error> {
        let mut found = public::documents(conn, of)?;
        let opened = of.iter().map(|id| {
            let (summary, body) = found.remove(id).ok_or_else(gone)?;
            let face = self.known_face(*id).unwrap_or_else(|| self.new_face(*id, summary));
            Ok((face, body))
        });
        opened.collect()
    }

    /// What is searched of editions that are there, with their faces. Those for which it was not made are read in one statement.
    pub(super) fn searched(
        &self,
        conn: &mut PublicConn,
        of: &[EditionId],
    ) -> Result<Vec<(Face, Arc<SearchText>)>, Error> {
        let made = self.made.as_ref().map(|made| &made.searched);
        let known = of.iter().filter_map(|id| Some((*id, made?.get(id)?)));
        let mut texts: HashMap<EditionId, Arc<SearchText>> = known.collect();
        let (known, missing): (Vec<EditionId>, Vec<EditionId>) = of.iter().partition(|id| texts.contains_key(id));
        let faces = self.faces(conn, &known)?;
        let mut faces: HashMap<EditionId, Face> = known.into_iter().zip(faces).collect();
        let opened = self.opened(conn, &missing)?;
        for (id, (face, body)) in missing.into_iter().zip(opened) {
            let text = SearchText::new(face.summary(), body.blocks.get(), &body.media)?;
            let text = Arc::new(text);
            if let Some(made) = made {
                made.keep(id, Arc::clone(&text));
            }
            texts.insert(id, text);
            faces.insert(id, face);
        }
        let both = of.iter().map(|id| faces.get(id).cloned().zip(texts.get(id).cloned()));
        both.map(|both| both.ok_or_else(gone)).collect()
    }
}

/// An edition is not deleted while somebody reads it.
fn gone() -> Error {
    Error::Broken("an edition that was found is not there".into())
}
