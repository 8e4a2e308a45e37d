-- The words of what is live: one row an article, replaced with its edition, gone when it is taken down.
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

-- What is live already. Blocks have running text and nothing else so far.
insert into search_texts (article_id, locale, headline, deck, byline, tags, body)
select
    article_id,
    locale,
    summary::jsonb ->> 'headline',
    coalesce(summary::jsonb ->> 'deck', ''),
    concat_ws(
        chr(10),
        case when (summary::jsonb #>> '{byline,overridden}')::boolean then summary::jsonb #>> '{byline,text}' end,
        (
            select string_agg(entry ->> 'name', chr(10) order by place)
            from jsonb_array_elements(summary::jsonb #> '{byline,contributors}') with ordinality as entries (entry, place)
        )
    ),
    '',
    left(coalesce((
        select string_agg(
            (
                select string_agg(span ->> 'text', '' order by spot)
                from jsonb_array_elements(block -> 'text') with ordinality as spans (span, spot)
            ),
            chr(10) order by place
        )
        from jsonb_array_elements(editions.body::jsonb) with ordinality as blocks (block, place)
    ), ''), 100000)
from editions
where live_until is null;
