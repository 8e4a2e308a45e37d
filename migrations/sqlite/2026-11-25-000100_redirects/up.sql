-- Paths that readers once had, and the article that each leads to now. A path that is in use has no row.
create table redirects (
    path text not null constraint redirects_pkey primary key,
    article_id blob not null constraint redirects_article_id_fkey references articles (id) on delete cascade,
    created_at integer not null
) strict, without rowid;
create index redirects_article_id on redirects (article_id);

-- What moved before there was this table.
insert into redirects (path, article_id, created_at)
select path, article_id, max(live_until)
from editions as old
where path <> (
    select path from editions as last
    where last.article_id = old.article_id
    order by last.live_from desc, last.id desc limit 1
)
group by path, article_id
on conflict do nothing;
