//! Revisions. A row is written once and stays as it is; only the last one goes, where the next takes it in.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::de::Error as _;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::article::{self, rows};
use super::body;
use super::conn::{DbConn, on_backend};
use super::error::{Result, StoreError};
use super::migrate::Portion;
use super::packed::Document;
use super::schema::{articles, bodies, revisions};
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
/// Rows that are brought into today's form in one transaction.
const PORTION: i64 = 500;

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
    let body: Option<Option<i32>> = on_backend!(conn, |c| diesel::delete(row)
        .returning(revisions::body_number)
        .get_result(c)
        .optional())?;
    match body.flatten() {
        Some(number) => body::sweep(conn, article, number),
        None => Ok(()),
    }
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

/// What the article was at a revision that holds it. One statement, lest its blocks go in between.
pub fn snapshot(conn: &mut DbConn, article: ArticleId, holder: i32) -> Result<Snapshot> {
    let its = bodies::article_id
        .eq(revisions::article_id)
        .and(bodies::number.nullable().eq(revisions::body_number));
    let query = revisions::table
        .left_join(bodies::table.on(its))
        .filter(revisions::article_id.eq(article))
        .filter(revisions::revision.eq(holder))
        .select((revisions::snapshot, revisions::content, bodies::body.nullable()));
    let found: (Option<String>, Option<Document>, Option<Document>) = on_backend!(conn, |c| query.first(c))?;
    let (whole, rest, body) = found;
    let Some(rest) = rest else {
        // It was written whole, and could not be taken apart.
        return from_json(&whole.unwrap_or_default());
    };
    let body = body.ok_or_else(|| StoreError::broken("the blocks of a revision are missing"))?;
    let mut snapshot: Snapshot = from_json(&rest)?;
    snapshot.content.body = from_json(&body)?;
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
pub(super) fn fill() -> Portion {
    let mut after = ArticleId(Uuid::nil());
    Box::new(move |conn| {
        let without = articles::table
            .left_join(revisions::table.on(revisions::article_id.eq(articles::id)))
            .filter(revisions::article_id.is_null())
            .filter(articles::id.gt(after))
            .order(articles::id)
            .limit(PORTION)
            .select(articles::id);
        let ids: Vec<ArticleId> = on_backend!(conn, |c| without.load(c))?;
        let Some(last) = ids.last() else {
            return Ok(false);
        };
        after = *last;
        for id in ids {
            let article: Article = article::by_id(conn, id)?.ok_or(diesel::result::Error::NotFound)?;
            let mut revision = Revision::of(&article, None, RevisionReason::Edit.into());
            revision.first = 1;
            insert(conn, &revision, &Snapshot::from(&article))?;
        }
        Ok(true)
    })
}

/// Has revisions that were written whole give their blocks to `bodies`. For databases from before there was that. One that cannot be
/// read stays as it is.
pub(super) fn take_apart() -> Portion {
    let mut after = (ArticleId(Uuid::nil()), i32::MIN);
    Box::new(move |conn| {
        let whole = revisions::table
            .filter(revisions::article_id.ge(after.0))
            .filter(revisions::article_id.gt(after.0).or(revisions::revision.gt(after.1)))
            .filter(revisions::snapshot.ne(APART))
            .order((revisions::article_id, revisions::revision))
            .limit(PORTION)
            .select((
                revisions::article_id,
                revisions::revision,
                revisions::snapshot.assume_not_null(),
            ));
        let found: Vec<(ArticleId, i32, String)> = on_backend!(conn, |c| whole.load(c))?;
        let Some((article, number, _)) = found.last() else {
            return Ok(false);
        };
        after = (*article, *number);
        for (article, number, snapshot) in found {
            match in_two(&snapshot) {
                Ok((rest, body)) => set_apart(conn, (article, number), rest, body.get())?,
                Err(why) => {
                    tracing::warn!(%article, revision = number, error = %why, "A revision cannot be read; it stays as it is");
                }
            }
        }
        Ok(true)
    })
}

/// A snapshot without its blocks, and those. Whatever else is in it stays as it was written, known today or not.
fn in_two(snapshot: &str) -> serde_json::Result<(String, Box<RawValue>)> {
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(snapshot)?;
    let none = RawValue::from_string("[]".to_owned())?;
    let body = fields
        .insert("body".to_owned(), none)
        .ok_or_else(|| serde_json::Error::custom("it has no blocks"))?;
    Ok((serde_json::to_string(&fields)?, body))
}

fn set_apart(conn: &mut DbConn, key: (ArticleId, i32), rest: String, body: &str) -> Result<()> {
    let number = body::keep(conn, key.0, body)?;
    let change = (
        revisions::snapshot.eq(APART),
        revisions::content.eq(Document(rest)),
        revisions::body_number.eq(number),
    );
    on_backend!(conn, |c| diesel::update(revisions::table.find(key))
        .set(change)
        .execute(c))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_today_stays_as_it_was_written() {
        let (rest, body) = in_two(r#"{"body": [{"of": 1.50}], "deck": null, "mood": {"z": 1.50, "a": 2}}"#).unwrap();
        assert_eq!(rest, r#"{"body":[],"deck":null,"mood":{"z": 1.50, "a": 2}}"#);
        assert_eq!(body.get(), r#"[{"of": 1.50}]"#);
        for unreadable in ["", "[]", "{}", r#"{"body":"#] {
            in_two(unreadable).unwrap_err();
        }
    }
}
