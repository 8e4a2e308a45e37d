alter table articles add column body text not null default '[]';
update articles set body = (select b.body from bodies as b where b.article_id = articles.id and b.number = articles.body_number);
alter table articles drop column body_number;
alter table editions add column body text not null default '[]';
update editions set body = (
    select b.body from bodies as b where b.article_id = editions.article_id and b.number = editions.body_number
);
alter table editions drop column body_number;
alter table revisions drop column content;
alter table revisions drop column body_number;
drop table bodies;
alter table editions add column text text not null default '';
update editions set text = summary;
alter table editions drop column summary;
alter table editions rename column text to summary;
