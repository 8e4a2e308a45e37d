-- When an edition replaced the one before, to sort by; as its summary says.
alter table editions add column updated_at timestamptz not null default to_timestamp(0);
update editions set updated_at = coalesce((summary::json ->> 'updated_at')::timestamptz, live_from);

-- The lists that each live article stands on: the site's, its section's and those of all sections above, its tags', its
-- contributors', its kind's, its language's, and those of what it links to. One range of an index is a list, however long.
create table shelves (
    shelf uuid not null,
    published_at timestamptz not null,
    article_id uuid not null constraint shelves_article_id_fkey references articles (id) on delete cascade,
    updated_at timestamptz not null,
    constraint shelves_pkey primary key (shelf, published_at, article_id)
);
create index shelves_updated_at on shelves (shelf, updated_at, article_id);
create index shelves_article_id on shelves (article_id, shelf);
