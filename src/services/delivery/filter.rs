//! Which articles a reader asks for, by the names that readers know.

use crate::domain::article::ArticleKind;
use crate::domain::id::ArticleId;
use crate::domain::locale::Locale;
use crate::domain::slug::Slug;
use crate::domain::time::{Moment, Timestamp};
use crate::services::Error;
use crate::services::reading::{ids_of, with_children};
use crate::store::PublicConn;
use crate::store::public::{self, PublicFilter};

/// Which articles. An empty list leaves that side open; values of one list are alternatives, different lists all hold.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// By slug; a section brings those below it.
    pub sections: Vec<Slug>,
    /// By slug.
    pub tags: Vec<Slug>,
    /// By slug.
    pub contributors: Vec<Slug>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    /// With a related link to one of these articles.
    pub related_to: Vec<ArticleId>,
    pub ids: Vec<ArticleId>,
    /// Later than this, not at it.
    pub published_after: Option<Timestamp>,
    /// Earlier than this, not at it.
    pub published_before: Option<Timestamp>,
}

impl ListFilter {
    /// The filter as the store takes it; `None` where it lets nothing through.
    ///
    /// # Errors
    /// `Parameter` for a section, a tag or a contributor that is not there.
    pub(super) fn found(self, conn: &mut PublicConn, moment: Moment) -> Result<Option<PublicFilter>, Error> {
        let sections = if self.sections.is_empty() {
            Vec::new()
        } else {
            let all = public::sections(conn)?;
            match moment {
                // Shelves of sections hold what stands below them.
                Moment::Now => ids_of("section", &self.sections, &all)?,
                Moment::At(_) => with_children(&all, &self.sections)?,
            }
        };
        let tags = public::tags_by_slug(conn, &self.tags)?;
        let contributors = public::contributors_by_slug(conn, &self.contributors)?;
        let asks_for_links = !self.related_to.is_empty();
        // That a page leads to an article which readers cannot see is not told.
        let live = public::live_editions(conn, &self.related_to, moment)?;
        let related_to: Vec<ArticleId> = self.related_to.into_iter().filter(|id| live.contains_key(id)).collect();
        let nothing = asks_for_links && related_to.is_empty();
        let filter = PublicFilter {
            moment,
            sections,
            tags: ids_of("tag", &self.tags, &tags)?,
            contributors: ids_of("contributor", &self.contributors, &contributors)?,
            kinds: self.kinds,
            locales: self.locales,
            related_to,
            ids: self.ids,
            published_after: self.published_after,
            published_before: self.published_before,
        };
        Ok((!nothing).then_some(filter))
    }
}
