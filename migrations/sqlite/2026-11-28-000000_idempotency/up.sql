-- What was answered to requests that came with a key, so that asking again does nothing again.
create table idempotency_keys (
    user_id blob not null constraint idempotency_keys_user_id_fkey references users (id),
    key text not null,
    fingerprint text not null,   -- SHA-256 of what was asked
    status integer,              -- null where its parts are answered each by itself
    headers text not null,       -- JSON: names and values
    body text not null,
    created_at integer not null,
    constraint idempotency_keys_pkey primary key (user_id, key)
) strict;
create index idempotency_keys_created_at on idempotency_keys (created_at);
