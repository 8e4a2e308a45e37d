drop index contributors_avatar_media_id;
alter table contributors drop column avatar_media_id;
alter table editions drop column media;
alter table articles drop column lead_media;
drop table media_uses;
drop table media_files;
drop table media;
