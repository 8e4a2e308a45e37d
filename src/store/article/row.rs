//! A working copy as a row.

use diesel::prelude::*;

use super::super::error::{Result, StoreError};
use super::super::schema::{article_contributors, article_tags, articles};
use super::super::types::{from_json, to_json};
use crate::domain::article::{Article, ArticleKind, Content};
use crate::domain::byline::{Byline, ContributorRole, Credit, Credits};
use crate::domain::id::{ArticleId, ContributorId, SectionId, ShortId, TagId, TranslationGroup, UserId};
use crate::domain::locale::Locale;
use crate::domain::lock::Lock;
use crate::domain::related::{Related, RelatedLink};
use crate::domain::schedule::{Schedule, TimeZone};
use crate::domain::slug::Slug;
use crate::domain::tag::TagIds;
use crate::domain::text::{
    BylineOverride, Deck, Headline, InternalNote, Kicker, SeoDescription, SeoTitle, ShortHeadline,
};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;

/// A row of `articles`. Its body is a row of its own, which only the reading of one article needs; the byline's contributors and the tags
/// are rows of their own.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = articles, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct ArticleRow {
    pub(super) id: ArticleId,
    short_id: ShortId,
    status: Status,
    revision: i32,
    live_revision: Option<i32>,
    translation_group: TranslationGroup,
    kind: ArticleKind,
    locale: Locale,
    slug: Slug,
    headline: Headline,
    short_headline: Option<ShortHeadline>,
    seo_title: Option<SeoTitle>,
    seo_description: Option<SeoDescription>,
    deck: Option<Deck>,
    kicker: Option<Kicker>,
    original_url: Option<WebUrl>,
    byline_override: Option<BylineOverride>,
    distributor: Option<String>,
    dateline: Option<String>,
    section_id: Option<SectionId>,
    word_count: i32,
    internal_note: Option<InternalNote>,
    custom: String,
    lead_media: Option<String>,
    first_published_at: Option<Timestamp>,
    published_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: UserId,
    pub(super) updated_at: Timestamp,
    updated_by: UserId,
    deleted_at: Option<Timestamp>,
    embargo_until: Option<Timestamp>,
    publish_at: Option<Timestamp>,
    unpublish_at: Option<Timestamp>,
    time_zone: Option<TimeZone>,
    scheduled_revision: Option<i32>,
    scheduled_by: Option<UserId>,
    schedule_failure: Option<String>,
    moved_at: Option<Timestamp>,
    corrections: String,
    locked_by: Option<UserId>,
    locked_at: Option<Timestamp>,
    lock_expires_at: Option<Timestamp>,
}

/// One name in a byline.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = article_contributors)]
pub(super) struct CreditRow {
    pub(super) article_id: ArticleId,
    position: i32,
    contributor_id: ContributorId,
    role: ContributorRole,
}

/// One tag of an article.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = article_tags)]
pub(super) struct TagRow {
    pub(super) article_id: ArticleId,
    position: i32,
    pub(super) tag_id: TagId,
}

impl ArticleRow {
    pub(super) fn of(article: &Article) -> Result<Self> {
        let content = &article.content;
        let schedule = article.schedule.as_ref();
        Ok(Self {
            id: article.id,
            short_id: article.short_id.clone(),
            status: article.status,
            revision: article.revision,
            live_revision: article.live_revision,
            translation_group: article.translation_group,
            kind: content.kind,
            locale: content.locale.clone(),
            slug: article.slug.clone(),
            headline: content.headline.clone(),
            short_headline: content.short_headline.clone(),
            seo_title: content.seo_title.clone(),
            seo_description: content.seo_description.clone(),
            deck: content.deck.clone(),
            kicker: content.kicker.clone(),
            original_url: content.original_url.clone(),
            byline_override: content.byline.r#override.clone(),
            distributor: content.distributor.as_ref().map(to_json).transpose()?,
            dateline: content.dateline.as_ref().map(to_json).transpose()?,
            section_id: content.section_id,
            word_count: i32::try_from(article.word_count).map_err(StoreError::broken)?,
            internal_note: content.internal_note.clone(),
            custom: to_json(&content.custom)?,
            lead_media: content.lead_media.as_ref().map(to_json).transpose()?,
            first_published_at: article.first_published_at,
            published_at: article.published_at,
            created_at: article.created_at,
            created_by: article.created_by,
            updated_at: article.updated_at,
            updated_by: article.updated_by,
            deleted_at: article.deleted_at,
            embargo_until: content.embargo_until,
            publish_at: schedule.and_then(|times| times.publish_at),
            unpublish_at: schedule.and_then(|times| times.unpublish_at),
            time_zone: schedule.and_then(|times| times.time_zone.clone()),
            scheduled_revision: schedule.and_then(|times| times.revision),
            scheduled_by: schedule.map(|times| times.by),
            schedule_failure: article.schedule_failure.as_ref().map(to_json).transpose()?,
            moved_at: article.moved_at,
            corrections: to_json(&article.corrections)?,
            locked_by: article.lock.map(|lock| lock.locked_by),
            locked_at: article.lock.map(|lock| lock.locked_at),
            lock_expires_at: article.lock.map(|lock| lock.expires_at),
        })
    }

