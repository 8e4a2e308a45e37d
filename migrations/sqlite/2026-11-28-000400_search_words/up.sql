-- What is searched is made into words by the program, and no copy of the texts is kept: the program fills this anew.
drop table search_texts_words;
drop table search_texts;

-- What is live, in the order in which it was published.
create table searched (
    -- The millisecond of `published_at`, or the next number that is free: the newest are found first without sorting.
    id integer not null constraint searched_pkey primary key,
    article_id blob not null constraint searched_article_id_key unique
        constraint searched_article_id_fkey references articles (id) on delete cascade,
    published_at integer not null,
    top text not null  -- the words of headline, deck, byline and tags, each with its stem, a line for each
) strict;

-- The words themselves, by the ids above. They come with a blank between, which is all that the tokenizer parts at. `=` stands
-- for a gap, and begins what filters ask for; `^` begins words and stems of the headline, so that those of a common word are
-- found without going through all of its stories.
create virtual table search_words using fts5 (
    text, stems, content = '', contentless_delete = 1, tokenize = 'ascii tokenchars ''.,=^'''
);
