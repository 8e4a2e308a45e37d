-- Run it with `sqlite3 -bail`, in a transaction. SQL cannot unpack, so it goes back only while nothing is packed, which is before the
-- program was started on the database. After that, a backup from before is the way back.
create temporary table packed_documents (
    found integer not null constraint what_is_packed_cannot_go_back check (found = 0)
) strict;
insert into packed_documents (found)
select exists (select 1 from bodies where typeof(body) = 'blob')
    + exists (select 1 from editions where typeof(summary) = 'blob')
    + exists (select 1 from revisions where content is not null);
drop table packed_documents;

alter table articles add column body text not null default '[]';
update articles set body = (select b.body from bodies as b where b.article_id = articles.id and b.number = articles.body_number);
alter table articles drop column body_number;
alter table editions add column body text not null default '[]';
alter table editions add column text text not null default '';
update editions set
    body = (select b.body from bodies as b where b.article_id = editions.article_id and b.number = editions.body_number),
    text = summary;
alter table editions drop column body_number;
alter table editions drop column summary;
alter table editions rename column text to summary;
alter table revisions drop column content;
alter table revisions drop column body_number;
drop table bodies;
delete from settings where key in ('took revisions apart', 'packed bodies', 'packed summaries');
