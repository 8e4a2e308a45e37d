drop table search_words;
drop table searched;

-- Without its texts, which are written when something is published.
create table search_texts (
    -- A number of our own: the full-text index names rows by it, and a rowid without a name may change in a VACUUM.
    id integer not null constraint search_texts_pkey primary key,
    article_id blob not null constraint search_texts_article_id_key unique
        constraint search_texts_article_id_fkey references articles (id) on delete cascade,
    locale text not null,
    headline text not null,
    deck text not null,
    byline text not null,
    tags text not null,
    body text not null  -- the first 100,000 characters
) strict;

-- Holds the index and no copy of the texts, which it reads from the table above. The triggers keep it in step.
create virtual table search_texts_words using fts5 (
    headline, deck, byline, tags, body,
    content = 'search_texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
create trigger search_texts_inserted after insert on search_texts begin
    insert into search_texts_words (rowid, headline, deck, byline, tags, body)
    values (new.id, new.headline, new.deck, new.byline, new.tags, new.body);
end;
create trigger search_texts_deleted after delete on search_texts begin
    insert into search_texts_words (search_texts_words, rowid, headline, deck, byline, tags, body)
    values ('delete', old.id, old.headline, old.deck, old.byline, old.tags, old.body);
end;
create trigger search_texts_updated after update on search_texts begin
    insert into search_texts_words (search_texts_words, rowid, headline, deck, byline, tags, body)
    values ('delete', old.id, old.headline, old.deck, old.byline, old.tags, old.body);
    insert into search_texts_words (rowid, headline, deck, byline, tags, body)
    values (new.id, new.headline, new.deck, new.byline, new.tags, new.body);
end;
