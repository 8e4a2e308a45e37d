-- Who may see a story before it is published. The token follows from the id by a key that is not in the database.
create table preview_tokens (
    id uuid not null constraint preview_tokens_pkey primary key,
    article_id uuid not null constraint preview_tokens_article_id_fkey references articles (id) on delete cascade,
    revision integer,                           -- null is whatever is there
    created_by uuid not null constraint preview_tokens_created_by_fkey references users (id),
    api_key_id uuid constraint preview_tokens_api_key_id_fkey references api_keys (id), -- that it was made with
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index preview_tokens_article on preview_tokens (article_id, created_at, id);
create index preview_tokens_expires_at on preview_tokens (expires_at);
create index preview_tokens_api_key on preview_tokens (api_key_id) where api_key_id is not null;
