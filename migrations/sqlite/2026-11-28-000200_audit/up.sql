-- Who did what to which thing, when and from where. What is named may be gone since, so that is no reference.
create table audit (
    id blob not null constraint audit_pkey primary key,
    done_at integer not null,
    actor_id blob constraint audit_actor_id_fkey references users (id),  -- null where it was the program or the command line
    via text not null,
    address text,
    jti text,                   -- the id of the token, not the token
    request text,               -- its id
    action text not null,
    subject_type text not null,
    subject text not null,
    subject_name text not null, -- what it was called then
    revision integer,
    changed text not null,      -- JSON: names of fields
    merged_into text            -- what it was merged into
) strict;
create index audit_done_at on audit (done_at, id);
create index audit_subject on audit (subject, done_at, id);
create index audit_actor on audit (actor_id, done_at, id);

-- What was written down stays.
create trigger audit_is_not_changed before update on audit begin
    select raise(abort, 'the audit is never changed');
end;
create trigger audit_is_not_replaced before insert on audit when exists (select 1 from audit where id = new.id) begin
    select raise(abort, 'the audit is never replaced');
end;
create trigger audit_is_not_deleted before delete on audit begin
    select raise(abort, 'the audit is never deleted');
end;
