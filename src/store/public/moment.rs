//! Which edition of an article readers see at a moment: the one notion of it that every statement of theirs has.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};

use super::super::schema::editions;
use super::super::types::Instant;
use crate::domain::time::{Moment, Timestamp};

/// Editions that readers see then: from `live_from` on, until `live_until` and not at it.
pub(super) fn live(moment: Moment) -> Shown {
    match moment {
        Moment::Now => Shown::Now,
        Moment::At(at) => Shown::At(at),
    }
}

/// Editions that readers see then or saw before.
pub(super) fn begun(moment: Moment) -> Shown {
    match moment {
        Moment::Now => Shown::Ever,
        Moment::At(at) => Shown::By(at),
    }
}

/// A condition on editions. One type for all of its forms, so that a statement is written once; what it says of now is what the
/// partial indexes say, so that they serve.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    Now,
    At(Timestamp),
    Ever,
    By(Timestamp),
}

impl Expression for Shown {
    type SqlType = Bool;
}

impl<Tables> AppearsOnTable<Tables> for Shown where editions::live_until: AppearsOnTable<Tables> {}

impl ValidGrouping<()> for Shown {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

/// The type does not tell the statement, so that a prepared one is found by its words.
impl QueryId for Shown {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Shown
where
    DB: Backend + HasSqlType<Instant>,
    Timestamp: ToSql<Instant, DB>,
    editions::live_from: QueryFragment<DB>,
    editions::live_until: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Self::Now => {
                editions::live_until.walk_ast(out.reborrow())?;
                out.push_sql(" IS NULL");
            }
            Self::At(at) => {
                out.push_sql("(");
                begun_by(at, out.reborrow())?;
                out.push_sql(" AND (");
                editions::live_until.walk_ast(out.reborrow())?;
                out.push_sql(" IS NULL OR ");
                editions::live_until.walk_ast(out.reborrow())?;
                out.push_sql(" > ");
                out.push_bind_param::<Instant, _>(at)?;
                out.push_sql("))");
            }
            Self::Ever => out.push_sql("TRUE"),
            Self::By(at) => begun_by(at, out)?,
        }
        Ok(())
    }
}

fn begun_by<'b, DB>(at: &'b Timestamp, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<Instant>,
    Timestamp: ToSql<Instant, DB>,
    editions::live_from: QueryFragment<DB>,
{
    editions::live_from.walk_ast(out.reborrow())?;
    out.push_sql(" <= ");
    out.push_bind_param::<Instant, _>(at)
}
