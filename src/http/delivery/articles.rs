//! Live articles.

use actix_web::web::Path;
use actix_web::{FromRequest as _, HttpRequest, HttpResponse, get};

use super::forms::{AskedForm, formed, varied};
use super::keys::Keys;
use super::{Written, ready};
use crate::domain::article::ArticleKind;
use crate::domain::body::BodyFormat;
use crate::domain::form::PageForm;
use crate::domain::id::ArticleId;
use crate::domain::locale::Locale;
use crate::domain::page::{Limit, Page};
use crate::domain::related::{Include, ListInclude};
use crate::domain::shelf::{ArticleSort, ListedField};
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;
use crate::http::conditional::{sheet, show_bytes};
use crate::http::extract::{Given, Parameters, Query, Reader};
use crate::http::parameters::cursor;
use crate::http::problem::Problem;
use crate::http::view::list::ArticlePage;
use crate::http::view::published::ArticleView;
use crate::http::view::trimmed::{TRIMMED, TrimmedArticlePage};
use crate::services::delivery::{
    ArticleQuery, ListFilter, ListedArticle, NewsArticle, NinjsItem, PublishedArticle, Wanted,
};

impl Parameters for ListFilter {
    fn read(given: &mut Given) -> Self {
        Self {
            sections: given.many("section", Slug::parse),
            tags: given.many("tag", Slug::parse),
            contributors: given.many("contributor", Slug::parse),
            kinds: given.many("kind", ArticleKind::parse),
            locales: given.many("locale", Locale::parse),
            related_to: given.list("related_to", ArticleId::parse),
            ids: given.list("ids", ArticleId::parse),
            published_after: given.one("published_after", Timestamp::parse),
            published_before: given.one("published_before", Timestamp::parse),
        }
    }
}

/// What a list is asked with.
pub(super) struct Listing {
    query: ArticleQuery,
    /// All, unless some were named.
    fields: Vec<ListedField>,
}

impl Parameters for Listing {
    fn read(given: &mut Given) -> Self {
        let filter = ListFilter::read(given);
        let query = ArticleQuery {
            filter,
            sort: given.one("sort", ArticleSort::parse).unwrap_or(ArticleSort::Newest),
            as_of: as_of(given),
            count: given.flag("count"),
            include_related: given
                .list("include", ListInclude::parse)
                .contains(&ListInclude::Related),
            limit: given.one("limit", Limit::parse).unwrap_or(Limit::DEFAULT),
            cursor: given.one("cursor", cursor),
        };
        Self {
            query,
            fields: given.list("fields", ListedField::parse),
        }
    }
}

/// What an article is asked with, and for which moment.
pub(super) struct Asked {
    wanted: Wanted,
    as_of: Option<Timestamp>,
    form: AskedForm,
}

impl Parameters for Asked {
    fn read(given: &mut Given) -> Self {
        Self {
            wanted: Wanted::read(given),
            as_of: as_of(given),
            form: AskedForm::read(given),
        }
    }
}

/// What was public is for whoever works here.
fn as_of(given: &mut Given) -> Option<Timestamp> {
    given.one_with_login("as_of", Timestamp::parse)
}

