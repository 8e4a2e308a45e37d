alter table articles add column corrections text not null default '[]';  -- JSON: public notes, the oldest first

-- What readers are told of an article that was taken back.
create table retractions (
    article_id blob not null constraint retractions_pkey primary key
        constraint retractions_article_id_fkey references articles (id) on delete cascade,
    notice text,
    retracted_at integer not null
) strict;
