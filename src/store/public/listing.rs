//! The statements that list live articles, written by hand: each walks ranges of an index of `shelves` and stops at the end of
//! the page, which no query builder would promise.
//!
//! Several shelves of one group are walked side by side, an article that stands on more than one being told by the first. Of other groups
//! it is asked whether the article stands on one of theirs, which is one look into an index.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text};

use super::super::among::several;
use super::super::article::rows;
use super::super::types::{Instant, Uid};
use super::list::{Asked, PublicFilter};
use crate::domain::id::{ArticleId, ShelfId};
use crate::domain::page::{ByTime, Place, Way};
use crate::domain::shelf::Shelf;
use crate::domain::time::Timestamp;

/// A database that takes what these statements bind.
pub(super) trait Binds:
    Backend + HasSqlType<Uid> + HasSqlType<Instant> + HasSqlType<BigInt> + HasSqlType<Text>
{
}

impl<DB> Binds for DB where DB: Backend + HasSqlType<Uid> + HasSqlType<Instant> + HasSqlType<BigInt> + HasSqlType<Text> {}

/// The articles of a filter, on the shelves that are walked for it.
struct Walk<'a> {
    filter: &'a PublicFilter,
    /// Never empty.
    walked: Vec<ShelfId>,
    asked_of: Vec<Vec<ShelfId>>,
}

impl<'a> Walk<'a> {
    fn new(filter: &'a PublicFilter) -> Self {
        let mut groups = filter.groups().into_iter();
        // Articles that are named by their ids are looked up one by one, and asked for everything else.
        let walked = if filter.ids.is_empty() { groups.next() } else { None };
        Self {
            filter,
            walked: walked.unwrap_or_else(|| vec![Shelf::Site.id()]),
            asked_of: groups.collect(),
        }
    }

    /// The conditions on `s`, a row of the shelf that is the `at`th of those walked.
    fn conditions<'b, DB: Binds>(&'b self, at: usize, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        ShelfId: ToSql<Uid, DB>,
        ArticleId: ToSql<Uid, DB>,
        Timestamp: ToSql<Instant, DB>,
    {
        let (before, from) = self.walked.split_at_checked(at).unwrap_or_default();
        out.push_sql("s.shelf = ");
        if let Some(shelf) = from.first() {
            out.push_bind_param::<Uid, _>(shelf)?;
        }
        if !self.filter.ids.is_empty() {
            out.push_sql(" and s.article_id in ");
            listed::<Uid, _, DB>(&self.filter.ids, out.reborrow())?;
        }
        if let Some(after) = &self.filter.published_after {
            out.push_sql(" and s.published_at > ");
            out.push_bind_param::<Instant, _>(after)?;
        }
        if let Some(before) = &self.filter.published_before {
            out.push_sql(" and s.published_at < ");
            out.push_bind_param::<Instant, _>(before)?;
        }
        if !before.is_empty() {
            out.push_sql(" and not ");
            stands_on(before, out.reborrow())?;
        }
        for group in &self.asked_of {
            out.push_sql(" and ");
            stands_on(group, out.reborrow())?;
        }
        Ok(())
    }
}

fn stands_on<'b, DB: Binds>(shelves: &'b [ShelfId], mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    ShelfId: ToSql<Uid, DB>,
{
    out.push_sql("exists (select 1 from shelves as o where o.article_id = s.article_id and o.shelf in ");
    listed::<Uid, _, DB>(shelves, out.reborrow())?;
    out.push_sql(")");
    Ok(())
}

/// A list of a filter. Filters with long lists are many and asked seldom, so their statements are not kept prepared.
fn listed<'b, ST, T, DB>(values: &'b [T], mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    if values.len() > 1 {
        out.unsafe_to_cache_prepared();
    }
    several::<ST, T, DB>(values, out)
}

/// A page: edition, what is sorted by, article.
pub(super) struct Listing<'a> {
    walk: Walk<'a>,
    by: &'static str,
    descending: bool,
    from: Option<(Timestamp, ArticleId)>,
    limit: i64,
}

impl<'a> Listing<'a> {
    pub(super) fn new(filter: &'a PublicFilter, asked: &Asked) -> Self {
        let back = matches!(asked.from, Some(Place { way: Way::Back, .. }));
        Self {
            walk: Walk::new(filter),
            by: asked.sort.column(),
            descending: asked.sort.is_descending() != back,
            from: asked.from.as_ref().map(
                |Place {
                     key: ByTime { at, id }, ..
                 }| (*at, ArticleId(*id)),
            ),
            limit: rows(asked.limit),
        }
    }

