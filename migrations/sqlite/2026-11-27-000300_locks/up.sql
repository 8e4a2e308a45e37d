-- Who is at an article, or was last: advice for others.
alter table articles add column locked_by blob constraint articles_locked_by_fkey references users (id);
alter table articles add column locked_at integer;
alter table articles add column lock_expires_at integer;
