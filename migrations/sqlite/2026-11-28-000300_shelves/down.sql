drop table shelves;
alter table editions drop column updated_at;
