-- Files that come in parts. Their bytes are kept part by part until the last one is there.
create table uploads (
    id blob not null constraint uploads_pkey primary key,
    length integer not null,
    received integer not null,  -- bytes that are kept, from the first
    parts text not null,        -- JSON: the hash and the length of each part, in their order
    filename text,
    fields text not null,       -- JSON: what was said of the media
    media_id blob constraint uploads_media_id_fkey references media (id),   -- once it is whole
    created_by blob not null constraint uploads_created_by_fkey references users (id),
    created_at integer not null,
    expires_at integer not null
) strict;
create index uploads_expires_at on uploads (expires_at);
