//! The statements that tell where editions lead, written by hand: each is asked at every read of an article that leads somewhere.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Integer, Nullable, Text};
use diesel::sqlite::Sqlite;

use super::super::among::{in_rows, several};
use super::super::types::Uid;
use super::listing::{Binds, found_by_words};
use super::moment::Shown;
use crate::domain::id::{ArticleId, EditionId};

/// The related links of editions in the order of each, and the editions of the articles that they lead to, as far as readers see them.
#[derive(Debug, Clone, Copy)]
pub(super) struct RelatedOf<'a> {
    pub(super) editions: &'a [EditionId],
    pub(super) shown: Shown,
}

/// The articles that the texts of editions link to, with their paths as far as readers see them.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkedFrom<'a> {
    pub(super) editions: &'a [EditionId],
    pub(super) shown: Shown,
}

/// The editions that readers see of articles, of which there is one at least; one that is named twice may be told twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiveOf<'a> {
    pub(super) articles: &'a [ArticleId],
    pub(super) shown: Shown,
}

/// Those of some editions, of which there is one at least, that readers see; an index tells it by itself. One that is named twice may be told twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct StillLive<'a> {
    pub(super) editions: &'a [EditionId],
    pub(super) shown: Shown,
}

type Optional = Nullable<Text>;
type Link = (
    Uid,
    Integer,
    Uid,
    Text,
    Text,
    Nullable<Uid>,
    Optional,
    Optional,
    Optional,
    Optional,
);

impl Query for RelatedOf<'_> {
    type SqlType = (Link, Nullable<Uid>);
}

impl Query for LinkedFrom<'_> {
    type SqlType = (Uid, Uid, Optional);
}

impl Query for LiveOf<'_> {
    type SqlType = (Uid, Uid);
}

impl Query for StillLive<'_> {
    type SqlType = Uid;
}

macro_rules! statement {
    ($name:ident: $columns:literal from $table:literal by $order:literal) => {
        found_by_words!($name);

        impl<DB: Binds> QueryFragment<DB> for $name<'_>
        where
            EditionId: ToSql<Uid, DB>,
            Shown: QueryFragment<DB>,
        {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql(concat!(
                    "select ",
                    $columns,
                    " from ",
                    $table,
                    " as l left join editions on editions.article_id = l.target_article_id and "
                ));
                self.shown.walk_ast(out.reborrow())?;
                out.push_sql(" where l.edition_id in ");
                several::<Uid, _, DB>(self.editions, out.reborrow())?;
                out.push_sql(concat!(" order by l.edition_id, ", $order));
                Ok(())
            }
        }
    };
}

statement!(RelatedOf: "l.edition_id, l.position, l.link, l.kind, l.placement, l.target_article_id, l.url, l.title, l.source, \
    l.label_override, editions.id" from "edition_related" by "l.position");
statement!(LinkedFrom: "l.edition_id, l.target_article_id, editions.path" from "edition_links" by "l.target_article_id");

/// Tells columns of those editions that readers see, of the ones whose column is one of `$ids`. On SQLite a list behind `in` is put into a table first, and
/// that again taken apart, which takes twice as long as rows of values; of those the planner does not know that they are few, so they are joined in the order
/// in which that is written.
macro_rules! live {
    ($name:ident: $columns:literal by $column:literal in $ids:ident: [$id:ty]) => {
        found_by_words!($name);

        impl QueryFragment<Sqlite> for $name<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_sql(concat!("select ", $columns, " from (values "));
                in_rows::<Uid, $id, Sqlite>(self.$ids, out.reborrow())?;
                out.push_sql(concat!(
                    ") as asked cross join editions where ",
                    $column,
                    " = asked.column1 and "
                ));
                self.shown.walk_ast(out)
            }
        }

        impl QueryFragment<Pg> for $name<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql(concat!(
                    "select ",
                    $columns,
                    " from editions where ",
                    $column,
                    " = any("
                ));
                out.push_bind_param::<Array<Uid>, [$id]>(self.$ids)?;
                out.push_sql(") and ");
                self.shown.walk_ast(out)
            }
        }
    };
}

live!(LiveOf: "editions.article_id, editions.id" by "editions.article_id" in articles: [ArticleId]);
live!(StillLive: "editions.id" by "editions.id" in editions: [EditionId]);
