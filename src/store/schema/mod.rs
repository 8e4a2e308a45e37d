//! The tables as Diesel sees them, on both databases. Written by hand after `migrations/`.

mod article;
mod edition;
mod files;
mod newsroom;

pub(super) use article::{
    article_contributors, article_tags, articles, bodies, deleted_articles, jobs, link_checks, preview_tokens,
    related_links, revisions,
};
pub(super) use edition::{
    article_terms, content_version, edition_contributors, edition_links, edition_related, edition_tags, editions,
    redirects, retractions, searched, shelves,
};
pub(super) use files::{media, media_files, media_uses, uploads};
pub(super) use newsroom::{
    api_keys, audit, contributors, idempotency_keys, password_resets, sections, sessions, settings, tags, totps, users,
};

diesel::allow_tables_to_appear_in_same_query!(
    articles,
    article_contributors,
    article_tags,
    article_terms,
    bodies,
    contributors,
    jobs,
    editions,
    edition_contributors,
    edition_links,
    edition_related,
    edition_tags,
    media,
    media_files,
    media_uses,
    related_links,
    link_checks,
    preview_tokens,
    revisions,
    sections,
    sessions,
    api_keys,
    password_resets,
    tags,
    totps,
    users,
);
