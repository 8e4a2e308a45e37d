//! The article: the working copy that editors change, and what a patch does to it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, HtmlText, MarkdownText, MediaAt};
use super::byline::{Byline, BylinePatch};
use super::change::{Change, patch};
use super::correction::Corrections;
use super::id::{ArticleId, IdSource, SectionId, ShortId, TranslationGroup, UserId};
use super::invalid::{Invalids, words};
use super::locale::Locale;
use super::lock::Lock;
use super::media::{MediaKind, MediaUse, MediaUsePatch};
use super::provenance::{Custom, Dateline, DatelinePatch, Distributor, DistributorPatch};
use super::related::{Related, RelatedItems};
use super::schedule::{Schedule, ScheduleFailure};
use super::slug::Slug;
use super::tag::TagIds;
use super::text::{Deck, Headline, InternalNote, Kicker, SeoDescription, SeoTitle, ShortHeadline};
use super::time::Timestamp;
use super::web::WebUrl;
use super::workflow::Status;

words! {
    /// What sort of piece an article is.
    ArticleKind {
        News = "news",
        Feature = "feature",
        Opinion = "opinion",
        Analysis = "analysis",
        Interview = "interview",
        Obituary = "obituary",
        Live = "live",
        PressRelease = "press_release",
    }
}

/// What a writer writes: everything of an article that a patch can change but its slug and its translations. Revisions keep
/// it as JSON, so that a field which is added has a default for those that were written before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ArticleContent)]
pub struct Content {
    pub kind: ArticleKind,
    pub locale: Locale,
    pub headline: Headline,
    pub short_headline: Option<ShortHeadline>,
    pub seo_title: Option<SeoTitle>,
    pub seo_description: Option<SeoDescription>,
    pub deck: Option<Deck>,
    pub kicker: Option<Kicker>,
    pub original_url: Option<WebUrl>,
    pub byline: Byline,
    pub distributor: Option<Distributor>,
    pub dateline: Option<Dateline>,
    pub section_id: Option<SectionId>,
    pub tag_ids: TagIds,
    pub lead_media: Option<MediaUse>,
    pub body: Body,
    pub related: Related,
    pub internal_note: Option<InternalNote>,
    /// Until then nobody publishes it.
    pub embargo_until: Option<Timestamp>,
    pub custom: Custom,
}

/// The working copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    pub id: ArticleId,
    pub short_id: ShortId,
    pub status: Status,
    /// Moves with each write an editor makes; the ETag of the editor surface.
    pub revision: i32,
    /// The revision that readers see, while the article is live.
    pub live_revision: Option<i32>,
    pub translation_group: TranslationGroup,
    pub slug: Slug,
    /// Lists leave the body of it empty.
    pub content: Content,
    /// Words of the body, kept beside it so that a list can tell them without reading it.
    pub word_count: usize,
    pub first_published_at: Option<Timestamp>,
    /// When the article last went live; a new edition of a live article does not move it.
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub created_by: UserId,
    pub updated_at: Timestamp,
    pub updated_by: UserId,
    pub deleted_at: Option<Timestamp>,
    /// Public notes, which no older revision takes back.
    pub corrections: Corrections,
    /// Who is at it, or was last.
    pub lock: Option<Lock>,
    /// When it goes live or is taken down by itself.
    pub schedule: Option<Schedule>,
    /// Why it did not, the last time.
    pub schedule_failure: Option<ScheduleFailure>,
    /// When the program moved it last, which makes no revision.
    pub moved_at: Option<Timestamp>,
}

patch! {
    /// What to change of an article. Absent fields stay; null clears; arrays are replaced whole (RFC 7396).
    pub struct ArticlePatch {
        kind: ArticleKind,
        locale: Locale,
        /// That of another article, of which this one is a translation; null leaves the translations.
        translation_group: Option<TranslationGroup>,
        headline: Headline,
        short_headline: Option<ShortHeadline>,
        seo_title: Option<SeoTitle>,
        seo_description: Option<SeoDescription>,
        deck: Option<Deck>,
        kicker: Option<Kicker>,
        /// Made from the headline when absent on creation; follows the headline no further.
        slug: Slug,
        /// Where a republished story first appeared.
        original_url: Option<WebUrl>,
        byline: BylinePatch,
        /// Who supplied the story.
        distributor: Option<DistributorPatch>,
        /// The place and date that open the story.
        dateline: Option<DatelinePatch>,
        section_id: Option<SectionId>,
        /// Tags in the order that pages show them, each once.
        tag_ids: TagIds,
        /// The picture or film that opens the story.
        lead_media: Option<MediaUsePatch>,
        body: Body,
        /// The body as Markdown, in place of `body`; what cannot be kept is in `warnings`.
        body_markdown: MarkdownText,
        /// The body as HTML, in place of `body`; what cannot be kept is in `warnings`.
        body_html: HtmlText,
        /// The related links, as a whole list; those that `body` shows and this does not name stay out of it.
        related: RelatedItems,
        /// A note among editors; readers never see it.
        internal_note: Option<InternalNote>,
        /// Until then nobody publishes it; not later than the time that a story waits for.
        embargo_until: Option<Timestamp>,
        /// Fields of the newsroom's own, at most 16 KiB as JSON.
        custom: Custom,
    }
}

