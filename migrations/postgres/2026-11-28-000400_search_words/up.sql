-- What is searched is made into words by the program, and no copy of the texts is kept: the program fills this anew.
drop table search_texts;

-- What is live, in the order in which it was published.
create table searched (
    -- The millisecond of `published_at`, or the next number that is free: the newest are found first without sorting.
    id bigint not null constraint searched_pkey primary key,
    article_id uuid not null constraint searched_article_id_key unique
        constraint searched_article_id_fkey references articles (id) on delete cascade,
    published_at timestamptz not null,
    top text not null,  -- the words of headline, deck, byline and tags, each with its stem, a line for each
    -- Words with their places, and without: stems behind `~`, words and stems of the headline behind `^`, what filters ask for
    -- behind `=`.
    words tsvector not null
);
-- Without a list of what is still to be sorted in: each search would have to go through it.
create index search_words on searched using gin (words) with (fastupdate = off);
