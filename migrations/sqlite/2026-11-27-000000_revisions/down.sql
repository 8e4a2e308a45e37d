drop table deleted_articles;
drop table revisions;
delete from settings where key = 'filled revisions';
