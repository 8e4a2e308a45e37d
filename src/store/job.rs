//! What is to be done at a time. A job is taken by removing it, and done in the same transaction: no two processes do it, and
//! none that was killed keeps it.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::article::rows;
use super::conn::{DbConn, on_backend};
use super::error::Result;
use super::schema::{articles, jobs};
use crate::domain::article::Article;
use crate::domain::id::{ArticleId, UserId};
use crate::domain::page::ByTime;
use crate::domain::schedule::{DueKind, Schedule, TimeZone};
use crate::domain::text::Headline;
use crate::domain::time::Timestamp;
use crate::domain::workflow::Status;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub article_id: ArticleId,
    pub kind: DueKind,
    pub due_at: Timestamp,
    /// How often doing it broke.
    pub attempts: i32,
}

/// A job and the article that it is about, as an editor sees them.
#[derive(Debug, Clone, Queryable)]
pub struct Planned {
    pub article_id: ArticleId,
    pub headline: Headline,
    pub status: Status,
    pub kind: DueKind,
    pub due_at: Timestamp,
    pub time_zone: Option<TimeZone>,
    pub scheduled_revision: Option<i32>,
    pub scheduled_by: Option<UserId>,
}

diesel::alias! {
    // Another job of the same article.
    const EARLIER: Alias<Earlier> = jobs as earlier;
}

/// Has the jobs of an article be those of its times.
pub fn plan(conn: &mut DbConn, article: &Article) -> Result<()> {
    let before = jobs::table.filter(jobs::article_id.eq(article.id));
    on_backend!(conn, |c| diesel::delete(before).execute(c))?;
    for (kind, due_at) in article.schedule.iter().flat_map(Schedule::due) {
        let row = (
            jobs::article_id.eq(article.id),
            jobs::kind.eq(kind),
            jobs::due_at.eq(due_at),
            jobs::attempts.eq(0),
        );
        on_backend!(conn, |c| diesel::insert_into(jobs::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Jobs that are due, what was due first first. Of one article only the earliest.
pub fn due(conn: &mut DbConn, now: Timestamp, limit: usize) -> Result<Vec<Job>> {
    // One that was put off holds nothing up: a story is taken down at its time although its next edition broke.
    let ready = EARLIER.field(jobs::wait_until).is_null();
    let ready = ready.or(EARLIER.field(jobs::wait_until).le(now));
    let earlier = EARLIER
        .filter(EARLIER.field(jobs::article_id).eq(jobs::article_id))
        .filter(EARLIER.field(jobs::due_at).lt(jobs::due_at))
        .filter(ready);
    let query = jobs::table
        .filter(jobs::due_at.le(now))
        .filter(jobs::wait_until.is_null().or(jobs::wait_until.le(now)))
        .filter(not(exists(earlier)))
        .order((jobs::due_at, jobs::article_id))
        .limit(rows(limit));
    Ok(on_backend!(conn, |c| query.select(Job::as_select()).load(c))?)
}

/// Takes a job, which is whoever's transaction commits first: false where another did it, or its time was set anew.
pub fn remove(conn: &mut DbConn, job: &Job) -> Result<bool> {
    let row = jobs::table
        .filter(jobs::article_id.eq(job.article_id))
        .filter(jobs::kind.eq(job.kind))
        .filter(jobs::due_at.eq(job.due_at));
    Ok(on_backend!(conn, |c| diesel::delete(row).execute(c))? == 1)
}

/// Puts a job off that broke, if it is still as it was.
pub fn put_off(conn: &mut DbConn, job: &Job, until: Timestamp) -> Result<()> {
    let row = jobs::table
        .filter(jobs::article_id.eq(job.article_id))
        .filter(jobs::kind.eq(job.kind))
        .filter(jobs::due_at.eq(job.due_at));
    let change = (jobs::attempts.eq(job.attempts + 1), jobs::wait_until.eq(until));
    on_backend!(conn, |c| diesel::update(row).set(change).execute(c))?;
    Ok(())
}

/// When the next job is due.
pub fn next(conn: &mut DbConn) -> Result<Option<Timestamp>> {
    let query = jobs::table
        .filter(jobs::wait_until.is_null())
        .order(jobs::due_at)
        .select(jobs::due_at);
    Ok(on_backend!(conn, |c| query.first(c).optional())?)
}

/// A page of jobs between two times, the next one first. With `own_of`, only of articles of this user.
pub fn list(
    conn: &mut DbConn,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    own_of: Option<UserId>,
    after: Option<ByTime>,
    limit: usize,
) -> Result<Vec<Planned>> {
    Ok(on_backend!(conn, |c| {
        let mut query = jobs::table
            .inner_join(articles::table.on(articles::id.eq(jobs::article_id)))
            .into_boxed::<Db>();
        if let Some(from) = from {
            query = query.filter(jobs::due_at.ge(from));
        }
        if let Some(to) = to {
            query = query.filter(jobs::due_at.lt(to));
        }
        if let Some(user) = own_of {
            query = query.filter(articles::created_by.eq(user));
        }
        if let Some(ByTime { at, id }) = after {
            let later = jobs::due_at.gt(at).or(jobs::article_id.gt(ArticleId(id)));
            query = query.filter(jobs::due_at.ge(at)).filter(later);
        }
        query
            .order((jobs::due_at, jobs::article_id))
            .limit(rows(limit))
            .select((
                articles::id,
                articles::headline,
                articles::status,
                jobs::kind,
                jobs::due_at,
                articles::time_zone,
                articles::scheduled_revision,
                articles::scheduled_by,
            ))
            .load(c)
    })?)
}
