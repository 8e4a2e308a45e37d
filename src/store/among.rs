//! `column IN (list)`, of which each connection keeps the statement prepared.
//!
//! Diesel's own `eq_any` writes a list of its own length on SQLite, and has the statement prepared at each run, which takes longer than
//! to run it. Here a list is as long as the next power of two: its last value stands in it several times, which finds nothing more.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Bool, HasSqlType, SqlType, is_nullable};
use diesel::sqlite::Sqlite;

/// Lists of more values are met seldom, and their statements are not kept.
const KEPT: usize = 256;

/// Writes a list of values, of which there is one at least, as behind `in`.
pub(super) fn several<'b, ST, T, DB>(values: &'b [T], out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    padded::<ST, T, DB>(values, ["(", ", ", ")"], out)
}

/// The same as rows of one value each, as behind `values`.
pub(super) fn in_rows<'b, ST, T, DB>(values: &'b [T], out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    padded::<ST, T, DB>(values, ["(", "), (", ")"], out)
}

fn padded<'b, ST, T, DB>(
    values: &'b [T],
    [before, between, behind]: [&str; 3],
    mut out: AstPass<'_, 'b, DB>,
) -> QueryResult<()>
where
    DB: Backend + HasSqlType<ST>,
    T: ToSql<ST, DB>,
{
    let length = match values.len() {
        many if many > KEPT => {
            out.unsafe_to_cache_prepared();
            many
        }
        few => few.next_power_of_two(),
    };
    let padded = values.iter().chain(values.last().into_iter().cycle()).take(length);
    for (at, value) in padded.enumerate() {
        out.push_sql(if at == 0 { before } else { between });
        out.push_bind_param::<ST, T>(value)?;
    }
    out.push_sql(behind);
    Ok(())
}

/// Columns that are asked for one of several values.
pub(super) trait Among: Expression + Sized {
    /// True of rows whose column has one of these values, as `eq_any` is.
    fn among<V>(self, values: &[V]) -> AmongValues<'_, Self, V> {
        AmongValues { column: self, values }
    }
}

impl<C> Among for C
where
    C: Expression,
    C::SqlType: SqlType<IsNull = is_nullable::NotNull>,
{
}

pub(super) struct AmongValues<'a, C, V> {
    column: C,
    values: &'a [V],
}

impl<C: Expression, V> Expression for AmongValues<'_, C, V> {
    type SqlType = Bool;
}

impl<C: SelectableExpression<From>, V, From> SelectableExpression<From> for AmongValues<'_, C, V> {}

impl<C: AppearsOnTable<From>, V, From> AppearsOnTable<From> for AmongValues<'_, C, V> {}

impl<C: ValidGrouping<By>, V, By> ValidGrouping<By> for AmongValues<'_, C, V> {
    type IsAggregate = C::IsAggregate;
}

/// The length of the list is no part of the type, so statements are told apart by their text.
impl<C, V> QueryId for AmongValues<'_, C, V> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, V> QueryFragment<Sqlite> for AmongValues<'_, C, V>
where
    C: Expression + QueryFragment<Sqlite>,
    V: ToSql<C::SqlType, Sqlite>,
    Sqlite: HasSqlType<C::SqlType>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        if self.values.is_empty() {
            out.push_sql("1=0");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN ");
        several::<C::SqlType, V, Sqlite>(self.values, out)
    }
}

impl<C, V> QueryFragment<Pg> for AmongValues<'_, C, V>
where
    C: Expression + QueryFragment<Pg>,
    C::SqlType: 'static,
    [V]: ToSql<Array<C::SqlType>, Pg>,
    Pg: HasSqlType<Array<C::SqlType>>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<C::SqlType>, [V]>(self.values)?;
        out.push_sql(")");
        Ok(())
    }
}
