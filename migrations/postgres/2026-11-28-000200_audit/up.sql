-- Who did what to which thing, when and from where. What is named may be gone since, so that is no reference.
create table audit (
    id uuid not null constraint audit_pkey primary key,
    done_at timestamptz not null,
    actor_id uuid constraint audit_actor_id_fkey references users (id),  -- null where it was the program or the command line
    via text not null,
    address text,
    jti text,                   -- the id of the token, not the token
    request text,               -- its id
    action text not null,
    subject_type text not null,
    subject text collate "C" not null,
    subject_name text not null, -- what it was called then
    revision integer,
    changed text not null,      -- JSON: names of fields
    merged_into text            -- what it was merged into
);
create index audit_done_at on audit (done_at, id);
create index audit_subject on audit (subject, done_at, id);
create index audit_actor on audit (actor_id, done_at, id);

-- What was written down stays.
create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is never changed or deleted';
end
$$;
create trigger audit_is_not_changed before update or delete or truncate on audit
    for each statement execute function audit_stays();
