//! Working copies as editors see them.

use std::collections::{HashMap, HashSet};

use super::check::subject;
use crate::domain::access::Action;
use crate::domain::article::{Article, ArticleKind};
use crate::domain::body::{BodyFormat, Warning};
use crate::domain::contributor::Contributor;
use crate::domain::id::{ArticleId, SectionId, TagId, UserId};
use crate::domain::invalid::Invalids;
use crate::domain::locale::Locale;
use crate::domain::media::MediaCard;
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::permalink::Parts;
use crate::domain::related::RelatedChange;
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::domain::time::Timestamp;
use crate::domain::workflow::Status;
use crate::services::reading::{self, cursor, ids_of};
use crate::services::related::{self, Backlink, LinkView, Targets};
use crate::services::{Ctx, Error, Refusal, ShownBody, media_uses};
use crate::store::article::ArticleFilter;
use crate::store::{self, DbConn, TaxonRows as _};

/// A working copy with what it refers to.
#[derive(Debug, Clone)]
pub struct ArticleView {
    pub article: Article,
    /// When it is shown, which tells whether a lock holds.
    pub now: Timestamp,
    /// The contributors that the byline names.
    pub contributors: Vec<Contributor>,
    /// The tags that it has.
    pub tags: Vec<Tag>,
    /// The media that it shows; of an article in a list, whose body is not read, the lead media alone.
    pub media: Vec<MediaCard>,
    /// Its related links, with what stands at their ends.
    pub related: Vec<LinkView>,
    /// What a write changed of links and their blocks beside what it was asked for.
    pub related_changes: Vec<RelatedChange>,
    /// What could not be put back of an older revision.
    pub left_out: Option<Invalids>,
    /// What links to it, after it was taken from readers.
    pub referrers: Option<Vec<Backlink>>,
    /// The public address, once the article was published.
    pub canonical_url: Option<String>,
    /// The body in the form that it was asked for.
    pub body: ShownBody,
    /// What a write could not keep of a body that came in another form than blocks; `None` where nothing was written.
    pub warnings: Option<Vec<Warning>>,
}

impl ArticleView {
    pub(super) fn warning(self, warnings: Option<Vec<Warning>>) -> Self {
        Self { warnings, ..self }
    }

    pub(super) fn related(self, related_changes: Vec<RelatedChange>) -> Self {
        Self {
            related_changes,
            ..self
        }
    }

    pub(super) fn leaving_out(self, left_out: Invalids) -> Self {
        let left_out = Some(left_out);
        Self { left_out, ..self }
    }

    /// Tells what links to the article.
    pub(super) fn referred(self, ctx: &Ctx, conn: &mut DbConn) -> Result<Self, Error> {
        let referrers = Some(related::referrers(ctx, conn, self.article.id)?);
        Ok(Self { referrers, ..self })
    }
}

/// What a list of working copies is asked for.
#[derive(Debug, Clone, Default)]
pub struct ArticleQuery {
    pub statuses: Vec<Status>,
    pub kinds: Vec<ArticleKind>,
    pub locales: Vec<Locale>,
    /// By slug; a section brings those below it.
    pub sections: Vec<Slug>,
    /// By slug.
    pub tags: Vec<Slug>,
    /// By slug.
    pub contributors: Vec<Slug>,
    pub created_by: Vec<UserId>,
    pub trashed: bool,
    pub count: bool,
    pub limit: Option<Limit>,
    pub cursor: Option<String>,
}

/// The article as it is now, with its body as `format` says.
///
/// # Errors
/// `NotFound` when there is none, or none for this caller.
pub async fn read(ctx: &Ctx, id: ArticleId, format: BodyFormat) -> Result<ArticleView, Error> {
    ctx.read(move |ctx, conn| {
        let article = seen(ctx, conn, id)?;
        shown_as(ctx, conn, article, format)
    })
    .await
}

