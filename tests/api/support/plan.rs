//! How a database would go about a statement.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use super::database::Database;

/// A step of a plan.
#[derive(QueryableByName)]
struct OnSqlite {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct OnPostgres {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    step: String,
}

impl Database {
    /// How the database would go about a statement, step by step. On PostgreSQL with whatever can be avoided switched off, for a
    /// database of a handful of rows has no use for an index.
    pub(crate) fn plan(&self, statement: &str) -> Vec<String> {
        if !self.is_postgres() {
            let mut conn = SqliteConnection::establish(&self.file().display().to_string()).expect("a connection");
            let explained = diesel::sql_query(format!("explain query plan {statement}"));
            let steps: Vec<OnSqlite> = explained.load(&mut conn).expect("the statement is explained");
            return steps.into_iter().map(|step| step.detail).collect();
        }
        let mut conn = PgConnection::establish(&self.address()).expect("a connection");
        let values = (1..1_000)
            .take_while(|number| statement.contains(&format!("${number}")))
            .count();
        let values = vec!["null"; values].join(", ");
        let of = if values.is_empty() {
            String::new()
        } else {
            format!("({values})")
        };
        conn.batch_execute(&format!(
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_sort = off;
             set enable_incremental_sort = off; set enable_bitmapscan = off; set enable_hashjoin = off;
             set enable_mergejoin = off; set enable_hashagg = off; set enable_material = off; set enable_memoize = off;
             prepare explained as {statement}"
        ))
        .expect("the statement is prepared");
        let explained = diesel::sql_query(format!("explain execute explained{of}"));
        let steps: Vec<OnPostgres> = explained.load(&mut conn).expect("the statement is explained");
        steps.into_iter().map(|step| step.step).collect()
    }
}
