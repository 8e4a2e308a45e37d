//! Editions, from the side that makes and ends them. Readers are answered by [`public`](super::public).

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::{case_when, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::among::Among as _;
use super::conn::{DbConn, insert_rows, on_backend};
use super::error::{Result, StoreError};
use super::media_use::{self, Holder};
use super::migrate::Portion;
use super::packed::Document;
use super::schema::{bodies, edition_contributors, edition_links, edition_tags, editions, media_uses};
use super::types::{Instant, from_json, to_json};
use super::{body, edition_related, shelf};
use crate::domain::article::ArticleKind;
use crate::domain::edition::{Edition, Summary};
use crate::domain::id::{ArticleId, ContributorId, EditionId, MediaId, SectionId, ShortId, TagId, TranslationGroup};
use crate::domain::locale::Locale;
use crate::domain::related::RelatedLink;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;

/// Rows in one statement; SQLite takes 32,766 values at most.
const BATCH: usize = 10_000;
/// Rows that are packed in one transaction.
const PORTION: i64 = 500;

#[derive(Insertable)]
#[diesel(table_name = editions, treat_none_as_default_value = false)]
struct NewEdition<'a> {
    id: EditionId,
    article_id: ArticleId,
    revision: i32,
    short_id: &'a ShortId,
    slug: &'a Slug,
    locale: &'a Locale,
    kind: ArticleKind,
    section_id: Option<SectionId>,
    path: &'a str,
    published_at: Timestamp,
    live_from: Timestamp,
    live_until: Option<Timestamp>,
    summary: Document,
    body_number: i32,
    translation_group: TranslationGroup,
    media: String,
    updated_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = editions)]
struct EditionRow {
    id: EditionId,
    article_id: ArticleId,
    revision: i32,
    live_from: Timestamp,
    summary: Document,
    translation_group: TranslationGroup,
    media: String,
}

/// Makes an edition live. The article's last one must have been closed.
pub fn insert(conn: &mut DbConn, edition: &Edition) -> Result<()> {
    let summary = &edition.summary;
    let row = NewEdition {
        id: edition.id,
        article_id: edition.article_id,
        revision: edition.revision,
        short_id: &summary.short_id,
        slug: &summary.slug,
        locale: &summary.locale,
        kind: summary.kind,
        section_id: summary.section.as_ref().map(|section| section.id),
        path: &summary.path,
        published_at: summary.published_at,
        live_from: edition.live_from,
        live_until: None,
        summary: Document::of(summary)?,
        body_number: body::keep(conn, edition.article_id, edition.body.get())?,
        translation_group: edition.translation_group,
        media: to_json(&edition.media)?,
        updated_at: summary.updated_at,
    };
    on_backend!(conn, |c| diesel::insert_into(editions::table).values(&row).execute(c))?;

    // A contributor may stand in a byline twice, in two roles.
    let named: BTreeSet<ContributorId> = summary.byline.contributors.iter().map(|entry| entry.id).collect();
    let of = edition_contributors::edition_id.eq(edition.id);
    let named = named
        .into_iter()
        .map(|id| (of, edition_contributors::contributor_id.eq(id)));
    let named: Vec<_> = named.collect();
    insert_rows!(conn, edition_contributors::table, named)?;

    let of = edition_tags::edition_id.eq(edition.id);
    let tagged = summary.tags.iter().map(|tag| (of, edition_tags::tag_id.eq(tag.id)));
    let tagged: Vec<_> = tagged.collect();
    insert_rows!(conn, edition_tags::table, tagged)?;

    let links: BTreeSet<ArticleId> = edition.links.iter().copied().collect();
    let links: Vec<_> = links
        .into_iter()
        .map(|id| {
            (
                edition_links::edition_id.eq(edition.id),
                edition_links::target_article_id.eq(id),
            )
        })
        .collect();
    for batch in links.chunks(BATCH) {
        insert_rows!(conn, edition_links::table, batch.to_vec())?;
    }
    edition_related::insert(conn, edition)?;
    shelf::put(conn, edition)?;
    media_use::replace(conn, Holder::Edition(edition.id), &edition.media_ids())
}

/// An edition that ended.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Where readers found the article.
    pub path: String,
    pub until: Timestamp,
}

/// Ends the live edition of an article; `None` when there was none. It ends where it began where that is later: of two who
/// write one after the other, the second may have read the clock first.
pub fn close_live(conn: &mut DbConn, article: ArticleId, at: Timestamp) -> Result<Option<Closed>> {
    let live = editions::table
        .filter(editions::article_id.eq(article))
        .filter(editions::live_until.is_null());
    let until = case_when(editions::live_from.gt(at), editions::live_from).otherwise(at.into_sql::<Instant>());
    let closed: Option<(EditionId, String, Option<Timestamp>)> = on_backend!(conn, |c| diesel::update(live)
        .set(editions::live_until.eq(until.nullable()))
        .returning((editions::id, editions::path, editions::live_until))
        .get_result(c)
        .optional())?;
    let Some((edition, path, until)) = closed else {
        return Ok(None);
    };
    shelf::remove(conn, article)?;
    media_use::replace(conn, Holder::Edition(edition), &[])?;
    let until = until.unwrap_or(at);
    Ok(Some(Closed { path, until }))
}

/// Whether readers ever saw this revision of an article.
pub fn was_shown(conn: &mut DbConn, article: ArticleId, revision: i32) -> Result<bool> {
    let showing = editions::table
        .filter(editions::article_id.eq(article))
        .filter(editions::revision.eq(revision));
    let query = diesel::select(diesel::dsl::exists(showing));
    Ok(on_backend!(conn, |c| query.get_result(c))?)
}

