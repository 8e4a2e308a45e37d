-- What programs ask with, on behalf of who made them. Of a key there is only a digest.
create table api_keys (
    id uuid not null constraint api_keys_pkey primary key,
    user_id uuid not null constraint api_keys_user_id_fkey references users (id),
    name text not null,
    scopes text not null,                       -- words with blanks between
    digest text not null,                       -- SHA-256 of its secret bytes
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,                   -- to a minute
    revoked_at timestamptz
);
create index api_keys_user on api_keys (user_id, created_at, id);
create index api_keys_created_at on api_keys (created_at, id);
