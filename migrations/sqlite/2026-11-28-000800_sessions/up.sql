-- Who is logged in, since when and until when. Of the tokens that prolong a session only digests are kept.
create table sessions (
    id blob not null constraint sessions_pkey primary key,
    user_id blob not null constraint sessions_user_id_fkey references users (id),
    created_at integer not null,
    last_used_at integer not null,              -- when it began, or was prolonged last
    expires_at integer not null,                -- whatever it is used for until then
    revoked_at integer,                         -- when somebody ended it
    token text not null,                        -- SHA-256 of the token that prolongs it
    rotated_at integer,                         -- when that took the place of the one before
    previous_token text,                        -- SHA-256 of the one before
    address text,                               -- of who logged in
    user_agent text,
    constraint sessions_rotation_check check ((rotated_at is null) = (previous_token is null))
) strict;
create index sessions_user on sessions (user_id, last_used_at, id);
create index sessions_expires_at on sessions (expires_at);