/// The edition that ended last, of an article that is not live; `None` when it was never published.
pub fn last(conn: &mut DbConn, article: ArticleId) -> Result<Option<Closed>> {
    let last = editions::table
        .filter(editions::article_id.eq(article))
        .filter(editions::live_until.is_not_null())
        .order((
            editions::live_until.desc(),
            editions::live_from.desc(),
            editions::id.desc(),
        ))
        .select((editions::path, editions::live_until.assume_not_null()));
    let found: Option<(String, Timestamp)> = on_backend!(conn, |c| last.first(c).optional())?;
    Ok(found.map(|(path, until)| Closed { path, until }))
}

/// Where readers find these articles now; those that are not live are left out.
pub fn live_paths(conn: &mut DbConn, articles: &[ArticleId]) -> Result<Vec<(ArticleId, String)>> {
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::article_id.among(articles))
        .select((editions::article_id, editions::path));
    Ok(on_backend!(conn, |c| live.load(c))?)
}

/// What readers see of these articles now; those that are not live are left out.
pub fn live_summaries(conn: &mut DbConn, articles: &[ArticleId]) -> Result<Vec<Summary>> {
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::article_id.among(articles))
        .select(editions::summary);
    let found: Vec<Document> = on_backend!(conn, |c| live.load(c))?;
    found.iter().map(|summary| from_json(summary)).collect()
}

/// The live editions of which a condition holds.
macro_rules! live_where {
    ($conn:expr, $condition:expr) => {{
        let query = editions::table
            .left_join(body::of_editions!())
            .filter(editions::live_until.is_null())
            .filter($condition)
            .order(editions::id);
        let rows: Vec<(EditionRow, Document)> = on_backend!($conn, |c| query
            .select((EditionRow::as_select(), bodies::body.nullable().assume_not_null()))
            .load(c))?;
        with_links($conn, rows)
    }};
}

/// What is live of an article: one edition, or none.
pub fn live_of(conn: &mut DbConn, article: ArticleId) -> Result<Vec<Edition>> {
    live_where!(conn, editions::article_id.eq(article))
}

/// The live editions whose byline names the contributor.
pub fn live_showing_contributor(conn: &mut DbConn, contributor: ContributorId) -> Result<Vec<Edition>> {
    let showing = edition_contributors::table
        .filter(edition_contributors::contributor_id.eq(contributor))
        .select(edition_contributors::edition_id);
    live_where!(conn, editions::id.eq_any(showing))
}

/// The live editions that have the tag.
pub fn live_showing_tag(conn: &mut DbConn, tag: TagId) -> Result<Vec<Edition>> {
    let showing = edition_tags::table
        .filter(edition_tags::tag_id.eq(tag))
        .select(edition_tags::edition_id);
    live_where!(conn, editions::id.eq_any(showing))
}

/// The live editions that show the media.
pub fn live_showing_media(conn: &mut DbConn, media: MediaId) -> Result<Vec<Edition>> {
    let showing = media_uses::table
        .filter(media_uses::media_id.eq(media))
        .filter(media_uses::edition_id.is_not_null())
        .select(media_uses::edition_id.assume_not_null());
    live_where!(conn, editions::id.eq_any(showing))
}

/// The live editions that stand in one of the sections.
pub fn live_showing_section(conn: &mut DbConn, sections: &[SectionId]) -> Result<Vec<Edition>> {
    live_where!(conn, editions::section_id.eq_any(sections))
}

fn with_links(conn: &mut DbConn, rows: Vec<(EditionRow, Document)>) -> Result<Vec<Edition>> {
    let ids: Vec<EditionId> = rows.iter().map(|(row, _)| row.id).collect();
    let mut links: HashMap<EditionId, Vec<ArticleId>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let query = edition_links::table
            .filter(edition_links::edition_id.among(batch))
            .order((edition_links::edition_id, edition_links::target_article_id));
        for (edition, target) in on_backend!(conn, |c| query.load::<(EditionId, ArticleId)>(c))? {
            links.entry(edition).or_default().push(target);
        }
    }
    let mut related: HashMap<EditionId, Vec<RelatedLink>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        for row in edition_related::of(conn, batch)? {
            let edition = row.edition_id;
            related.entry(edition).or_default().extend(row.link());
        }
    }
    let edition = |(row, body): (EditionRow, Document)| {
        Ok(Edition {
            id: row.id,
            article_id: row.article_id,
            revision: row.revision,
            translation_group: row.translation_group,
            live_from: row.live_from,
            summary: from_json(&row.summary)?,
            body: RawValue::from_string(body.0).map_err(StoreError::broken)?,
            media: from_json(&row.media)?,
            links: links.remove(&row.id).unwrap_or_default(),
            related: related.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(edition).collect()
}

/// Writes summaries from before there was packing as they are written now. On PostgreSQL that is what they are already.
pub(super) fn pack() -> Portion {
    let mut after = EditionId(Uuid::nil());
    Box::new(move |conn| {
        let DbConn::Sqlite(c) = conn else {
            return Ok(false);
        };
        let rows: Vec<(EditionId, Document)> = editions::table
            .filter(editions::id.gt(after))
            .filter(sql::<Bool>("typeof(summary) = 'text'"))
            .order(editions::id)
            .limit(PORTION)
            .select((editions::id, editions::summary))
            .load(c)?;
        let Some((id, _)) = rows.last() else {
            return Ok(false);
        };
        after = *id;
        for (id, summary) in rows {
            let row = editions::table.find(id);
            diesel::update(row).set(editions::summary.eq(summary)).execute(c)?;
        }
        Ok(true)
    })
}
