create table tags (
    id uuid not null constraint tags_pkey primary key,
    slug text collate "C" not null constraint tags_slug_key unique,
    name text not null,
    description text,
    revision integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    updated_by uuid constraint tags_updated_by_fkey references users (id)
);

create table article_tags (
    article_id uuid not null constraint article_tags_article_id_fkey references articles (id) on delete cascade,
    position integer not null,  -- among the article's tags, from 0
    tag_id uuid not null constraint article_tags_tag_id_fkey references tags (id),
    constraint article_tags_pkey primary key (article_id, position),
    constraint article_tags_article_id_tag_id_key unique (article_id, tag_id)
);
create index article_tags_tag_id on article_tags (tag_id, article_id);

-- The tags that an edition shows, to find the editions that a new name changes, and to list what is live by tag.
create table edition_tags (
    edition_id uuid not null constraint edition_tags_edition_id_fkey references editions (id) on delete cascade,
    tag_id uuid not null constraint edition_tags_tag_id_fkey references tags (id) on delete cascade,
    constraint edition_tags_pkey primary key (edition_id, tag_id)
);
create index edition_tags_tag_id on edition_tags (tag_id, edition_id);

-- Which of the editions that show a tag or a contributor are live, told by the index alone.
create unique index editions_live_id_key on editions (id) where live_until is null;