/// The article, when the caller may know of it.
pub(in crate::services) fn seen(ctx: &Ctx, conn: &mut DbConn, id: ArticleId) -> Result<Article, Error> {
    ctx.may_use(Action::ReadArticle)?;
    let article = store::article::by_id(conn, id)?.ok_or(Refusal::NotFound)?;
    ctx.may(Action::ReadArticle, Some(subject(&article)))?;
    Ok(article)
}

/// A page of working copies, the latest changed first. Contributors see their own.
///
/// # Errors
/// `Parameter` for a section, a tag or a contributor that is not there; `BadCursor`.
pub async fn list(ctx: &Ctx, query: ArticleQuery) -> Result<Page<ArticleView>, Error> {
    ctx.may(Action::ReadArticle, None)?;
    let of = format!(
        "articles {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        query.statuses,
        query.kinds,
        query.locales,
        query.sections,
        query.tags,
        query.contributors,
        query.created_by,
        query.trashed
    );
    let after: Option<ByTime> = cursor(&of, query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        let sections = store::section::all(conn)?;
        let filter = filter(ctx, conn, &query, &sections)?;
        let rows = match &filter {
            Some(filter) => store::article::list(conn, filter, after, limit.get() + 1)?,
            None => Vec::new(),
        };
        let page = Page::cut(rows, limit, &of, |article| ByTime {
            at: article.updated_at,
            id: article.id.0,
        });
        let total = match (&filter, query.count) {
            (Some(filter), true) => Some(store::article::count(conn, filter)?),
            (None, true) => Some(0),
            (_, false) => None,
        };
        let page = shown_page(ctx, conn, page, &sections)?;
        Ok(Page { total, ..page })
    })
    .await
}

/// The views of a page of articles, with what they refer to.
pub(super) fn shown_page(
    ctx: &Ctx,
    conn: &mut DbConn,
    page: Page<Article>,
    sections: &[Section],
) -> Result<Page<ArticleView>, Error> {
    let named = named(ctx, conn, &page.items)?;
    let ids: Vec<_> = page.items.iter().map(|article| article.id).collect();
    let paths = store::edition::live_paths(conn, &ids)?;
    Ok(page.map(|article| view(ctx, article, &named, sections, &paths, ShownBody::Absent)))
}

/// The filter as the store takes it; `None` when nothing can match.
fn filter(
    ctx: &Ctx,
    conn: &mut DbConn,
    query: &ArticleQuery,
    sections: &[Section],
) -> Result<Option<ArticleFilter>, Error> {
    let mut created_by = query.created_by.clone();
    if let Some(own) = ctx.own_only() {
        if !created_by.is_empty() && !created_by.contains(&own) {
            return Ok(None);
        }
        created_by = vec![own];
    }
    Ok(Some(ArticleFilter {
        statuses: query.statuses.clone(),
        kinds: query.kinds.clone(),
        locales: query.locales.clone(),
        sections: reading::with_children(sections, &query.sections)?,
        tags: ids_of("tag", &query.tags, &Tag::by_slugs(conn, &query.tags)?)?,
        contributors: ids_of(
            "contributor",
            &query.contributors,
            &Contributor::by_slugs(conn, &query.contributors)?,
        )?,
        created_by,
        trashed: query.trashed,
    }))
}

fn credited(article: &Article) -> impl Iterator<Item = crate::domain::id::ContributorId> {
    article
        .content
        .byline
        .contributors
        .0
        .iter()
        .map(|credit| credit.contributor_id)
}

/// What articles name: the contributors of their bylines, their tags, the media that they show.
struct Named {
    contributors: Vec<Contributor>,
    tags: Vec<Tag>,
    media: Vec<MediaCard>,
    targets: Targets,
}

/// What these articles name, in one statement for each kind.
fn named(ctx: &Ctx, conn: &mut DbConn, articles: &[Article]) -> Result<Named, Error> {
    let places: Vec<_> = articles.iter().flat_map(|article| article.content.media()).collect();
    let contributors: Vec<_> = articles.iter().flat_map(credited).collect();
    let tags: Vec<_> = articles
        .iter()
        .flat_map(|article| &article.content.tag_ids.0)
        .copied()
        .collect();
    Ok(Named {
        contributors: Contributor::by_ids(conn, &contributors)?,
        tags: Tag::by_ids(conn, &tags)?,
        media: media_uses::cards(ctx, conn, &places)?,
        targets: related::targets(ctx, conn, articles.iter().map(|article| &article.content.related))?,
    })
}

