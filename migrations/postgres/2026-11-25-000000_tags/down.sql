drop index editions_live_id_key;
drop table edition_tags;
drop table article_tags;
drop table tags;
