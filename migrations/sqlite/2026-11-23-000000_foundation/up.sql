create table users (
    id blob not null constraint users_pkey primary key,
    email text not null constraint users_email_key unique,  -- lower case
    name text not null,
    role text not null constraint users_role_check check (role in ('contributor', 'editor', 'admin')),
    password_hash text not null,  -- PHC string, its parameters included
    created_at integer not null,
    disabled_at integer
) strict;

create table sections (
    id blob not null constraint sections_pkey primary key,
    slug text not null constraint sections_slug_key unique,
    name text not null,
    description text,
    parent_id blob constraint sections_parent_id_fkey references sections (id),
    position integer not null,  -- among siblings; equals are ordered by name
    revision integer not null,
    created_at integer not null,
    updated_at integer not null,
    updated_by blob constraint sections_updated_by_fkey references users (id)
) strict;
create index sections_parent_id on sections (parent_id);

create table contributors (
    id blob not null constraint contributors_pkey primary key,
    slug text not null constraint contributors_slug_key unique,
    name text not null,
    kind text not null constraint contributors_kind_check check (kind in ('person', 'organisation')),
    bio text,
    url text,
    revision integer not null,
    created_at integer not null,
    updated_at integer not null,
    updated_by blob constraint contributors_updated_by_fkey references users (id)
) strict;

-- The working copies. Readers are never shown a row of this table; they are shown editions.
create table articles (
    id blob not null constraint articles_pkey primary key,
    short_id text not null constraint articles_short_id_key unique,  -- ends the public address
    status text not null constraint articles_status_check check (status in ('draft', 'published', 'unpublished')),
    revision integer not null,  -- the ETag of the editor surface
    live_revision integer,  -- null unless an edition is live
    kind text not null constraint articles_kind_check check (kind in
        ('news', 'feature', 'opinion', 'analysis', 'interview', 'obituary', 'live', 'press_release')),
    locale text not null,
    slug text not null,
    headline text not null,
    short_headline text,
    seo_title text,
    seo_description text,
    deck text,
    kicker text,
    original_url text,
    byline_override text,
    distributor text,  -- JSON
    dateline text,  -- JSON
    section_id blob constraint articles_section_id_fkey references sections (id),
    body text not null,  -- JSON
    word_count integer not null check (word_count >= 0), -- of the body, so that lists need not read it
    internal_note text,
    custom text not null,  -- JSON
    first_published_at integer,
    published_at integer,
    created_at integer not null,
    created_by blob not null constraint articles_created_by_fkey references users (id),
    updated_at integer not null,
    updated_by blob not null constraint articles_updated_by_fkey references users (id),
    deleted_at integer,  -- in the trash since
    constraint articles_locale_slug_key unique (locale, slug)
) strict;
create index articles_listing on articles (updated_at desc, id desc);
create index articles_created_by_listing on articles (created_by, updated_at desc, id desc);
create index articles_section_id on articles (section_id);

create table article_contributors (
    article_id blob not null constraint article_contributors_article_id_fkey references articles (id) on delete cascade,
    position integer not null,  -- in the byline, from 0
    contributor_id blob not null constraint article_contributors_contributor_id_fkey references contributors (id),
    role text not null constraint article_contributors_role_check check (role in
        ('author', 'reporter', 'photographer', 'translator', 'editor')),
    constraint article_contributors_pkey primary key (article_id, position)
) strict, without rowid;
create index article_contributors_contributor_id on article_contributors (contributor_id);

-- What readers are shown, frozen at publish. The columns besides `summary` and `body` repeat what they hold, to find it by.
create table editions (
    id blob not null constraint editions_pkey primary key,
    article_id blob not null constraint editions_article_id_fkey references articles (id),
    revision integer not null,
    short_id text not null,
    slug text not null,
    locale text not null,
    kind text not null constraint editions_kind_check check (kind in
        ('news', 'feature', 'opinion', 'analysis', 'interview', 'obituary', 'live', 'press_release')),
    -- An edition that is no longer live must not keep a section from being deleted: its summary still names it.
    section_id blob constraint editions_section_id_fkey references sections (id) on delete set null,
    path text not null,
    published_at integer not null,
    live_from integer not null,
    live_until integer,  -- null while live
    summary text not null,  -- JSON
    body text not null  -- JSON, sent as it is
) strict;
create unique index editions_live_article_id_key on editions (article_id) where live_until is null;
create unique index editions_live_locale_slug_key on editions (locale, slug) where live_until is null;
create index editions_live_listing on editions (published_at desc, article_id desc) where live_until is null;
-- The only index by section: one over closed editions too would be preferred for lists, and be worse.
create index editions_live_section_listing on editions (section_id, published_at desc, article_id desc) where live_until is null;
create index editions_article_id on editions (article_id);
create index editions_short_id on editions (short_id);
create index editions_slug on editions (slug);

-- Whom an edition names, to find the editions that a new name changes.
create table edition_contributors (
    edition_id blob not null constraint edition_contributors_edition_id_fkey references editions (id) on delete cascade,
    contributor_id blob not null constraint edition_contributors_contributor_id_fkey references contributors (id) on delete cascade,
    constraint edition_contributors_pkey primary key (edition_id, contributor_id)
) strict, without rowid;
create index edition_contributors_contributor_id on edition_contributors (contributor_id);

-- The articles that links in an edition's text point to.
create table edition_links (
    edition_id blob not null constraint edition_links_edition_id_fkey references editions (id) on delete cascade,
    target_article_id blob not null constraint edition_links_target_article_id_fkey references articles (id) on delete cascade,
    constraint edition_links_pkey primary key (edition_id, target_article_id)
) strict, without rowid;
create index edition_links_target_article_id on edition_links (target_article_id);

create table settings (
    key text not null constraint settings_pkey primary key,
    value text not null
) strict;
