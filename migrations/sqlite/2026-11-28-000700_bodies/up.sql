-- The blocks of articles: a working copy, its revisions and its editions have them by their number, so that what is equal is kept
-- once. A value of the type `any` is text, or a blob that holds text packed. No foreign key leads here: each would want an index of its
-- own. What goes with an article goes by the one below.
create table bodies (
    article_id blob not null constraint bodies_article_id_fkey references articles (id) on delete cascade,
    number integer not null,
    bytes integer not null,  -- of the text
    body any not null,  -- JSON
    constraint bodies_pkey primary key (article_id, number)
) strict;

-- What is equal has one number. Sorted rather than compared each with each: an article may have thousands of editions.
create temporary table numbered (
    of_edition integer not null,
    id blob not null,
    number integer not null,
    primary key (of_edition, id)
) strict, without rowid;
insert into numbered (of_edition, id, number)
select of_edition, id, dense_rank() over (partition by article_id order by body)
from (
    select 0 as of_edition, id, id as article_id, body from articles
    union all select 1, id, article_id, body from editions
);
insert into bodies (article_id, number, bytes, body)
select a.id, n.number, octet_length(a.body), a.body
from articles as a join numbered as n on n.of_edition = 0 and n.id = a.id;
insert into bodies (article_id, number, bytes, body)
select e.article_id, n.number, octet_length(e.body), e.body
from editions as e join numbered as n on n.of_edition = 1 and n.id = e.id
where true on conflict do nothing;

alter table articles add column body_number integer not null default 1;
update articles set body_number = (select n.number from numbered as n where n.of_edition = 0 and n.id = articles.id);
alter table articles drop column body;
alter table editions add column body_number integer not null default 1;
alter table editions add column packed any not null default '';
update editions set
    body_number = (select n.number from numbered as n where n.of_edition = 1 and n.id = editions.id),
    packed = summary;
drop table numbered;
alter table editions drop column body;
alter table editions drop column summary;
alter table editions rename column packed to summary;

-- The snapshot but its blocks; `snapshot` is empty where this is there. The program takes older ones apart.
alter table revisions add column content any;
alter table revisions add column body_number integer;
