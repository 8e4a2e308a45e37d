//! Working copies as editors see them.

use serde::Serialize;
use utoipa::ToSchema;

use super::body::with_body;
use super::related::{Referrer, RelatedLinkView};
use crate::domain::article::ArticleKind;
use crate::domain::body::Warning;
use crate::domain::byline::ContributorRole;
use crate::domain::contributor::ContributorKind;
use crate::domain::correction::Correction;
use crate::domain::edition::{PublicByline, reading_minutes};
use crate::domain::id::{ArticleId, ContributorId, SectionId, ShortId, TagId, TranslationGroup, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::locale::Locale;
use crate::domain::lock::Lock;
use crate::domain::media::{MediaCard, MediaUse};
use crate::domain::provenance::{Country, Custom, Dateline, Distributor, DistributorCategory};
use crate::domain::related::RelatedChange;
use crate::domain::schedule::{Schedule, ScheduleFailure, TimeZone};
use crate::domain::slug::Slug;
use crate::domain::tag::TagCard;
use crate::domain::text::{
    BylineOverride, City, DatelineText, Deck, DistributorName, Headline, InternalNote, ItemId, Kicker, Name,
    SeoDescription, SeoTitle, ShortHeadline, UsageTerms,
};
use crate::domain::time::{Day, Timestamp};
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;
use crate::services::ShownBody;
use crate::services::articles::ArticleView;

/// A contributor of a byline, and what they are called now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BylineContributor {
    contributor_id: ContributorId,
    role: ContributorRole,
    slug: Slug,
    name: Name,
    kind: ContributorKind,
}

/// Who made a story.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Byline)]
pub(crate) struct BylineView {
    /// What readers will see: the override, or a text made from the contributors.
    text: Option<String>,
    contributors: Vec<BylineContributor>,
    r#override: Option<BylineOverride>,
}

/// Who supplied a story.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Distributor)]
pub(crate) struct DistributorView {
    name: DistributorName,
    category: DistributorCategory,
    item_id: Option<ItemId>,
    usage_terms: Option<UsageTerms>,
}

/// The place and date that open a story.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Dateline)]
pub(crate) struct DatelineView {
    /// What readers will see.
    rendered: Option<String>,
    city: Option<City>,
    country: Option<Country>,
    date: Option<Day>,
    source: Option<DistributorName>,
    text: Option<DatelineText>,
}

/// A working copy without its body.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkingCopySummary {
    id: ArticleId,
    short_id: ShortId,
    kind: ArticleKind,
    locale: Locale,
    /// The same on every translation of the article.
    translation_group: TranslationGroup,
    status: Status,
    /// Moves with each write; the ETag of the article.
    #[schema(minimum = 1)]
    revision: i32,
    /// The revision that readers see; null while the article is not live.
    live_revision: Option<i32>,
    /// True when what is here is not what readers see.
    has_unpublished_changes: bool,
    headline: Headline,
    short_headline: Option<ShortHeadline>,
    seo_title: Option<SeoTitle>,
    seo_description: Option<SeoDescription>,
    deck: Option<Deck>,
    kicker: Option<Kicker>,
    slug: Slug,
    /// The public address; null until the article was published.
    canonical_url: Option<String>,
    original_url: Option<WebUrl>,
    byline: BylineView,
    distributor: Option<DistributorView>,
    dateline: Option<DatelineView>,
    section_id: Option<SectionId>,
    tag_ids: Vec<TagId>,
    /// The same tags, and what they are called now.
    tags: Vec<TagCard>,
    /// The picture or film that opens the story, as it was written.
    lead_media: Option<MediaUse>,
    /// Every media that the article names, as it is now; in a list the lead media alone.
    media: Vec<MediaCard>,
    /// The related links, in their order, with whether readers see them.
    related: Vec<RelatedLinkView>,
    internal_note: Option<InternalNote>,
    custom: Custom,
    word_count: usize,
    /// Whole minutes, at 240 words a minute; at least 1.
    reading_minutes: usize,
    first_published_at: Option<Timestamp>,
    published_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: UserId,
    updated_at: Timestamp,
    updated_by: UserId,
    /// When it was put in the trash.
    deleted_at: Option<Timestamp>,
    /// Public notes on it, the oldest first.
    corrections: Vec<Correction>,
    /// Who is at it now, which is advice: `If-Match` decides whose change is taken.
    lock: Option<Lock>,
    #[serde(skip)]
    was_locked: bool,
    /// Until then nobody publishes it.
    embargo_until: Option<Timestamp>,
    /// When it goes live by itself.
    publish_at: Option<Timestamp>,
    /// When it is taken down by itself.
    unpublish_at: Option<Timestamp>,
    /// Where whoever set the times reads clocks.
    time_zone: Option<TimeZone>,
    /// The revision that goes live then; null is whatever is there.
    scheduled_revision: Option<i32>,
    /// Who set the times.
    scheduled_by: Option<UserId>,
    /// Why it did not go live, or was not taken down, at its time.
    schedule_failure: Option<ScheduleFailure>,
    /// When the program moved it last, at a time that was set; that makes no revision.
    moved_at: Option<Timestamp>,
}

