set constraints all immediate;

alter table articles add column body text not null default '[]';
update articles set body = (select b.body from bodies as b where b.article_id = articles.id and b.number = articles.body_number);
alter table articles drop column body_number;
alter table editions add column body text not null default '[]';
update editions set body = (
    select b.body from bodies as b where b.article_id = editions.article_id and b.number = editions.body_number
);
alter table editions drop column body_number;
alter table articles alter column body drop default;
alter table editions alter column body drop default, alter column summary drop default;

-- The blocks go back to where they stood in what revisions hold; all else stays as it is written.
update revisions set snapshot = (
    select '{' || string_agg(
        to_json(field.key)::text || ':' || case when field.key = 'body' then b.body else field.value::text end, ',' order by field.at
    ) || '}'
    from json_each(revisions.content::json) with ordinality as field (key, value, at)
    join bodies as b on b.article_id = revisions.article_id and b.number = revisions.body_number
)
where content is not null;
alter table revisions drop column content;
alter table revisions drop column body_number;
drop table bodies;
delete from settings where key in ('took revisions apart', 'packed bodies', 'packed summaries');
