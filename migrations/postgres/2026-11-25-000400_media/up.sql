-- One row per media; where its bytes are kept follows from their hash.
create table media (
    id uuid not null constraint media_pkey primary key,
    kind text not null,
    mime text not null,
    sha256 text collate "C" not null,
    bytes bigint not null,
    width integer,
    height integer,
    duration_ms bigint,
    renders boolean not null,   -- whether renditions are made of it
    animated boolean not null,
    placeholder text,           -- JSON
    extracted text not null,    -- JSON: what the file says, as it was read
    filename text not null,
    headline text,
    alt text,
    caption text,
    credit text,
    creator text,
    copyright text,
    source text,
    usage_terms text,
    rights_expire_at timestamptz,
    taken_at timestamptz,
    location text,              -- JSON
    focal_point text,           -- JSON
    revision integer not null,
    created_at timestamptz not null,
    created_by uuid not null constraint media_created_by_fkey references users (id),
    updated_at timestamptz not null,
    updated_by uuid not null constraint media_updated_by_fkey references users (id),
    deleted_at timestamptz
);
create index media_created_at on media (created_at desc, id desc);
create index media_sha256 on media (sha256);
create index media_rights_expire_at on media (rights_expire_at) where rights_expire_at is not null;

-- Bytes that some media has or had: whatever is kept and not here may be removed.
create table media_files (
    sha256 text collate "C" not null,
    media_id uuid not null constraint media_files_media_id_fkey references media (id) on delete cascade,
    mime text not null,
    created_at timestamptz not null,
    constraint media_files_pkey primary key (sha256, media_id)
);
create index media_files_media_id on media_files (media_id);

-- Where a media is shown, written with what shows it: a working copy, an edition while it is live, or a contributor.
create table media_uses (
    media_id uuid not null constraint media_uses_media_id_fkey references media (id),
    article_id uuid constraint media_uses_article_id_fkey references articles (id) on delete cascade,
    edition_id uuid constraint media_uses_edition_id_fkey references editions (id) on delete cascade,
    contributor_id uuid constraint media_uses_contributor_id_fkey references contributors (id) on delete cascade,
    constraint media_uses_holder_check check (num_nonnulls(article_id, edition_id, contributor_id) = 1)
);
create index media_uses_media_id on media_uses (media_id);
create unique index media_uses_article_id_key on media_uses (article_id, media_id) where article_id is not null;
create unique index media_uses_edition_id_key on media_uses (edition_id, media_id) where edition_id is not null;
create unique index media_uses_contributor_id_key on media_uses (contributor_id, media_id) where contributor_id is not null;

alter table articles add column lead_media text;      -- JSON
alter table editions add column media text not null default '[]';   -- JSON: what the edition shows of each media
alter table contributors add column avatar_media_id uuid constraint contributors_avatar_media_id_fkey references media (id);
create index contributors_avatar_media_id on contributors (avatar_media_id) where avatar_media_id is not null;
