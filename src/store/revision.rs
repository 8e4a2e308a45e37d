//! Revisions. A row is written once and stays as it is; only the last one goes, where the next takes it in.

use diesel::prelude::*;

use super::article::{self, rows};
use super::body;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::packed::Document;
use super::schema::{articles, revisions};
use super::types::{from_json, to_json};
use crate::domain::article::Article;
use crate::domain::body::Body;
use crate::domain::id::{ArticleId, UserId};
use crate::domain::revision::{ArticleField, Revision, RevisionReason, Snapshot};
use crate::domain::text::RevisionNote;
use crate::domain::time::Timestamp;
use crate::domain::workflow::Status;

/// What stands for a snapshot that is kept in two parts, the blocks and the rest.
const APART: &str = "";

/// A row but what the article was.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions, treat_none_as_default_value = false)]
struct RevisionRow {
    article_id: ArticleId,
    revision: i32,
    first: i32,
    begun_at: Timestamp,
    reason: RevisionReason,
    status: Status,
    changed: String,
    note: Option<RevisionNote>,
    source: Option<i32>,
    created_at: Timestamp,
    created_by: UserId,
}

/// A revision, and which one holds what the article was.
#[derive(Debug, Clone)]
pub struct Held {
    pub revision: Revision,
    /// Its own number, or that of an earlier one.
    pub holder: i32,
}

impl RevisionRow {
    fn of(revision: &Revision) -> Result<Self> {
        Ok(Self {
            article_id: revision.article_id,
            revision: revision.number,
            first: revision.first,
            begun_at: revision.begun_at,
            reason: revision.reason,
            status: revision.status,
            changed: to_json(&revision.changed)?,
            note: revision.note.clone(),
            source: revision.source,
            created_at: revision.created_at,
            created_by: revision.created_by,
        })
    }

    fn revision(self) -> Result<Revision> {
        Ok(Revision {
            article_id: self.article_id,
            number: self.revision,
            first: self.first,
            begun_at: self.begun_at,
            reason: self.reason,
            status: self.status,
            changed: from_json(&self.changed)?,
            note: self.note,
            source: self.source,
            created_at: self.created_at,
            created_by: self.created_by,
        })
    }
}

/// Writes a revision down whose article is as in `snapshot`.
pub fn insert(conn: &mut DbConn, revision: &Revision, snapshot: &Snapshot) -> Result<()> {
    let body = body::keep(conn, revision.article_id, &to_json(&snapshot.content.body)?)?;
    let mut rest = snapshot.clone();
    rest.content.body = Body::default();
    let row = (
        RevisionRow::of(revision)?,
        revisions::snapshot.eq(APART),
        revisions::content.eq(Document::of(&rest)?),
        revisions::body_number.eq(body),
    );
    on_backend!(conn, |c| diesel::insert_into(revisions::table).values(row).execute(c))?;
    Ok(())
}

/// Writes a revision down whose article is as in another.
pub fn insert_same(conn: &mut DbConn, revision: &Revision, same_as: i32) -> Result<()> {
    let row = (RevisionRow::of(revision)?, revisions::same_as.eq(same_as));
    on_backend!(conn, |c| diesel::insert_into(revisions::table).values(row).execute(c))?;
    Ok(())
}

/// Takes the last revision of an article away, which the next takes in, and its blocks where nothing else has them. The working copy
/// must have been written.
pub fn remove(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<()> {
    let row = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.eq(number));
    on_backend!(conn, |c| diesel::delete(row).execute(c))?;
    body::sweep(conn, article)
}

/// One revision, without what the article was.
pub fn by_number(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<Option<Held>> {
    let query = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.eq(number));
    let found: Option<(RevisionRow, Option<i32>)> = on_backend!(conn, |c| query
        .select((RevisionRow::as_select(), revisions::same_as))
        .first(c)
        .optional())?;
    let held = |(row, same_as): (RevisionRow, Option<i32>)| {
        let holder = same_as.unwrap_or(row.revision);
        let revision = row.revision()?;
        Ok(Held { revision, holder })
    };
    found.map(held).transpose()
}