    fn order<DB: Binds>(&self, out: &mut AstPass<'_, '_, DB>, at: &str, article: &str) {
        let way = if self.descending { " desc" } else { "" };
        out.push_sql(&format!(" order by {at}{way}, {article}{way} limit "));
    }
}

impl Query for Listing<'_> {
    type SqlType = (Uid, Instant, Uid);
}

impl<DB: Binds> QueryFragment<DB> for Listing<'_>
where
    ShelfId: ToSql<Uid, DB>,
    ArticleId: ToSql<Uid, DB>,
    Timestamp: ToSql<Instant, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let several = self.walk.walked.len() > 1;
        if several {
            out.unsafe_to_cache_prepared();
        }
        for at in 0..self.walk.walked.len() {
            out.push_sql(match (several, at) {
                (false, _) => "",
                (true, 0) => "select * from (",
                (true, _) => " union all select * from (",
            });
            // A cross join is walked in the order in which it is written.
            out.push_sql(&format!(
                "select e.id, s.{0} as at, s.article_id from shelves as s cross join editions as e \
                 where e.article_id = s.article_id and e.live_until is null and ",
                self.by
            ));
            self.walk.conditions(at, out.reborrow())?;
            if let Some((moment, article)) = &self.from {
                let beyond = if self.descending { "<" } else { ">" };
                out.push_sql(&format!(" and (s.{}, s.article_id) {beyond} (", self.by));
                out.push_bind_param::<Instant, _>(moment)?;
                out.push_sql(", ");
                out.push_bind_param::<Uid, _>(article)?;
                out.push_sql(")");
            }
            self.order(&mut out, &format!("s.{}", self.by), "s.article_id");
            out.push_bind_param::<BigInt, _>(&self.limit)?;
            out.push_sql(if several { ") as walked" } else { "" });
        }
        if several {
            self.order(&mut out, "at", "article_id");
            out.push_bind_param::<BigInt, _>(&self.limit)?;
        }
        Ok(())
    }
}

/// How many articles a filter lets through.
pub(super) struct Counted<'a>(Walk<'a>);

impl<'a> Counted<'a> {
    pub(super) fn new(filter: &'a PublicFilter) -> Self {
        Self(Walk::new(filter))
    }
}

impl Query for Counted<'_> {
    type SqlType = BigInt;
}

impl<DB: Binds> QueryFragment<DB> for Counted<'_>
where
    ShelfId: ToSql<Uid, DB>,
    ArticleId: ToSql<Uid, DB>,
    Timestamp: ToSql<Instant, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.0.walked.len() > 1 {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql("select count(*) from (");
        for at in 0..self.0.walked.len() {
            out.push_sql(if at == 0 { "" } else { " union all " });
            out.push_sql("select 1 from shelves as s where ");
            self.0.conditions(at, out.reborrow())?;
        }
        out.push_sql(") as counted");
        Ok(())
    }
}

/// The latest of each of some shelves: shelf, edition.
pub(super) struct Latest<'a> {
    /// Never empty.
    pub(super) of: &'a [ShelfId],
    pub(super) limit: i64,
}

impl Query for Latest<'_> {
    type SqlType = (Uid, Uid);
}

impl<DB: Binds> QueryFragment<DB> for Latest<'_>
where
    ShelfId: ToSql<Uid, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        for (at, shelf) in self.of.iter().enumerate() {
            out.push_sql(if at == 0 { "" } else { " union all " });
            out.push_sql(
                "select * from (select s.shelf, e.id from shelves as s cross join editions as e \
                 where e.article_id = s.article_id and e.live_until is null and s.shelf = ",
            );
            out.push_bind_param::<Uid, _>(shelf)?;
            out.push_sql(" order by s.published_at desc, s.article_id desc limit ");
            out.push_bind_param::<BigInt, _>(&self.limit)?;
            out.push_sql(") as walked");
        }
        Ok(())
    }
}

/// Statements whose texts differ with what is asked: a prepared one is found by its words.
macro_rules! found_by_words {
    ($($name:ident),+) => {$(
        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<Conn> diesel::RunQueryDsl<Conn> for $name<'_> {}
    )+};
}
pub(super) use found_by_words;

found_by_words!(Listing, Counted, Latest);
