-- Who is logged in, since when and until when. Of the tokens that prolong a session only digests are kept.
create table sessions (
    id uuid not null constraint sessions_pkey primary key,
    user_id uuid not null constraint sessions_user_id_fkey references users (id),
    created_at timestamptz not null,
    last_used_at timestamptz not null,          -- when it began, or was prolonged last
    expires_at timestamptz not null,            -- whatever it is used for until then
    revoked_at timestamptz,                     -- when somebody ended it
    token text not null,                        -- SHA-256 of the token that prolongs it
    rotated_at timestamptz,                     -- when that took the place of the one before
    previous_token text,                        -- SHA-256 of the one before
    address text,                               -- of who logged in
    user_agent text,
    constraint sessions_rotation_check check ((rotated_at is null) = (previous_token is null))
);
create index sessions_user on sessions (user_id, last_used_at, id);
create index sessions_expires_at on sessions (expires_at);
