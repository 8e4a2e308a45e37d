//! Lists of media, the last uploaded first.

use diesel::prelude::*;

use super::super::article::rows;
use super::super::conn::{DbConn, on_backend};
use super::super::error::Result;
use super::super::schema::{media, media_uses};
use super::super::sqlite::lower;
use super::row::MediaRow;
use crate::domain::id::MediaId;
use crate::domain::media::{Media, MediaKind};
use crate::domain::page::ByTime;
use crate::domain::time::Timestamp;

/// Which media. What is absent leaves that side open.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MediaFilter {
    pub kinds: Vec<MediaKind>,
    /// Words anywhere in what is said of it or in its file's name; letters of either case.
    pub words: Option<String>,
    /// The same, in the credit, the creator or the source.
    pub credit: Option<String>,
    /// Only what nothing shows.
    pub unused: bool,
    /// Only pictures without a text for who does not see them.
    pub without_alt: bool,
    /// Later than this, not at it.
    pub uploaded_after: Option<Timestamp>,
    /// Only what has rights that end before this.
    pub rights_expire_before: Option<Timestamp>,
    /// False hides the trash, true shows nothing else.
    pub trashed: bool,
}

/// A boxed query for what the filter lets through.
macro_rules! filtered {
    ($filter:expr) => {{
        let filter: &MediaFilter = $filter;
        let mut query = media::table.into_boxed::<Db>();
        if !filter.kinds.is_empty() {
            query = query.filter(media::kind.eq_any(&filter.kinds));
        }
        if let Some(words) = &filter.words {
            let like = holding(words);
            query = query.filter(
                lower(media::headline.nullable())
                    .like(like.clone())
                    .escape('\\')
                    .or(lower(media::caption).like(like.clone()).escape('\\'))
                    .or(lower(media::alt).like(like.clone()).escape('\\'))
                    .or(lower(media::credit).like(like.clone()).escape('\\'))
                    .or(lower(media::creator).like(like.clone()).escape('\\'))
                    .or(lower(media::filename.nullable()).like(like).escape('\\')),
            );
        }
        if let Some(credit) = &filter.credit {
            let like = holding(credit);
            query = query.filter(
                lower(media::credit)
                    .like(like.clone())
                    .escape('\\')
                    .or(lower(media::creator).like(like.clone()).escape('\\'))
                    .or(lower(media::source).like(like).escape('\\')),
            );
        }
        if filter.unused {
            let used = media_uses::table.filter(media_uses::media_id.eq(media::id));
            query = query.filter(diesel::dsl::not(diesel::dsl::exists(used)));
        }
        if filter.without_alt {
            query = query
                .filter(media::kind.eq(MediaKind::Image))
                .filter(media::alt.is_null());
        }
        if let Some(moment) = filter.uploaded_after {
            query = query.filter(media::created_at.gt(moment));
        }
        if let Some(moment) = filter.rights_expire_before {
            query = query.filter(media::rights_expire_at.lt(moment));
        }
        if filter.trashed {
            query.filter(media::deleted_at.is_not_null())
        } else {
            query.filter(media::deleted_at.is_null())
        }
    }};
}

/// A page, the last uploaded first.
pub fn list(conn: &mut DbConn, filter: &MediaFilter, after: Option<ByTime>, limit: usize) -> Result<Vec<Media>> {
    let found: Vec<MediaRow> = on_backend!(conn, |c| {
        let mut query = filtered!(filter);
        if let Some(ByTime { at, id }) = after {
            // The first condition repeats the second's bound in a form that an index can be entered by.
            let later = media::created_at.lt(at).or(media::id.lt(MediaId(id)));
            query = query.filter(media::created_at.le(at)).filter(later);
        }
        query
            .order((media::created_at.desc(), media::id.desc()))
            .limit(rows(limit))
            .select(MediaRow::as_select())
            .load(c)
    })?;
    found.into_iter().map(MediaRow::whole).collect()
}

pub fn count(conn: &mut DbConn, filter: &MediaFilter) -> Result<i64> {
    Ok(on_backend!(conn, |c| filtered!(filter).count().get_result(c))?)
}

/// A pattern for what holds the words, with nothing in them that a pattern could mean.
fn holding(words: &str) -> String {
    let escaped = words
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}
