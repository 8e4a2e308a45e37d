//! The statements that tell where editions lead, written by hand: each is asked at every read of an article that leads somewhere.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Integer, Nullable, Text};

use super::super::among::several;
use super::super::types::Uid;
use super::listing::Binds;
use super::moment::Shown;
use crate::domain::id::EditionId;

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

macro_rules! statement {
    ($name:ident: $columns:literal from $table:literal by $order:literal) => {
        /// The words differ with what is asked; a prepared statement is found by them.
        impl QueryId for $name<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<Conn> RunQueryDsl<Conn> for $name<'_> {}

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
