//! Revisions: what an article was at each write, kept as it was.

mod field;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use field::ArticleField;

use super::article::{Article, Content};
use super::id::{ArticleId, TranslationGroup, UserId};
use super::invalid::words;
use super::slug::Slug;
use super::text::RevisionNote;
use super::time::Timestamp;
use super::workflow::Status;

words! {
    /// What a revision was written for.
    RevisionReason {
        /// Somebody wrote, or changed what it names or shows.
        Edit = "edit",
        /// An editor's program saved what was written so far.
        Autosave = "autosave",
        Publish = "publish",
        Unpublish = "unpublish",
        Retract = "retract",
        Submit = "submit",
        Reject = "reject",
        Schedule = "schedule",
        Unschedule = "unschedule",
        Trash = "trash",
        /// It was taken out of the trash.
        Restore = "restore",
        /// An older revision was put in the place of what was there.
        Revert = "revert",
        /// A public note was added, changed or removed.
        Correct = "correct",
        /// A contributor or a tag that it names was merged into another.
        Merge = "merge",
    }
}

/// All that a revision keeps of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    pub slug: Slug,
    pub translation_group: TranslationGroup,
    #[serde(flatten)]
    pub content: Content,
}

/// What a revision is written for, and what is told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub reason: RevisionReason,
    pub note: Option<RevisionNote>,
    /// The revision that is put back.
    pub source: Option<i32>,
}

impl From<RevisionReason> for Why {
    fn from(reason: RevisionReason) -> Self {
        Self {
            reason,
            note: None,
            source: None,
        }
    }
}

/// One write of an article, without what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub article_id: ArticleId,
    pub number: i32,
    /// The first of the autosaves that are folded into it; its own number where none are.
    pub first: i32,
    /// When the first of them was written.
    pub begun_at: Timestamp,
    pub reason: RevisionReason,
    /// Where the article stood with it.
    pub status: Status,
    /// What is another than in the revision before.
    pub changed: Vec<ArticleField>,
    pub note: Option<RevisionNote>,
    /// The revision that was put back.
    pub source: Option<i32>,
    pub created_at: Timestamp,
    pub created_by: UserId,
}

/// Autosaves of one editor become one revision while they follow each other within this many microseconds.
const FOLD: i64 = 5 * 60 * 1_000_000;

impl Revision {
    /// The revision that a write makes of `article`, which was `before`, where it was there.
    pub fn of(article: &Article, before: Option<&Article>, why: Why) -> Self {
        Self {
            article_id: article.id,
            number: article.revision,
            first: article.revision,
            begun_at: article.updated_at,
            reason: why.reason,
            status: article.status,
            changed: before.map_or_else(Vec::new, |before| article.changed_since(before)),
            note: why.note,
            source: why.source,
            created_at: article.updated_at,
            created_by: article.updated_by,
        }
    }

    /// Whether it takes in the revision before: both are autosaves of one editor within five minutes.
    pub fn folds(&self, last: &Self) -> bool {
        let autosaves = [self.reason, last.reason] == [RevisionReason::Autosave; 2];
        let near = self.created_at.micros() - last.begun_at.micros() < FOLD;
        autosaves && near && self.created_by == last.created_by
    }

    /// Takes in the revision before.
    pub fn fold(&mut self, last: &Self) {
        self.first = last.first;
        self.begun_at = last.begun_at;
        let more = last.changed.iter().filter(|field| !self.changed.contains(field));
        let more: Vec<ArticleField> = more.copied().collect();
        self.changed.extend(more);
    }
}

impl From<&Article> for Snapshot {
    fn from(article: &Article) -> Self {
        Self {
            slug: article.slug.clone(),
            translation_group: article.translation_group,
            content: article.content.clone(),
        }
    }
}

impl Snapshot {
    /// Whether the article is just this.
    pub fn is(&self, article: &Article) -> bool {
        (&self.slug, self.translation_group, &self.content)
            == (&article.slug, article.translation_group, &article.content)
    }
}
