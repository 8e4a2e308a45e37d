//! Tables of one shape: sections, contributors, tags. Their queries are written once.

use super::conn::DbConn;
use super::error::Result;
use crate::domain::page::{ByWord, Place};
use crate::domain::slug::Slug;
use crate::domain::taxon::Taxon;

/// What is asked of each of these tables. `rows!` writes it.
pub trait TaxonRows: Taxon {
    fn insert(conn: &mut DbConn, new: &Self) -> Result<()>;

    /// Writes it if it still has the revision that the change was based on; false when it has moved on.
    fn update(conn: &mut DbConn, changed: &Self, was_revision: i32) -> Result<bool>;

    /// False when there was none. [`Referenced`](super::StoreError::Referenced) while something names it.
    fn delete(conn: &mut DbConn, id: Self::Id) -> Result<bool>;

    fn by_id(conn: &mut DbConn, id: Self::Id) -> Result<Option<Self>>;

    /// Those of `ids` that there are, in the order of `ids`, each once.
    fn by_ids(conn: &mut DbConn, ids: &[Self::Id]) -> Result<Vec<Self>>;

    /// Those of `slugs` that there are.
    fn by_slugs(conn: &mut DbConn, slugs: &[Slug]) -> Result<Vec<Self>>;

    /// The same as [`by_id`](Self::by_id), and nobody else changes it, deletes it or begins to refer to it until the
    /// transaction ends.
    fn for_update(conn: &mut DbConn, id: Self::Id) -> Result<Option<Self>>;

    fn slug_taken(conn: &mut DbConn, slug: &Slug, except: Option<Self::Id>) -> Result<bool>;

    /// A page by slug, in the order in which it is walked.
    fn list(conn: &mut DbConn, from: Option<Place<ByWord>>, limit: usize) -> Result<Vec<Self>>;

    /// How many there are.
    fn all(conn: &mut DbConn) -> Result<i64>;
}

