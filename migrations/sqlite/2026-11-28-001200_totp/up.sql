-- Second factors by time (RFC 6238). The secret follows from the id by a key that is not in the database.
create table totps (
    user_id blob not null constraint totps_pkey primary key
        constraint totps_user_id_fkey references users (id),
    id blob not null,
    created_at integer not null,
    confirmed_at integer,                           -- null until its owner showed that they have it
    last_step integer not null,                   -- of the last code that was taken; each is taken once
    recovery text not null                      -- a JSON array of SHA-256 of the codes that are left
) strict;
