//! Examples of an article in the forms of others.

use serde_json::{Value, json};

use super::{AGENCY, AGENCY_STORY, ARTICLE, MEDIA, PUBLISHED, SECTION, TAG};

const URL: &str = "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx";
const BEFORE: &str = "https://news.example/2026/02/07/storm-closes-the-strait-4hn8t2wd";

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "NewsArticle" => news_article(),
        "NinjsItem" => ninjs_item(),
        _ => return None,
    })
}

fn news_article() -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": format!("urn:uuid:{ARTICLE}"),
        "url": URL,
        "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
        "headline": "Ferry service resumes across the strait",
        "description": "The first crossing left Port Aldous with every seat taken.",
        "image": {
            "@type": "ImageObject",
            "url": format!("https://news.example/media/{MEDIA}/1280.jpg?v=8d2f0a4c6b1e3579"),
            "contentUrl": format!("https://news.example/media/{MEDIA}/1280.jpg?v=8d2f0a4c6b1e3579"),
            "width": {"@type": "QuantitativeValue", "value": 1280, "unitCode": "E37"},
            "height": {"@type": "QuantitativeValue", "value": 853, "unitCode": "E37"},
            "caption": "The Kestrel leaves Port Aldous on Monday.",
            "creditText": "Northlight Pictures",
        },
        "datePublished": PUBLISHED,
        "dateModified": PUBLISHED,
        "author": [{"@type": "Organization", "name": "Meridian Wire", "url": "https://meridian-wire.example/"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Strait Courier", "url": "https://news.example/"},
        "articleSection": "Transport",
        "keywords": ["Ferries"],
        "inLanguage": "en",
        "wordCount": 412,
        "isBasedOn": ["https://wire.example/2026/02/16/ferry"],
        "citation": [{"@type": "NewsArticle", "name": "Storm closes the strait", "url": BEFORE}],
    })
}

fn ninjs_item() -> Value {
    let web = |url: &str| json!([{"name": "web", "href": url, "contentType": "text/html"}]);
    let plain = |role: &str, text: &str| json!({"role": role, "contentType": "text/plain", "value": text});
    json!({
        "standard": {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"},
        "uri": format!("urn:uuid:{ARTICLE}"),
        "type": "text",
        "representationType": "full",
        "firstCreated": PUBLISHED,
        "versionCreated": PUBLISHED,
        "pubStatus": "usable",
        "language": "en",
        "slugline": "ferry-service-resumes-across-the-strait",
        "title": "Ferry service resumes across the strait",
        "by": "By Meridian Wire",
        "headlines": [plain("main", "Ferry service resumes across the strait")],
        "descriptions": [plain("summary", "The first crossing left Port Aldous with every seat taken.")],
        "bodies": [{"role": "main", "contentType": "text/html", "wordCount": 6, "value": "<p>The first crossing left at dawn.</p>"}],
        "organisations": [{
            "name": "Meridian Wire", "rel": "author", "uri": format!("urn:uuid:{AGENCY}"), "literal": "meridian-wire",
        }],
        "subjects": [
            {"name": "Transport", "rel": "section", "uri": format!("urn:uuid:{SECTION}"), "literal": "transport"},
            {"name": "Ferries", "rel": "about", "uri": format!("urn:uuid:{TAG}"), "literal": "ferries"},
        ],
        "genres": [{"name": "News", "literal": "news"}],
        "infoSources": [{"name": "Meridian Wire", "role": "distributor:wires"}],
        "altIds": [{"role": "short_id", "value": "7gk2m9qx"}, {"role": "canonical_url", "value": URL}],
        "renditions": web(URL),
        "associations": [{
            "name": "related-1",
            "rel": "background",
            "uri": format!("urn:uuid:{AGENCY_STORY}"),
            "type": "text",
            "representationType": "partial",
            "headlines": [plain("main", "Storm closes the strait")],
            "renditions": web(BEFORE),
        }],
    })
}
