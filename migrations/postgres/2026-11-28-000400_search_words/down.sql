drop table searched;

-- Without its texts, which are written when something is published.
create table search_texts (
    id bigint not null generated always as identity constraint search_texts_pkey primary key,
    article_id uuid not null constraint search_texts_article_id_key unique
        constraint search_texts_article_id_fkey references articles (id) on delete cascade,
    locale text collate "C" not null,
    headline text not null,
    deck text not null,
    byline text not null,
    tags text not null,
    body text not null  -- the first 100,000 characters: a tsvector holds 1 MiB, and a longer one is refused
);
create index search_texts_words on search_texts using gin (
    to_tsvector('simple', headline || ' ' || deck || ' ' || byline || ' ' || tags || ' ' || body)
);
