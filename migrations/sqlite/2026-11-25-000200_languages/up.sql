-- Articles that say the same in different languages share a group. One that has no translation is alone in its own.
-- `alter table` asks for a default here; no row keeps it, and every insert gives a group.
alter table articles add column translation_group blob not null default x'00000000000000000000000000000000';
update articles set translation_group = id;
create unique index articles_translation_group_locale_key on articles (translation_group, locale);

-- The group as it was at publish: that is what readers see.
alter table editions add column translation_group blob not null default x'00000000000000000000000000000000';
update editions set translation_group = article_id;
create unique index editions_live_translation_group_locale_key on editions (translation_group, locale) where live_until is null;
-- Over closed editions too: a page that ever showed a translation must be told from one that never did.
create index editions_translation_group on editions (translation_group, article_id);
