-- A list of working copies is a range of an index that leaves the trash out, however large the archive; the trash has one of its own.
drop index articles_listing;
create index articles_desk on articles (updated_at desc, id desc) where deleted_at is null;
drop index articles_created_by_listing;
create index articles_desk_created_by on articles (created_by, updated_at desc, id desc) where deleted_at is null;
create index articles_desk_status on articles (status, updated_at desc, id desc) where deleted_at is null;
create index articles_desk_kind on articles (kind, updated_at desc, id desc) where deleted_at is null;
create index articles_desk_locale on articles (locale, updated_at desc, id desc) where deleted_at is null;
create index articles_trash on articles (updated_at desc, id desc) where deleted_at is not null;
-- Of all articles: who deletes a section asks for those in the trash, too.
drop index articles_section_id;
create index articles_desk_section on articles (section_id, updated_at desc, id desc, deleted_at);

-- Links that lead nowhere are found from where they lead to.
create index articles_not_live on articles (id) where live_revision is null;
-- As link_checks compares addresses: an index of another collation would not be used.
create index related_links_url on related_links (url collate "C") where url is not null;
create index related_links_deleted on related_links (id) where deleted_headline is not null;
