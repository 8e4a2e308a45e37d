-- The blocks of articles: a working copy, its revisions and its editions have them by their number, so that what is equal is kept
-- once. The database packs long values by itself. No foreign key leads here: each would want an index of its own. What goes with an
-- article goes by the one below.
create table bodies (
    article_id uuid not null constraint bodies_article_id_fkey references articles (id) on delete cascade,
    number integer not null,
    bytes integer not null,  -- of the text
    body text not null,  -- JSON
    constraint bodies_pkey primary key (article_id, number)
);
insert into bodies (article_id, number, bytes, body) select id, 1, octet_length(body), body from articles;
alter table articles add column body_number integer not null default 1;
alter table articles drop column body;

insert into bodies (article_id, number, bytes, body)
select e.article_id, 1 + row_number() over (partition by e.article_id order by min(e.live_from), e.body), octet_length(e.body), e.body
from editions as e
where not exists (select 1 from bodies as b where b.article_id = e.article_id and b.body = e.body)
group by e.article_id, e.body;
alter table editions add column body_number integer not null default 1;
update editions set body_number = (
    select b.number from bodies as b where b.article_id = editions.article_id and b.body = editions.body
);
alter table editions drop column body;

alter table editions add column packed text not null default '';
update editions set packed = summary;
alter table editions drop column summary;
alter table editions rename column packed to summary;

-- The snapshot but its blocks; `snapshot` is empty where this is there. The program takes older ones apart.
alter table revisions add column content text;
alter table revisions add column body_number integer;
