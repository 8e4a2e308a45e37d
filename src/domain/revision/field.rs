//! The fields of an article, and which of them a write changed.

use crate::domain::article::{Article, ArticlePatch, Content};
use crate::domain::change::Change;
use crate::domain::invalid::words;
use crate::domain::schedule::Schedule;
use crate::domain::time::Timestamp;

words! {
    /// A field of an article, as its JSON names it.
    ArticleField {
        Kind = "kind",
        Locale = "locale",
        TranslationGroup = "translation_group",
        Headline = "headline",
        ShortHeadline = "short_headline",
        SeoTitle = "seo_title",
        SeoDescription = "seo_description",
        Deck = "deck",
        Kicker = "kicker",
        Slug = "slug",
        OriginalUrl = "original_url",
        Byline = "byline",
        Distributor = "distributor",
        Dateline = "dateline",
        Section = "section_id",
        Tags = "tag_ids",
        LeadMedia = "lead_media",
        Body = "body",
        Related = "related",
        InternalNote = "internal_note",
        EmbargoUntil = "embargo_until",
        Custom = "custom",
        /// Where the article stands, which moves and no patch change.
        Status = "status",
        /// Whether it is in the trash.
        DeletedAt = "deleted_at",
        /// The public notes.
        Corrections = "corrections",
        PublishAt = "publish_at",
        UnpublishAt = "unpublish_at",
        TimeZone = "time_zone",
        ScheduledRevision = "scheduled_revision",
    }
}

impl ArticleField {
    /// Whether it is a text that people write.
    pub fn is_prose(self) -> bool {
        matches!(
            self,
            Self::Headline
                | Self::ShortHeadline
                | Self::SeoTitle
                | Self::SeoDescription
                | Self::Deck
                | Self::Kicker
                | Self::InternalNote
        )
    }
}

impl Content {
    /// The fields in which it is another than `before`.
    pub fn changed_since(&self, before: &Self) -> Vec<ArticleField> {
        // Named one by one, so that a field that is added is not forgotten here.
        let Self {
            kind,
            locale,
            headline,
            short_headline,
            seo_title,
            seo_description,
            deck,
            kicker,
            original_url,
            byline,
            distributor,
            dateline,
            section_id,
            tag_ids,
            lead_media,
            body,
            related,
            internal_note,
            embargo_until,
            custom,
        } = before;
        let changed = [
            (ArticleField::Kind, self.kind != *kind),
            (ArticleField::Locale, self.locale != *locale),
            (ArticleField::Headline, self.headline != *headline),
            (ArticleField::ShortHeadline, self.short_headline != *short_headline),
            (ArticleField::SeoTitle, self.seo_title != *seo_title),
            (ArticleField::SeoDescription, self.seo_description != *seo_description),
            (ArticleField::Deck, self.deck != *deck),
            (ArticleField::Kicker, self.kicker != *kicker),
            (ArticleField::OriginalUrl, self.original_url != *original_url),
            (ArticleField::Byline, self.byline != *byline),
            (ArticleField::Distributor, self.distributor != *distributor),
            (ArticleField::Dateline, self.dateline != *dateline),
            (ArticleField::Section, self.section_id != *section_id),
            (ArticleField::Tags, self.tag_ids != *tag_ids),
            (ArticleField::LeadMedia, self.lead_media != *lead_media),
            (ArticleField::Body, self.body != *body),
            (ArticleField::Related, self.related != *related),
            (ArticleField::InternalNote, self.internal_note != *internal_note),
            (ArticleField::EmbargoUntil, self.embargo_until != *embargo_until),
            (ArticleField::Custom, self.custom != *custom),
        ];
        only(&changed)
    }
}

impl ArticlePatch {
    /// The fields that it is about.
    pub fn fields(&self) -> Vec<ArticleField> {
        fn is_set<T>(change: &Change<T>) -> bool {
            matches!(change, Change::Set(_))
        }
        let Self {
            kind,
            locale,
            translation_group,
            headline,
            short_headline,
            seo_title,
            seo_description,
            deck,
            kicker,
            slug,
            original_url,
            byline,
            distributor,
            dateline,
            section_id,
            tag_ids,
            lead_media,
            body,
            body_markdown,
            body_html,
            related,
            internal_note,
            embargo_until,
            custom,
        } = self;
        only(&[
            (ArticleField::Kind, is_set(kind)),
            (ArticleField::Locale, is_set(locale)),
            (ArticleField::TranslationGroup, is_set(translation_group)),
            (ArticleField::Headline, is_set(headline)),
            (ArticleField::ShortHeadline, is_set(short_headline)),
            (ArticleField::SeoTitle, is_set(seo_title)),
            (ArticleField::SeoDescription, is_set(seo_description)),
            (ArticleField::Deck, is_set(deck)),
            (ArticleField::Kicker, is_set(kicker)),
            (ArticleField::Slug, is_set(slug)),
            (ArticleField::OriginalUrl, is_set(original_url)),
            (ArticleField::Byline, is_set(byline)),
            (ArticleField::Distributor, is_set(distributor)),
            (ArticleField::Dateline, is_set(dateline)),
            (ArticleField::Section, is_set(section_id)),
            (ArticleField::Tags, is_set(tag_ids)),
            (ArticleField::LeadMedia, is_set(lead_media)),
            (
                ArticleField::Body,
                is_set(body) || is_set(body_markdown) || is_set(body_html),
            ),
            (ArticleField::Related, is_set(related)),
            (ArticleField::InternalNote, is_set(internal_note)),
            (ArticleField::EmbargoUntil, is_set(embargo_until)),
            (ArticleField::Custom, is_set(custom)),
        ])
    }
}

impl Article {
    /// The fields in which it is another than `before`.
    pub fn changed_since(&self, before: &Self) -> Vec<ArticleField> {
        let mut changed = self.content.changed_since(&before.content);
        let (now, was) = (self.schedule.as_ref(), before.schedule.as_ref());
        let differs = |what: fn(&Schedule) -> Option<Timestamp>| now.and_then(what) != was.and_then(what);
        changed.extend(only(&[
            (
                ArticleField::TranslationGroup,
                self.translation_group != before.translation_group,
            ),
            (ArticleField::Slug, self.slug != before.slug),
            (ArticleField::Status, self.status != before.status),
            (ArticleField::DeletedAt, self.deleted_at != before.deleted_at),
            (ArticleField::Corrections, self.corrections != before.corrections),
            (ArticleField::PublishAt, differs(|one| one.publish_at)),
            (ArticleField::UnpublishAt, differs(|one| one.unpublish_at)),
            (
                ArticleField::TimeZone,
                now.and_then(|one| one.time_zone.as_ref()) != was.and_then(|one| one.time_zone.as_ref()),
            ),
            (
                ArticleField::ScheduledRevision,
                now.and_then(|one| one.revision) != was.and_then(|one| one.revision),
            ),
        ]));
        changed
    }
}

fn only(fields: &[(ArticleField, bool)]) -> Vec<ArticleField> {
    let changed = fields.iter().filter(|(_, is_changed)| *is_changed);
    changed.map(|(field, _)| *field).collect()
}