/// Declares the row of a table by the columns that are its own, how it becomes the thing of the domain and back, and its
/// [`TaxonRows`].
macro_rules! rows {
    ($table:ident of $taxon:ident, $id:ident { $($own:ident: $kind:ty),+ $(,)? }) => {
        use $crate::store::among::Among as _;

        #[derive(Queryable, Selectable, Insertable, AsChangeset)]
        #[diesel(table_name = $table, treat_none_as_null = true, treat_none_as_default_value = false)]
        struct Row {
            id: $id,
            slug: $crate::domain::slug::Slug,
            name: $crate::domain::text::Name,
            $($own: $kind,)+
            revision: i32,
            created_at: $crate::domain::time::Timestamp,
            updated_at: $crate::domain::time::Timestamp,
            updated_by: Option<$crate::domain::id::UserId>,
        }

        impl From<&$taxon> for Row {
            fn from(one: &$taxon) -> Self {
                Self {
                    id: one.id,
                    slug: one.slug.clone(),
                    name: one.name.clone(),
                    $($own: one.$own.clone(),)+
                    revision: one.stamp.revision,
                    created_at: one.stamp.created_at,
                    updated_at: one.stamp.updated_at,
                    updated_by: one.stamp.updated_by,
                }
            }
        }

        impl From<Row> for $taxon {
            fn from(row: Row) -> Self {
                Self {
                    id: row.id,
                    slug: row.slug,
                    name: row.name,
                    $($own: row.$own,)+
                    stamp: $crate::domain::taxon::Stamp {
                        revision: row.revision,
                        created_at: row.created_at,
                        updated_at: row.updated_at,
                        updated_by: row.updated_by,
                    },
                }
            }
        }

        impl $crate::store::TaxonRows for $taxon {
            fn insert(conn: &mut DbConn, new: &Self) -> Result<()> {
                let row = Row::from(new);
                on_backend!(conn, |c| diesel::insert_into($table::table).values(&row).execute(c))?;
                Ok(())
            }

            fn update(conn: &mut DbConn, changed: &Self, was_revision: i32) -> Result<bool> {
                let row = Row::from(changed);
                let target = $table::table
                    .filter($table::id.eq(changed.id))
                    .filter($table::revision.eq(was_revision));
                Ok(on_backend!(conn, |c| diesel::update(target).set(&row).execute(c))? > 0)
            }

            fn delete(conn: &mut DbConn, id: $id) -> Result<bool> {
                let target = $table::table.filter($table::id.eq(id));
                Ok(on_backend!(conn, |c| diesel::delete(target).execute(c))? > 0)
            }

            fn by_id(conn: &mut DbConn, id: $id) -> Result<Option<Self>> {
                let query = $table::table.filter($table::id.eq(id));
                Ok(on_backend!(conn, |c| query.select(Row::as_select()).first(c).optional())?.map(Self::from))
            }

            fn by_ids(conn: &mut DbConn, ids: &[$id]) -> Result<Vec<Self>> {
                if ids.is_empty() {
                    return Ok(Vec::new());
                }
                let query = $table::table.filter($table::id.among(ids));
                let mut found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
                found.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.id));
                Ok(found.into_iter().map(Self::from).collect())
            }

            fn by_slugs(conn: &mut DbConn, slugs: &[$crate::domain::slug::Slug]) -> Result<Vec<Self>> {
                if slugs.is_empty() {
                    return Ok(Vec::new());
                }
                let query = $table::table.filter($table::slug.among(slugs));
                let found: Vec<Row> = on_backend!(conn, |c| query.select(Row::as_select()).load(c))?;
                Ok(found.into_iter().map(Self::from).collect())
            }

            fn for_update(conn: &mut DbConn, id: $id) -> Result<Option<Self>> {
                let query = $table::table.filter($table::id.eq(id));
                let row = match conn {
                    DbConn::Sqlite(c) => query.select(Row::as_select()).first(c).optional(),
                    DbConn::Postgres(c) => query.select(Row::as_select()).for_update().first(c).optional(),
                }?;
                Ok(row.map(Self::from))
            }

            fn slug_taken(
                conn: &mut DbConn,
                slug: &$crate::domain::slug::Slug,
                except: Option<$id>,
            ) -> Result<bool> {
                // The nil id is nobody's.
                let except = except.unwrap_or($id(uuid::Uuid::nil()));
                let others = $table::table
                    .filter($table::slug.eq(slug))
                    .filter($table::id.ne(except));
                let taken = diesel::select(diesel::dsl::exists(others));
                Ok(on_backend!(conn, |c| taken.get_result(c))?)
            }

            fn list(
                conn: &mut DbConn,
                from: Option<$crate::domain::page::Place<$crate::domain::page::ByWord>>,
                limit: usize,
            ) -> Result<Vec<Self>> {
                let limit = $crate::store::article::rows(limit);
                let all = $table::table.limit(limit);
                let found: Vec<Row> = match from {
                    None => {
                        let query = all.order($table::slug);
                        on_backend!(conn, |c| query.select(Row::as_select()).load(c))?
                    }
                    Some($crate::domain::page::Place { key, way: $crate::domain::page::Way::Forward }) => {
                        let query = all.filter($table::slug.gt(key.0)).order($table::slug);
                        on_backend!(conn, |c| query.select(Row::as_select()).load(c))?
                    }
                    Some($crate::domain::page::Place { key, way: $crate::domain::page::Way::Back }) => {
                        let query = all.filter($table::slug.lt(key.0)).order($table::slug.desc());
                        on_backend!(conn, |c| query.select(Row::as_select()).load(c))?
                    }
                };
                Ok(found.into_iter().map(Self::from).collect())
            }

            fn all(conn: &mut DbConn) -> Result<i64> {
                let query = $table::table.count();
                Ok(on_backend!(conn, |c| query.get_result(c))?)
            }
        }
    };
}
pub(super) use rows;
