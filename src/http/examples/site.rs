//! Examples of the site and of what is new on it.

use serde_json::{Value, json};

use super::{ARTICLE, MEDIA, PUBLISHED, SECTION, body, summary, translation, with};

/// A page, whole.
pub(super) fn article() -> Value {
    let page = with(summary(), "translations", json!([translation()]));
    with(with(page, "open_graph", open_graph()), "body", body())
}

fn open_graph() -> Value {
    json!({
        "title": "Ferry service resumes across the strait",
        "description": "The first crossing left Port Aldous with every seat taken.",
        "type": "article",
        "url": "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
        "site_name": "The Strait Courier",
        "locale": "en",
        "image": {
            "url": format!("https://news.example/media/{MEDIA}/1280.jpg?v=8d2f0a4c6b1e3579"),
            "width": 1280,
            "height": 853,
            "alt": "A ferry leaves a harbour under grey clouds.",
            "type": "image/jpeg",
        },
        "published_time": PUBLISHED,
        "modified_time": PUBLISHED,
        "section": "Transport",
        "tags": ["Ferries"],
        "authors": [{"name": "Meridian Wire", "url": "https://meridian-wire.example/"}],
    })
}

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "Site" => json!({
            "name": "The Strait Courier",
            "url": "https://news.example",
            "locale": "en",
            "permalink": "/{year}/{month}/{day}/{slug}-{short_id}",
            "sections": [{"id": SECTION, "slug": "transport", "name": "Transport", "description": null, "children": []}],
            "version": "0.1.0",
        }),
        "JsonFeed" => json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Strait Courier",
            "home_page_url": "https://news.example/",
            "feed_url": "https://news.example/feeds/all.json",
            "language": "en",
            "items": [{
                "id": format!("urn:uuid:{ARTICLE}"),
                "url": "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
                "title": "Ferry service resumes across the strait",
                "summary": "The first crossing left Port Aldous with every seat taken.",
                "content_html": "<p>The first crossing left at dawn.</p>",
                "date_published": PUBLISHED,
                "date_modified": PUBLISHED,
                "authors": [{"name": "Meridian Wire", "url": "https://meridian-wire.example/"}],
                "tags": ["Transport", "Ferries"],
                "language": "en",
            }],
        }),
        _ => return None,
    })
}
