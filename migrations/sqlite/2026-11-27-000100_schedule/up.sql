alter table articles add column embargo_until integer;
-- The times of a story: when it goes live and is taken down by itself, who set them, and in which time zone.
alter table articles add column publish_at integer;
alter table articles add column unpublish_at integer;
alter table articles add column time_zone text;
alter table articles add column scheduled_revision integer;  -- the one that goes live; null is whatever is there then
alter table articles add column scheduled_by blob constraint articles_scheduled_by_fkey references users (id);
alter table articles add column schedule_failure text;  -- JSON
alter table articles add column moved_at integer;  -- when the program moved it last, which makes no revision
create index articles_deleted_at on articles (deleted_at) where deleted_at is not null;

-- What is to be done at a time, once, by whichever process takes it. A row is taken, and goes, in the transaction that does it.
create table jobs (
    article_id blob not null constraint jobs_article_id_fkey references articles (id) on delete cascade,
    kind text not null constraint jobs_kind_check check (kind in ('publish', 'unpublish')),
    due_at integer not null,
    attempts integer not null,  -- that broke
    wait_until integer,  -- after one that broke
    constraint jobs_pkey primary key (article_id, kind)
) strict, without rowid;
create index jobs_due_at on jobs (due_at, article_id);
