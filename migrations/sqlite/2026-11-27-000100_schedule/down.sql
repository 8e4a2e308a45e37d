drop table jobs;
drop index articles_deleted_at;
update articles set status = case when first_published_at is null then 'draft' else 'unpublished' end
    where status in ('in_review', 'scheduled');
alter table articles drop column moved_at;
alter table articles drop column schedule_failure;
alter table articles drop column scheduled_by;
alter table articles drop column scheduled_revision;
alter table articles drop column time_zone;
alter table articles drop column unpublish_at;
alter table articles drop column publish_at;
alter table articles drop column embargo_until;