impl Content {
    /// A new article with nothing but a headline.
    pub fn new(headline: Headline, locale: Locale) -> Self {
        Self {
            kind: ArticleKind::News,
            locale,
            headline,
            short_headline: None,
            seo_title: None,
            seo_description: None,
            deck: None,
            kicker: None,
            original_url: None,
            byline: Byline::default(),
            distributor: None,
            dateline: None,
            section_id: None,
            tag_ids: TagIds::default(),
            lead_media: None,
            body: Body::default(),
            related: Related::default(),
            internal_note: None,
            embargo_until: None,
            custom: Custom::default(),
        }
    }

    /// Does what the patch says; links and body are to be settled after it. The slug and the group are the caller's, who alone knows which are free and which there
    /// are, and a body in another form than blocks was turned into blocks before.
    pub fn apply(&mut self, patch: ArticlePatch, ids: &dyn IdSource) -> Result<(), Invalids> {
        let mut flaws = Invalids::default();
        patch.kind.apply(&mut self.kind);
        patch.locale.apply(&mut self.locale);
        patch.headline.apply(&mut self.headline);
        patch.short_headline.apply(&mut self.short_headline);
        patch.seo_title.apply(&mut self.seo_title);
        patch.seo_description.apply(&mut self.seo_description);
        patch.deck.apply(&mut self.deck);
        patch.kicker.apply(&mut self.kicker);
        patch.original_url.apply(&mut self.original_url);
        patch.byline.apply_to(&mut self.byline);
        match patch.distributor {
            Change::Keep => {}
            Change::Set(None) => self.distributor = None,
            Change::Set(Some(inner)) => {
                if let Err(flaw) = inner.apply_to(&mut self.distributor) {
                    flaws.add(flaw.at("/distributor/name"));
                }
            }
        }
        match patch.dateline {
            Change::Keep => {}
            Change::Set(None) => self.dateline = None,
            Change::Set(Some(inner)) => inner.apply_to(&mut self.dateline),
        }
        patch.section_id.apply(&mut self.section_id);
        patch.tag_ids.apply(&mut self.tag_ids);
        match patch.lead_media {
            Change::Keep => {}
            Change::Set(None) => self.lead_media = None,
            Change::Set(Some(inner)) => {
                if let Err(flaw) = inner.apply_to(&mut self.lead_media) {
                    flaws.add(flaw.at("/lead_media/media_id"));
                }
            }
        }
        if let Change::Set(mut body) = patch.body {
            body.adopt_ids(&self.body);
            body.name_blocks(ids);
            self.body = body;
        }
        if let Change::Set(items) = patch.related {
            match self.related.replaced(items, "/related", ids) {
                Ok(related) => self.related = related,
                Err(more) => flaws = flaws.and(more),
            }
        }
        patch.internal_note.apply(&mut self.internal_note);
        patch.embargo_until.apply(&mut self.embargo_until);
        if let Change::Set(custom) = patch.custom {
            if let Err(flaw) = self.custom.merge(custom) {
                flaws.add(flaw.at("/custom"));
            }
        }
        flaws.into_result()
    }

    /// Every media that it shows, with its place: the lead media first, then those of the body.
    pub fn media(&self) -> Vec<MediaAt> {
        let lead = self.lead_media.iter().map(|lead| MediaAt {
            pointer: "/lead_media".to_owned(),
            media_id: lead.media_id,
            wants: &[MediaKind::Image, MediaKind::Video],
            alt: lead.alt.clone(),
            credit: lead.credit.clone(),
        });
        lead.chain(self.body.media()).collect()
    }
}

impl Article {
    pub fn is_live(&self) -> bool {
        self.live_revision.is_some()
    }

    /// Whether it goes live by itself, as it is then: no revision was chosen for that.
    pub fn goes_live_as_it_is(&self) -> bool {
        let times = self.schedule.as_ref().filter(|times| times.publish_at.is_some());
        times.is_some_and(|times| times.revision.is_none())
    }

    /// True when what editors see is not what readers see.
    pub fn has_unpublished_changes(&self) -> bool {
        self.live_revision != Some(self.revision)
    }

    /// Whether readers ever had it.
    pub fn was_live(&self) -> bool {
        self.first_published_at.is_some()
    }

    /// Records a write of something beside what is published: what readers have is still what is here, if it was.
    pub fn touch_beside(&mut self, before: &Self, by: UserId, now: Timestamp) {
        self.touch(by, now);
        if !before.has_unpublished_changes() {
            self.live_revision = Some(self.revision);
        }
    }

    /// Records a write: the next revision, by whom and when.
    pub fn touch(&mut self, by: UserId, now: Timestamp) {
        self.revision += 1;
        self.word_count = self.content.body.word_count();
        self.updated_at = now;
        self.updated_by = by;
    }
}
