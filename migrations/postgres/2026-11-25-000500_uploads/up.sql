-- Files that come in parts. Their bytes are kept part by part until the last one is there.
create table uploads (
    id uuid not null constraint uploads_pkey primary key,
    length bigint not null,
    received bigint not null,  -- bytes that are kept, from the first
    parts text not null,        -- JSON: the hash and the length of each part, in their order
    filename text,
    fields text not null,       -- JSON: what was said of the media
    media_id uuid constraint uploads_media_id_fkey references media (id),   -- once it is whole
    created_by uuid not null constraint uploads_created_by_fkey references users (id),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index uploads_expires_at on uploads (expires_at);
