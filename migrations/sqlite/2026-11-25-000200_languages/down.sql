drop index editions_translation_group;
drop index editions_live_translation_group_locale_key;
alter table editions drop column translation_group;
drop index articles_translation_group_locale_key;
alter table articles drop column translation_group;
