-- What an article was at each write, kept as it was. Working copies that were there before get the first of theirs when the
-- server starts.
create table revisions (
    article_id uuid not null constraint revisions_article_id_fkey references articles (id) on delete cascade,
    revision integer not null,
    first integer not null,  -- of the autosaves that are folded into it, or its own number
    begun_at timestamptz not null,  -- when that was written
    reason text not null constraint revisions_reason_check check (reason in
        ('edit', 'autosave', 'import', 'publish', 'unpublish', 'retract', 'submit', 'reject', 'schedule', 'unschedule',
         'correct', 'trash', 'restore', 'revert', 'merge')),
    status text not null,  -- of the article with it
    changed text not null,  -- JSON: the fields that are others than in the one before
    note text,
    source integer,  -- the revision that was put back
    snapshot text,  -- JSON; null where the article was as in another
    same_as integer,  -- that other
    created_at timestamptz not null,
    created_by uuid not null constraint revisions_created_by_fkey references users (id),
    constraint revisions_pkey primary key (article_id, revision),
    constraint revisions_snapshot_check check ((snapshot is null) <> (same_as is null))
);

-- What was deleted for good, for older revisions that still link to it.
create table deleted_articles (
    id uuid not null constraint deleted_articles_pkey primary key,
    headline text not null,
    deleted_at timestamptz not null,
    deleted_by uuid not null constraint deleted_articles_deleted_by_fkey references users (id)
);
