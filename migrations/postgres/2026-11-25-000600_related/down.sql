drop table article_terms;
drop table link_checks;
drop table edition_related;
drop table related_links;
alter table articles add column state text not null default 'draft' constraint articles_status_check check (state in ('draft', 'published', 'unpublished'));
update articles set state = case when status in ('draft', 'published', 'unpublished') then status else 'unpublished' end;
alter table articles drop column status;
alter table articles rename column state to status;
