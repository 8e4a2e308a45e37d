alter table articles drop column lock_expires_at;
alter table articles drop column locked_at;
alter table articles drop column locked_by;