/// List live articles
///
/// The latest published first, unless another order is asked for. A filter given several times means any of its values; different
/// filters all hold.
#[utoipa::path(
    tag = "delivery",
    params(
        ("section" = Option<Vec<Slug>>, Query, description = "Slugs of sections; each brings the sections below it."),
        ("tag" = Option<Vec<Slug>>, Query, description = "Slugs of tags."),
        ("contributor" = Option<Vec<Slug>>, Query, description = "Slugs of contributors whom the byline names."),
        ("kind" = Option<Vec<ArticleKind>>, Query, description = "Kinds of article."),
        ("locale" = Option<Vec<Locale>>, Query, description = "Languages, as BCP 47 tags."),
        ("related_to" = Option<Vec<ArticleId>>, Query, explode = false, description = "Ids of articles: those that have a \
            related link to one of them. At most 100."),
        ("ids" = Option<Vec<ArticleId>>, Query, explode = false, description = "These articles, as far as they are live. At \
            most 100."),
        ("published_after" = Option<Timestamp>, Query, description = "Later than this moment."),
        ("published_before" = Option<Timestamp>, Query, description = "Earlier than this moment."),
        ("sort" = Option<ArticleSort>, Query, description = "What goes first: `-published_at`, unless given, is the latest."),
        ("as_of" = Option<Timestamp>, Query, description = "The list as readers saw it at this moment, which is not later than \
            now. For callers with a login. Sections, tags and contributors go by the slugs of today."),
        ("count" = Option<bool>, Query, description = "With `true` the answer says how many there are in all."),
        ("include" = Option<Vec<ListInclude>>, Query, explode = false, description = "What comes with each article \
            besides: `related`, the links of its list."),
        ("fields" = Option<Vec<ListedField>>, Query, explode = false, description = "The fields of each article that are wanted, \
            with commas between; `id` always comes. The answer is then of the second media type below."),
        ("limit" = Option<i32>, Query, minimum = 1, maximum = 100, description = "Items on a page; 20 unless given."),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` or the `previous_cursor` of a page \
            with the same filters and order."),
    ),
    responses(
        (status = 200, description = "A page of live articles.", content(
            (ArticlePage = "application/json"),
            (TrimmedArticlePage = "application/vnd.copydesk.trimmed+json"),
        )),
        (status = 401, description = "The token is not good, or there is none and `as_of` is asked for."),
    )
)]
#[get("/api/v1/articles")]
pub(super) async fn list_articles(
    reader: Reader,
    req: HttpRequest,
    asked: Query<Listing>,
) -> Result<HttpResponse, Problem> {
    let Listing { query, fields } = asked.0;
    let past = query.as_of.is_some();
    let media_type = if fields.is_empty() { "application/json" } else { TRIMMED };
    let filter = &query.filter;
    let keys = Keys::of_list(&filter.sections, &filter.tags, &filter.contributors);
    let written = reader
        .articles(query, move |page| listed(page, keys, &fields))
        .await??;
    if past {
        return Ok(show_bytes(&req, written.bytes, media_type));
    }
    Ok(ready(&req, &reader, written, media_type))
}

/// A page with those of the fields that are wanted, or all.
fn listed(page: Page<ListedArticle>, mut keys: Keys, fields: &[ListedField]) -> Result<Written, Problem> {
    let page = ArticlePage::from(page);
    for item in &page.items {
        keys.summary(&item.summary);
        keys.related(item.related.as_deref());
    }
    // No `Last-Modified`: an article that leaves the list makes it newer without a newer article in it.
    if fields.is_empty() {
        Written::json(&page, None, keys)
    } else {
        Written::json(&TrimmedArticlePage::of(page, fields)?, None, keys)
    }
}

/// Read a live article
///
/// By its id, its short id or its slug. An article that was live once and is not now answers 410. It comes in the form that `Accept` prefers, or that
/// `format` names: as JSON, as `NewsArticle` of schema.org, as ninjs or as a fragment of HTML. Other forms than JSON have their related links with
/// them and whole addresses.
#[utoipa::path(
    tag = "delivery",
    params(
        ("article" = String, Path, description = "The id, the short id or the slug.", example = "7gk2m9qx"),
        ("body" = Option<BodyFormat>, Query, description = "The form of the body: `blocks` unless given, in `body`; `html`, \
            `markdown` and `text` in `body_html`, `body_markdown` and `body_text`; `none` leaves it out."),
        ("include" = Option<Vec<Include>>, Query, explode = false, description = "What comes with the article besides, \
            with commas between: `related`, the links of its list; `backlinks`, the first 20 articles that link to it."),
        ("as_of" = Option<Timestamp>, Query, description = "The page as readers saw it at this moment, which is not later than \
            now. For callers with a login."),
        ("format" = Option<PageForm>, Query, description = "The form, whatever `Accept` says. `body` and `include` are for JSON: \
            with one of them it is JSON unless this names another form, which is refused."),
    ),
    responses(
        (
            status = 200,
            description = "The article, page-complete.",
            content(
                (ArticleView = "application/json"),
                (NewsArticle = "application/ld+json"),
                (NinjsItem = "application/vnd.iptc.ninjs+json"),
                (String = "text/html"),
            ),
        ),
        (status = 401, description = "The token is not good, or there is none and `as_of` is asked for."),
        (status = 410, description = "It was live once and is not now."),
    )
)]
#[get("/api/v1/articles/{article}")]
pub(super) async fn get_article(req: HttpRequest, article: Path<String>) -> Result<HttpResponse, actix_web::Error> {
    page(&req, article.into_inner()).await
}

/// The page of the article of this name: the handler above is there for the document and for the table of methods, and who asks for a page is led here without
/// the framework's router.
pub(super) async fn page(req: &HttpRequest, name: String) -> Result<HttpResponse, actix_web::Error> {
    let reader = Reader::extract(req).await?;
    let asked = Query::<Asked>::extract(req).await?;
    Ok(answer(&reader, req, name, asked.0).await?)
}

async fn answer(reader: &Reader, req: &HttpRequest, name: String, asked: Asked) -> Result<HttpResponse, Problem> {
    let Asked { wanted, as_of, form } = asked;
    let form = form.settled(req)?;
    if form != PageForm::Json {
        return formed(reader, req, name, form, as_of).await;
    }
    let make = |article: PublishedArticle| {
        let (since, keys) = (article.since, Keys::page(&article));
        let view = ArticleView::from(article);
        let bytes = sheet(|sheet| view.write(sheet))?;
        Ok::<_, Problem>(Written::new(bytes, since, keys))
    };
    let written = reader.article(name, wanted, as_of, make).await??;
    if as_of.is_some() {
        return Ok(varied(show_bytes(req, written.bytes, "application/json")));
    }
    Ok(ready(req, reader, written, "application/json"))
}
