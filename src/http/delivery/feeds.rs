//! What is new, for programs that follow the site.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::cacheable;
use super::keys::Keys;
use crate::domain::slug::Slug;
use crate::http::codes::Code;
use crate::http::extract::{Query, Reader};
use crate::http::problem::Problem;
use crate::services::delivery::{FeedForm, FeedName, JsonFeed};

/// Follow the site or a section
///
/// The last 50 stories with their whole texts, their pictures and what was corrected. `all.rss` is the site, `world.rss` the section with
/// the slug `world` and those below it; `.atom` is Atom, `.json` is JSON Feed 1.1.
#[utoipa::path(
    tag = "delivery",
    params(("feed" = String, Path, description = "`all` or the slug of a section, and `.rss`, `.atom` or `.json`.")),
    responses((
        status = 200,
        description = "The feed.",
        content(
            (String = "application/rss+xml"),
            (String = "application/atom+xml"),
            (JsonFeed = "application/feed+json"),
        ),
    ))
)]
#[get("/feeds/{feed}")]
pub(super) async fn get_feed(
    reader: Reader,
    req: HttpRequest,
    feed: Path<String>,
    _: Query<()>,
) -> Result<HttpResponse, Problem> {
    let (name, form, media_type) = named(&feed).ok_or_else(|| Problem::plain(Code::NotFound))?;
    let found = reader.feed(name, form, &format!("/feeds/{feed}")).await?;
    let mut keys = Keys::of(&["articles"]);
    for story in &found.shown {
        keys.summary(&story.summary);
        story.media.iter().for_each(|id| keys.media(*id));
        story.linked.iter().for_each(|id| keys.link(*id));
    }
    if let Some(section) = found.section {
        // Its name, and what stands below it.
        keys.all("sections");
        keys.id("section", section.0);
    }
    Ok(cacheable(&req, &reader, found.text, media_type, None, keys))
}

fn named(feed: &str) -> Option<(FeedName, FeedForm, &'static str)> {
    let (name, form) = feed.rsplit_once('.')?;
    let (form, media_type) = match form {
        "rss" => (FeedForm::Rss, "application/rss+xml; charset=utf-8"),
        "atom" => (FeedForm::Atom, "application/atom+xml; charset=utf-8"),
        "json" => (FeedForm::Json, "application/feed+json"),
        _ => return None,
    };
    let name = match name {
        "all" => FeedName::All,
        slug => FeedName::Section(Slug::parse(slug).ok()?),
    };
    Some((name, form, media_type))
}
