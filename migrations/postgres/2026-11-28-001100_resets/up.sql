-- Codes by which somebody who forgot their password sets another, once. Of a code there is only a digest.
create table password_resets (
    user_id uuid not null constraint password_resets_pkey primary key
        constraint password_resets_user_id_fkey references users (id),
    digest text not null,                       -- SHA-256 of the code
    created_at timestamptz not null,
    expires_at timestamptz not null
);
