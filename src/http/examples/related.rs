//! Examples of related links.

use serde_json::{Value, json};

use super::{AGENCY_STORY, ARTICLE, PUBLISHED, SECTION, WRITTEN, media_card};

/// The link of the examples.
pub(super) const LINK: &str = "019c63f0-5a17-7188-83f4-5a6b7c8d9e0f";
const BACK: &str = "019c63f0-5a18-7299-94a5-6b7c8d9e0f10";
const MEDIA: &str = super::MEDIA;

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "RelatedLinks" => json!({
            "items": [link()], "revision": 3, "link_back": null,
            "changes": [{"change": "block_added", "link_id": LINK, "block_id": "b7gk2m9qx3"}],
        }),
        "RelatedLink" => link(),
        "RelatedLinksIn" => json!({"items": [
            {"id": LINK},
            {"url": "https://harbour.example/notices/12", "title": "Notice 12: crossing reopens", "kind": "source"},
        ]}),
        "RelatedNew" => json!({
            "article_id": AGENCY_STORY, "kind": "background", "placement": "both", "position": "start",
            "label_override": "Nine days without a ferry", "reciprocal": true,
        }),
        "RelatedPatch" => json!({"kind": "background", "label_override": null, "position": "end"}),
        "RelatedCardPage" => super::page(&card()),
        "BacklinkPage" => super::page(&json!({"kinds": ["related"], "article": article()})),
        "RelatedSuggestions" => json!({"items": [{
            "score": 0.412, "words": ["ferry", "strait"], "tags": [super::tag_card()], "same_section": true,
            "article": article(),
        }]}),
        "BrokenLinkPage" => super::page(&json!({
            "article_id": ARTICLE, "headline": "Ferry service resumes across the strait", "status": "published",
            "link": elsewhere(), "answer": {"status": 404, "failure": null, "checked_at": WRITTEN},
        })),
        "ReferrerPage" => super::page(&referrer()),
        _ => return None,
    })
}

/// As an editor sees it.
pub(super) fn link() -> Value {
    json!({
        "id": LINK, "position": 0, "kind": "background", "placement": "both", "article_id": AGENCY_STORY,
        "url": null, "title": null, "source": null, "label_override": "Nine days without a ferry",
        "label": "Nine days without a ferry",
        "href": "https://news.example/2026/02/07/storm-closes-the-strait-3p8vq2zr",
        "visibility": "visible", "hidden_because": null,
        "target": {"headline": "Storm closes the strait", "status": "published"},
    })
}

fn elsewhere() -> Value {
    json!({
        "id": LINK, "position": 1, "kind": "source", "placement": "list", "article_id": null,
        "url": "https://harbour.example/notices/12", "title": "Notice 12: crossing reopens", "source": "Harbour authority",
        "label_override": null, "label": "Notice 12: crossing reopens", "href": "https://harbour.example/notices/12",
        "visibility": "visible", "hidden_because": null, "target": null,
    })
}

fn article() -> Value {
    json!({
        "id": AGENCY_STORY, "short_id": "3p8vq2zr", "kind": "news", "locale": "en",
        "headline": "Storm closes the strait", "deck": "No ferry leaves Port Aldous before next week.",
        "path": "/2026/02/07/storm-closes-the-strait-3p8vq2zr",
        "canonical_url": "https://news.example/2026/02/07/storm-closes-the-strait-3p8vq2zr",
        "section": {"id": SECTION, "slug": "transport", "name": "Transport", "ancestors": []},
        "lead_media": {"media_id": MEDIA, "alt": null, "caption": null, "credit": "Northlight Pictures", "media": media_card()},
        "first_published_at": PUBLISHED, "published_at": PUBLISHED, "updated_at": PUBLISHED,
    })
}

fn card() -> Value {
    json!({
        "id": LINK, "kind": "background", "placement": "both", "label": "Nine days without a ferry",
        "url": "https://news.example/2026/02/07/storm-closes-the-strait-3p8vq2zr", "source": null, "article": article(),
    })
}

fn referrer() -> Value {
    json!({
        "article_id": AGENCY_STORY, "headline": "Storm closes the strait", "status": "published", "deleted_at": null,
        "updated_at": WRITTEN, "link_id": BACK, "kind": "follow_up", "placement": "list",
    })
}
