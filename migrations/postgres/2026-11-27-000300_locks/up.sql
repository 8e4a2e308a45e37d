-- Who is at an article, or was last: advice for others.
alter table articles add column locked_by uuid constraint articles_locked_by_fkey references users (id);
alter table articles add column locked_at timestamptz;
alter table articles add column lock_expires_at timestamptz;