with_body! {
    /// A working copy: the article as editors change it.
    WorkingCopy of WorkingCopySummary as WorkingCopySummary {
        /// After a write whose body came as Markdown or HTML: what could not be kept; empty where all was.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Vec<Warning>, required = false)]
        warnings: Option<Vec<Warning>>,
        /// After a write that changed more of links and their blocks than it was asked for: what.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[schema(required = false)]
        related_changes: Vec<RelatedChange>,
        /// After an older revision was put back: what of it could not be, since it is no longer there.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Vec<Invalid>, required = false)]
        left_out: Option<Vec<Invalid>>,
        /// After the article was taken from readers: what links to it, at most 100 of them. The links stay, and come back
        /// with the article.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Vec<Referrer>, required = false)]
        referrers: Option<Vec<Referrer>>,
    }
}

impl From<Distributor> for DistributorView {
    fn from(from: Distributor) -> Self {
        Self {
            name: from.name,
            category: from.category,
            item_id: from.item_id,
            usage_terms: from.usage_terms,
        }
    }
}

impl From<Dateline> for DatelineView {
    fn from(line: Dateline) -> Self {
        let rendered = line.rendered();
        Self {
            rendered,
            city: line.city,
            country: line.country,
            date: line.date,
            source: line.source,
            text: line.text,
        }
    }
}

fn byline(view: &ArticleView) -> BylineView {
    let shown = PublicByline::new(&view.article.content, &view.contributors);
    let contributors = shown.contributors.into_iter().map(|entry| BylineContributor {
        contributor_id: entry.id,
        role: entry.role,
        slug: entry.slug,
        name: entry.name,
        kind: entry.kind,
    });
    let r#override = view.article.content.byline.r#override.clone();
    BylineView {
        text: shown.text,
        contributors: contributors.collect(),
        r#override,
    }
}

impl From<ArticleView> for WorkingCopy {
    fn from(mut view: ArticleView) -> Self {
        let body = std::mem::replace(&mut view.body, ShownBody::Absent);
        let warnings = view.warnings.take();
        let changes = std::mem::take(&mut view.related_changes);
        let left_out = view.left_out.take().map(|left_out| left_out.0);
        let referrers = view.referrers.take();
        let referrers = referrers.map(|links| links.into_iter().map(Referrer::from).collect());
        Self::with(view.into(), body, warnings, changes, left_out, referrers)
    }
}

/// The times of an article, or none of them.
#[derive(Default)]
struct Times {
    publish_at: Option<Timestamp>,
    unpublish_at: Option<Timestamp>,
    time_zone: Option<TimeZone>,
    revision: Option<i32>,
    by: Option<UserId>,
}

impl Times {
    fn of(schedule: Option<Schedule>) -> Self {
        let of = |times: Schedule| Self {
            publish_at: times.publish_at,
            unpublish_at: times.unpublish_at,
            time_zone: times.time_zone,
            revision: times.revision,
            by: Some(times.by),
        };
        schedule.map(of).unwrap_or_default()
    }
}

impl From<ArticleView> for WorkingCopySummary {
    fn from(view: ArticleView) -> Self {
        let byline = byline(&view);
        let lock = view.article.lock.filter(|lock| lock.holds(view.now));
        let has_unpublished_changes = view.article.has_unpublished_changes();
        let article = view.article;
        let content = article.content;
        let word_count = article.word_count;
        let times = Times::of(article.schedule);
        Self {
            id: article.id,
            short_id: article.short_id,
            kind: content.kind,
            locale: content.locale,
            translation_group: article.translation_group,
            status: article.status,
            revision: article.revision,
            live_revision: article.live_revision,
            has_unpublished_changes,
            headline: content.headline,
            short_headline: content.short_headline,
            seo_title: content.seo_title,
            seo_description: content.seo_description,
            deck: content.deck,
            kicker: content.kicker,
            slug: article.slug,
            canonical_url: view.canonical_url,
            original_url: content.original_url,
            byline,
            distributor: content.distributor.map(DistributorView::from),
            dateline: content.dateline.map(DatelineView::from),
            section_id: content.section_id,
            tag_ids: content.tag_ids.0,
            tags: view.tags.iter().map(TagCard::from).collect(),
            lead_media: content.lead_media,
            media: view.media,
            related: RelatedLinkView::all(view.related),
            internal_note: content.internal_note,
            custom: content.custom,
            word_count,
            reading_minutes: reading_minutes(word_count),
            first_published_at: article.first_published_at,
            published_at: article.published_at,
            created_at: article.created_at,
            created_by: article.created_by,
            updated_at: article.updated_at,
            updated_by: article.updated_by,
            deleted_at: article.deleted_at,
            corrections: article.corrections.0,
            lock,
            was_locked: article.lock.is_some(),
            embargo_until: content.embargo_until,
            publish_at: times.publish_at,
            unpublish_at: times.unpublish_at,
            time_zone: times.time_zone,
            scheduled_revision: times.revision,
            scheduled_by: times.by,
            schedule_failure: article.schedule_failure,
            moved_at: article.moved_at,
        }
    }
}

impl WorkingCopy {
    pub(crate) fn revision(&self) -> i32 {
        self.summary.revision
    }

    pub(crate) fn id(&self) -> ArticleId {
        self.summary.id
    }

    /// Whether its revision tells all of it: not what stands at the ends of links, nor what the program moved,
    /// nor who is at it.
    pub(crate) fn is_told_by_revision(&self) -> bool {
        let summary = &self.summary;
        let moves = summary.scheduled_by.is_some() || summary.moved_at.is_some() || summary.was_locked;
        summary.related.is_empty() && !moves
    }
}
