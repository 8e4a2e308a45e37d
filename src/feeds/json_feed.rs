//! JSON Feed 1.1.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Feed, Item};
use crate::domain::time::Timestamp;

/// What is new (JSON Feed 1.1, jsonfeed.org).
#[derive(Debug, Serialize, ToSchema)]
pub struct JsonFeed {
    #[schema(examples("https://jsonfeed.org/version/1.1"))]
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    description: Option<String>,
    home_page_url: String,
    feed_url: String,
    language: String,
    items: Vec<JsonFeedItem>,
}

/// A story of a feed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JsonFeedItem {
    id: String,
    url: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    content_html: Option<String>,
    /// Where the feed would grow too large with the whole text: what it is about, or the title again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    image: Option<String>,
    date_published: Timestamp,
    date_modified: Timestamp,
    authors: Vec<JsonFeedAuthor>,
    tags: Vec<String>,
    language: String,
}

/// Who is named.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JsonFeedAuthor {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    url: Option<String>,
}

/// The document.
pub fn write(feed: Feed) -> serde_json::Result<String> {
    serde_json::to_string(&JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: feed.title,
        description: feed.description,
        home_page_url: feed.home,
        feed_url: feed.address,
        language: feed.language,
        items: feed.items.into_iter().map(item).collect(),
    })
}

fn item(item: Item) -> JsonFeedItem {
    JsonFeedItem {
        id: item.urn(),
        content_text: item
            .html
            .is_none()
            .then(|| item.summary.as_ref().unwrap_or(&item.title).clone()),
        content_html: item.content(),
        url: item.url,
        title: item.title,
        summary: item.summary,
        image: item.image.map(|image| image.url),
        date_published: item.published_at,
        date_modified: item.updated_at,
        authors: item
            .authors
            .into_iter()
            .map(|author| JsonFeedAuthor {
                name: author.name,
                url: author.url,
            })
            .collect(),
        tags: item.categories,
        language: item.language,
    }
}
