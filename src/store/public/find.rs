//! The statement that finds the edition of a page, written by hand: it is asked at every read of an article, and its words are put together
//! faster from pieces that are ready than by a query builder.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, Text};

use super::super::among::several;
use super::super::types::{Instant, Uid};
use super::listing::{Binds, found_by_words};
use super::moment::Shown;
use crate::domain::id::{ArticleId, ShortId};
use crate::domain::locale::Locale;
use crate::domain::slug::Slug;

/// Edition, article, path, since when it is live, whether it has related links, its translations' group, and whether another
/// article was ever live in that. Two ranges of the index tell the latter, so that the article's own editions, of which there may be
/// thousands, are not met.
const COLUMNS: &str = "select editions.id, editions.article_id, editions.path, editions.live_from, \
    exists (select 1 from edition_related as r where r.edition_id = editions.id), editions.translation_group, \
    (exists (select 1 from editions as below where below.translation_group = editions.translation_group \
    and below.article_id < editions.article_id) \
    or exists (select 1 from editions as above where above.translation_group = editions.translation_group \
    and above.article_id > editions.article_id)) from editions where ";

/// Which editions.
#[derive(Debug, Clone, Copy)]
pub(super) enum Find<'a> {
    OfArticle(ArticleId, Shown),
    OfShortId(&'a ShortId, Shown),
    /// Of those with the slug the one in the locale, or else the latest published.
    OfSlug(&'a Slug, &'a Locale, Shown),
    /// The same among these articles.
    Among(&'a [ArticleId], &'a Locale, Shown),
}

impl Query for Find<'_> {
    type SqlType = (Uid, Uid, Text, Instant, Bool, Uid, Bool);
}

found_by_words!(Find);

impl<DB: Binds> QueryFragment<DB> for Find<'_>
where
    ArticleId: ToSql<Uid, DB>,
    ShortId: ToSql<Text, DB>,
    Slug: ToSql<Text, DB>,
    Locale: ToSql<Text, DB>,
    Shown: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(COLUMNS);
        match self {
            Self::OfArticle(id, shown) => {
                out.push_sql("editions.article_id = ");
                out.push_bind_param::<Uid, _>(id)?;
                and(shown, out)
            }
            Self::OfShortId(id, shown) => {
                out.push_sql("editions.short_id = ");
                out.push_bind_param::<Text, _>(*id)?;
                and(shown, out)
            }
            Self::OfSlug(slug, prefer, shown) => {
                out.push_sql("editions.slug = ");
                out.push_bind_param::<Text, _>(*slug)?;
                and(shown, out.reborrow())?;
                first(prefer, out)
            }
            Self::Among(ids, prefer, shown) => {
                out.push_sql("editions.article_id in ");
                several::<Uid, _, DB>(ids, out.reborrow())?;
                and(shown, out.reborrow())?;
                first(prefer, out)
            }
        }
    }
}

fn and<'b, DB: Binds>(shown: &'b Shown, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    Shown: QueryFragment<DB>,
{
    out.push_sql(" and ");
    shown.walk_ast(out)
}

fn first<'b, DB: Binds>(prefer: &'b Locale, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    Locale: ToSql<Text, DB>,
{
    out.push_sql(" order by editions.locale = ");
    out.push_bind_param::<Text, _>(prefer)?;
    out.push_sql(" desc, editions.published_at desc, editions.article_id desc limit 1");
    Ok(())
}