/// What the article was at a revision that holds it.
pub fn snapshot(conn: &mut DbConn, article: ArticleId, holder: i32) -> Result<Snapshot> {
    let query = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.eq(holder))
        .select((
            revisions::content.assume_not_null(),
            revisions::body_number.assume_not_null(),
        ));
    let (rest, number): (Document, i32) = on_backend!(conn, |c| query.first(c))?;
    let mut snapshot: Snapshot = from_json(&rest)?;
    snapshot.content.body = from_json(&body::text(conn, article, number)?)?;
    Ok(snapshot)
}

/// A page, the newest first.
pub fn list(conn: &mut DbConn, article: ArticleId, before: Option<i32>, limit: usize) -> Result<Vec<Revision>> {
    let query = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.lt(before.unwrap_or(i32::MAX)))
        .order(revisions::revision.desc())
        .limit(rows(limit));
    let found: Vec<RevisionRow> = on_backend!(conn, |c| query.select(RevisionRow::as_select()).load(c))?;
    found.into_iter().map(RevisionRow::revision).collect()
}

/// The fields that changed after a revision, each once; of autosaves that were folded after it was read, all that they changed.
/// `None` where it was before there were revisions.
pub fn changed_after(conn: &mut DbConn, article: ArticleId, number: i32) -> Result<Option<Vec<ArticleField>>> {
    let query = revisions::table
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.gt(number))
        .order(revisions::revision)
        .select((revisions::first, revisions::reason, revisions::changed));
    let found: Vec<(i32, RevisionReason, String)> = on_backend!(conn, |c| query.load(c))?;
    let mut fields: Vec<ArticleField> = Vec::new();
    for (first, reason, changed) in found {
        // Of several revisions in one that are no autosaves nobody wrote down what changed.
        if first <= number && reason != RevisionReason::Autosave {
            return Ok(None);
        }
        for field in from_json::<Vec<ArticleField>>(&changed)? {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    Ok(Some(fields))
}

/// Gives every article that has no revision its first one, which is what it is now.
pub(super) fn fill(conn: &mut DbConn) -> Result<()> {
    let without = articles::table
        .left_join(revisions::table.on(revisions::article_id.eq(articles::id)))
        .filter(revisions::article_id.is_null())
        .order(articles::id)
        .select(articles::id);
    let ids: Vec<ArticleId> = on_backend!(conn, |c| without.load(c))?;
    for id in ids {
        let article: Article = article::by_id(conn, id)?.ok_or(diesel::result::Error::NotFound)?;
        let mut revision = Revision::of(&article, None, RevisionReason::Edit.into());
        revision.first = 1;
        insert(conn, &revision, &Snapshot::from(&article))?;
    }
    Ok(())
}

/// Has revisions that were written whole give their blocks to `bodies`. For databases from before there was that.
pub(super) fn take_apart(conn: &mut DbConn) -> Result<()> {
    let whole = revisions::table
        .filter(revisions::snapshot.ne(APART))
        .order((revisions::article_id, revisions::revision))
        .select((revisions::article_id, revisions::revision));
    let found: Vec<(ArticleId, i32)> = on_backend!(conn, |c| whole.load(c))?;
    for (article, number) in found {
        let row = revisions::table.find((article, number));
        let query = row.select(revisions::snapshot.assume_not_null());
        let snapshot: String = on_backend!(conn, |c| query.first(c))?;
        let mut rest: Snapshot = from_json(&snapshot)?;
        let body = std::mem::take(&mut rest.content.body);
        let change = (
            revisions::snapshot.eq(APART),
            revisions::content.eq(Document::of(&rest)?),
            revisions::body_number.eq(body::keep(conn, article, &to_json(&body)?)?),
        );
        on_backend!(conn, |c| diesel::update(row).set(change).execute(c))?;
    }
    Ok(())
}
