-- An article can be retracted, and will be able to wait for a review or for its time. SQLite cannot change the check of a
-- column, so the column is made anew; on PostgreSQL too, for both to have the same one.
alter table articles add column state text not null default 'draft' constraint articles_state_check check (state in
    ('draft', 'in_review', 'scheduled', 'published', 'unpublished', 'retracted'));
update articles set state = status;
alter table articles drop column status;
alter table articles rename column state to status;

-- The related links of working copies: one row a link, whatever shows it. A target that is deleted for good leaves what it
-- was called.
create table related_links (
    id blob not null constraint related_links_pkey primary key,
    article_id blob not null constraint related_links_article_id_fkey references articles (id) on delete cascade,
    position integer not null,  -- in the list, from 0
    kind text not null constraint related_links_kind_check check (kind in
        ('related', 'background', 'follow_up', 'update_of', 'series', 'translation', 'source')),
    placement text not null constraint related_links_placement_check check (placement in ('list', 'inline', 'both')),
    target_article_id blob constraint related_links_target_article_id_fkey references articles (id),
    url text,
    deleted_headline text,
    title text,
    source text,
    label_override text,
    constraint related_links_target_check check
        ((target_article_id is null) <> (url is null and deleted_headline is null) and (url is null or deleted_headline is null))
) strict;
create index related_links_article_id on related_links (article_id, position);
create index related_links_target_article_id on related_links (target_article_id, kind) where target_article_id is not null;

-- The related links of editions, frozen at publish but for where they lead; one whose target was deleted leads nowhere and
-- keeps its place. A column that is no key may name a link that its article has no more.
create table edition_related (
    edition_id blob not null constraint edition_related_edition_id_fkey references editions (id) on delete cascade,
    position integer not null,
    link blob not null,
    kind text not null,
    placement text not null,
    target_article_id blob constraint edition_related_target_article_id_fkey references articles (id) on delete set null,
    url text,
    title text,
    source text,
    label_override text,
    constraint edition_related_pkey primary key (edition_id, position)
) strict, without rowid;
create index edition_related_target_article_id on edition_related (target_article_id) where target_article_id is not null;

-- What addresses elsewhere answered last.
create table link_checks (
    url text not null constraint link_checks_pkey primary key,
    status integer,   -- of HTTP; null where nothing answered
    failure text,     -- why nothing answered
    checked_at integer not null
) strict;

-- The words that tell a live article from others, by which similar ones are found.
create table article_terms (
    term text not null,
    article_id blob not null constraint article_terms_article_id_fkey references articles (id) on delete cascade,
    weight integer not null,  -- in thousandths
    constraint article_terms_pkey primary key (term, article_id)
) strict, without rowid;
create index article_terms_article_id on article_terms (article_id);
