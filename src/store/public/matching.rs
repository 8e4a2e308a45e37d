//! The statement that finds live articles by their words. It is asked at every search, and has fixed words of its own on each database.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::super::types::{Instant, Uid};
use super::listing::Binds;
use crate::domain::time::Timestamp;

/// The virtual table leads: it tells its rows from the newest on, one after the other, so that nothing is sorted and as much is
/// read as is told.
const ON_SQLITE: &str = "
    select s.id, s.article_id, s.published_at, s.top
    from search_words w cross join searched s on s.id = w.rowid
    where w.search_words match $words and w.rowid < $before and w.rowid >= $first
        and s.published_at > $after and s.published_at < $until
    order by w.rowid desc limit $limit";

/// The planner cannot tell a word that it has no figures of from one that most stories have, nor what it costs to read the words of a
/// row; where it errs, it reads all of them. So it is left no choice: the newest 700 rows are read, and how many of
/// them have the words tells how to find the rest: one row after the other where 2 % have them (`offset 0` keeps the index out),
/// and by the index where fewer do (`+ 0` keeps the key out).
const ON_POSTGRES: &str = "
    with newest as materialized (
        select s.id, s.article_id, s.published_at, s.top, s.words @@ $words::text::tsquery as found
        from searched s
        where s.id < $before and s.id >= $first and s.published_at > $after and s.published_at < $until
        order by s.id desc limit 700
    ), seen as (select count(*) filter (where found) as many, min(id) as last from newest)
    select id, article_id, published_at, top from newest where found
    union all (
        select s.id, s.article_id, s.published_at, s.top
        from (select * from searched where id < (select last from seen) order by id desc offset 0) s
        where (select many from seen) >= 14 and (select many from seen) < $limit
            and s.words @@ $words::text::tsquery and s.id >= $first and s.published_at > $after and s.published_at < $until
        limit $limit
    )
    union all (
        select s.id, s.article_id, s.published_at, s.top
        from searched s
        where (select many from seen) < 14 and s.words @@ $words::text::tsquery
            and s.id + 0 < (select last from seen) and s.id + 0 >= $first and s.published_at > $after and s.published_at < $until
        order by s.id + 0 desc limit $limit
    )
    order by id desc limit $limit";

/// Row, article, when it was published, and the words above its body, of the newest that have these words.
#[derive(Debug, Clone)]
pub(super) struct Matching {
    /// As the full-text search of the database takes them.
    pub(super) words: String,
    /// Rows below this one.
    pub(super) before: i64,
    /// No rows below this one.
    pub(super) first: i64,
    pub(super) after: Timestamp,
    pub(super) until: Timestamp,
    pub(super) limit: i64,
}

impl Query for Matching {
    type SqlType = (BigInt, Uid, Instant, Text);
}

impl QueryId for Matching {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Conn> RunQueryDsl<Conn> for Matching {}

impl Matching {
    /// Writes a text with the values that it names.
    fn filled<'b, DB: Binds>(&'b self, text: &str, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
        Timestamp: ToSql<Instant, DB>,
    {
        let mut pieces = text.split('$');
        out.push_sql(pieces.next().unwrap_or_default());
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(piece.len());
            let (name, rest) = piece.split_at(end);
            match name {
                "words" => out.push_bind_param::<Text, _>(&self.words)?,
                "before" => out.push_bind_param::<BigInt, _>(&self.before)?,
                "first" => out.push_bind_param::<BigInt, _>(&self.first)?,
                "after" => out.push_bind_param::<Instant, _>(&self.after)?,
                "until" => out.push_bind_param::<Instant, _>(&self.until)?,
                "limit" => out.push_bind_param::<BigInt, _>(&self.limit)?,
                _ => return Err(Error::QueryBuilderError(format!("nothing is called {name}").into())),
            }
            out.push_sql(rest);
        }
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Matching {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.filled(ON_SQLITE, out)
    }
}

impl QueryFragment<Pg> for Matching {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // Of a statement that it keeps, the server makes a plan for whatever the words are.
        out.unsafe_to_cache_prepared();
        self.filled(ON_POSTGRES, out)
    }
}