/// The view of one article, with what it refers to and its body as blocks.
pub(super) fn shown(ctx: &Ctx, conn: &mut DbConn, article: Article) -> Result<ArticleView, Error> {
    shown_as(ctx, conn, article, BodyFormat::Blocks)
}

fn shown_as(ctx: &Ctx, conn: &mut DbConn, article: Article, format: BodyFormat) -> Result<ArticleView, Error> {
    let named = named(ctx, conn, std::slice::from_ref(&article))?;
    let chain = article
        .content
        .section_id
        .map_or(Ok(Vec::new()), |id| store::section::chain(conn, id))?;
    let paths = store::edition::live_paths(conn, &[article.id])?;
    let body = body(ctx, conn, &article, &named, format)?;
    Ok(view(ctx, article, &named, &chain, &paths, body))
}

/// Blocks show links and media by id alone; other forms show where the linked articles are now and what they are called, and
/// the media with what is said of them.
fn body(
    ctx: &Ctx,
    conn: &mut DbConn,
    article: &Article,
    named: &Named,
    format: BodyFormat,
) -> Result<ShownBody, Error> {
    let as_written = &article.content.body;
    if matches!(format, BodyFormat::Blocks | BodyFormat::None) {
        return ShownBody::new(as_written, format, &ctx.app.site.url);
    }
    let mut body = as_written.clone();
    body.show_media(|id| named.media.iter().find(|card| card.id == id).cloned());
    let related = &article.content.related;
    body.show_related(|id| Some(named.targets.card(ctx, related.get(id)?)), false);
    let linked: Vec<ArticleId> = body.linked_articles().into_iter().collect();
    if !linked.is_empty() && format != BodyFormat::Text {
        let paths: HashMap<_, _> = store::edition::live_paths(conn, &linked)?.into_iter().collect();
        body.show_links(|id| Some(ctx.app.site.canonical(paths.get(&id)?)));
    }
    ShownBody::new(&body, format, &ctx.app.site.url)
}

/// `paths` are those of what is live; what was taken down shows where it would be again.
fn view(
    ctx: &Ctx,
    article: Article,
    named: &Named,
    sections: &[Section],
    paths: &[(ArticleId, String)],
    body: ShownBody,
) -> ArticleView {
    let site = &ctx.app.site;
    let in_section = |id: SectionId| {
        sections
            .iter()
            .find(|section| section.id == id)
            .map(|section| &section.slug)
    };
    let live = paths
        .iter()
        .find(|(id, _)| *id == article.id)
        .map(|(_, path)| path.clone());
    let path = live.or_else(|| {
        Some(site.path(&Parts {
            first_published_at: article.first_published_at?,
            slug: &article.slug,
            short_id: &article.short_id,
            section: article.content.section_id.and_then(in_section),
            locale: &article.content.locale,
        }))
    });
    let credits = named
        .contributors
        .iter()
        .filter(|one| credited(&article).any(|id| id == one.id));
    let shown: HashSet<_> = article.content.media().iter().map(|place| place.media_id).collect();
    let media = named.media.iter().filter(|card| shown.contains(&card.id));
    let tag = |id: &TagId| named.tags.iter().find(|tag| tag.id == *id);
    ArticleView {
        now: ctx.now,
        contributors: credits.cloned().collect(),
        media: media.cloned().collect(),
        tags: article.content.tag_ids.0.iter().filter_map(tag).cloned().collect(),
        related: related::views(ctx, &article.content.related, &named.targets),
        related_changes: Vec::new(),
        left_out: None,
        referrers: None,
        canonical_url: path.map(|path| site.canonical(&path)),
        article,
        body,
        warnings: None,
    }
}