    pub(super) fn with(
        self,
        body: &str,
        credits: Vec<Credit>,
        tags: Vec<TagId>,
        links: Vec<RelatedLink>,
    ) -> Result<Article> {
        let mut content = Content {
            byline: Byline {
                contributors: Credits(credits),
                r#override: self.byline_override,
            },
            kind: self.kind,
            locale: self.locale,
            headline: self.headline,
            short_headline: self.short_headline,
            seo_title: self.seo_title,
            seo_description: self.seo_description,
            deck: self.deck,
            kicker: self.kicker,
            original_url: self.original_url,
            section_id: self.section_id,
            tag_ids: TagIds(tags),
            internal_note: self.internal_note,
            embargo_until: self.embargo_until,
            distributor: self.distributor.as_deref().map(from_json).transpose()?,
            dateline: self.dateline.as_deref().map(from_json).transpose()?,
            body: from_json(body)?,
            related: Related(links),
            custom: from_json(&self.custom)?,
            lead_media: self.lead_media.as_deref().map(from_json).transpose()?,
        };
        content.tell_targets();
        Ok(Article {
            content,
            id: self.id,
            short_id: self.short_id,
            status: self.status,
            revision: self.revision,
            live_revision: self.live_revision,
            translation_group: self.translation_group,
            slug: self.slug,
            word_count: usize::try_from(self.word_count).map_err(StoreError::broken)?,
            first_published_at: self.first_published_at,
            published_at: self.published_at,
            created_at: self.created_at,
            created_by: self.created_by,
            updated_at: self.updated_at,
            updated_by: self.updated_by,
            deleted_at: self.deleted_at,
            schedule: self.scheduled_by.map(|by| Schedule {
                publish_at: self.publish_at,
                unpublish_at: self.unpublish_at,
                time_zone: self.time_zone,
                revision: self.scheduled_revision,
                by,
            }),
            schedule_failure: self.schedule_failure.as_deref().map(from_json).transpose()?,
            moved_at: self.moved_at,
            corrections: from_json(&self.corrections)?,
            lock: lock(self.locked_by, self.locked_at, self.lock_expires_at),
        })
    }
}

impl CreditRow {
    pub(super) fn all_of(article: &Article) -> Result<Vec<Self>> {
        let credits = article.content.byline.contributors.0.iter().enumerate();
        let row = |(position, credit): (usize, &Credit)| {
            Ok(Self {
                article_id: article.id,
                position: place(position)?,
                contributor_id: credit.contributor_id,
                role: credit.role,
            })
        };
        credits.map(row).collect()
    }

    pub(super) fn credit(&self) -> Credit {
        Credit {
            contributor_id: self.contributor_id,
            role: self.role,
        }
    }
}

impl TagRow {
    pub(super) fn all_of(article: &Article) -> Result<Vec<Self>> {
        let tags = article.content.tag_ids.0.iter().enumerate();
        let row = |(position, tag_id): (usize, &TagId)| {
            Ok(Self {
                article_id: article.id,
                position: place(position)?,
                tag_id: *tag_id,
            })
        };
        tags.map(row).collect()
    }
}

fn lock(by: Option<UserId>, at: Option<Timestamp>, until: Option<Timestamp>) -> Option<Lock> {
    Some(Lock {
        locked_by: by?,
        locked_at: at?,
        expires_at: until?,
    })
}

/// A place in a list as SQL counts.
fn place(position: usize) -> Result<i32> {
    i32::try_from(position).map_err(StoreError::broken)
}
