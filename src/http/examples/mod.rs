//! One example for each schema that travels, by the schema's name; the document shows them, and a test holds each
//! against its schema. The newsroom in them is the demo's, and as invented.

mod account;
mod batch;
mod forms;
mod media;
mod related;
mod revisions;
mod search;
mod site;

use serde_json::{Value, json};

const ARTICLE: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
const TRANSLATION: &str = "019c63f0-5a14-7e55-b0c1-2d3e4f5a6b7c";
const GROUP: &str = "019c63f0-5a15-7f66-81d2-3e4f5a6b7c8d";
const SECTION: &str = "019c63f0-5a11-7d21-9c55-3f6a7b8c9d01";
const AGENCY: &str = "019c63f0-5a12-7a87-a1b2-c3d4e5f60718";
const TAG: &str = "019c63f0-5a14-7e55-b6c7-1d2e3f4a5b6c";
/// Another story, which the first one links to.
const AGENCY_STORY: &str = "019c63f0-5a19-73aa-a5b6-7c8d9e0f1a2b";
/// What another is merged into.
const OTHER: &str = "019c63f0-5a15-7f66-97d8-2e3f4a5b6c7d";
const MEDIA: &str = "019c63f0-5a16-7077-92e3-4f5a6b7c8d9e";
const EDITOR: &str = "019c63f0-5a13-7b44-8d9e-0f1a2b3c4d5e";
const WRITTEN: &str = "2026-02-16T09:12:00.000Z";
const PUBLISHED: &str = "2026-02-16T09:30:00.000Z";
/// What a cursor looks like; it means nothing outside its list.
const CURSOR: &str = "WyI5ZDZlZTQ4NGEzMTUiLCJ3b3JsZCIsIiJd";

fn audit_entry() -> Value {
    json!({
        "id": OTHER,
        "at": WRITTEN,
        "actor_id": EDITOR,
        "via": "http",
        "action": "edit",
        "subject": {"type": "article", "id": ARTICLE, "name": "Ferry service resumes after nine days"},
        "revision": 7,
        "changed": ["headline", "body"],
        "merged_into": null,
        "origin": {"address": "192.0.2.7", "token_id": TRANSLATION, "request_id": "019c63f0-5a10-7c3e"},
    })
}

/// The example of a schema, put on every request and answer of that schema.
pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "Article" => site::article(),
        "ArticlePage" => first_page(&summary()),
        "Resolution" => redirect(),
        "WorkingCopy" => with(working_copy(), "body", body()),
        "WorkingCopyPage" => page(&working_copy()),
        "TranslationIn" => json!({"locale": "fr", "headline": "Le ferry reprend la mer après neuf jours"}),
        "ArticleIn" => article_in(),
        "ArticlePatch" => json!({"deck": "Every seat was taken.", "kicker": null, "byline": {"override": null}}),
        "Site" | "JsonFeed" => site::example(schema)?,
        "NewsArticle" | "NinjsItem" => forms::example(schema)?,
        "SearchResults" => search::example(),
        "Section" => section(),
        "SectionPage" => first_page(&section()),
        "EditorSection" => editor_section(),
        "EditorSectionPage" => page(&editor_section()),
        "TrimmedArticlePage" => {
            first_page(&json!({"id": ARTICLE, "headline": "Ferry service resumes across the strait"}))
        }
        "SectionIn" => json!({"name": "Transport", "description": "Roads, rails and ferries.", "position": 20}),
        "SectionPatch" => json!({"name": "Travel", "parent_id": null}),
        "Contributor" => contributor(),
        "ContributorPage" => first_page(&contributor()),
        "EditorContributor" => editor_contributor(),
        "EditorContributorPage" => page(&editor_contributor()),
        "ContributorIn" => json!({"name": "Meridian Wire", "kind": "organisation"}),
        "ContributorPatch" => json!({"bio": "An invented news agency."}),
        "ContributorMerge" | "TagMerge" => json!({ "into": OTHER }),
        "Tag" => tag(),
        "TagPage" => first_page(&tag()),
        "EditorTag" => editor_tag(),
        "EditorTagPage" => page(&editor_tag()),
        "AuditEntryPage" => page(&audit_entry()),
        "BatchIn" | "BatchResults" => batch::example(schema)?,
        "Media" => media::media(),
        "MediaPage" => page(&media::summary()),
        "MediaPatch" => media::patch(),
        "MediaUsages" => media::usages(),
        "Upload" => media::upload(),
        "TagIn" => json!({"name": "Ferries"}),
        "TagPatch" => json!({"name": "Ferries and ports", "description": null}),
        "LoginIn" | "RefreshIn" | "TokenPair" | "PasswordIn" | "SessionPage" | "ResetCodeIn" | "ResetCode"
        | "ResetIn" | "CurrentPasswordIn" | "Totp" | "NewTotp" | "TotpCodeIn" | "RecoveryCodes" => {
            account::example(schema)?
        }
        "PreviewTokenIn" | "PreviewToken" | "PreviewTokenPage" => account::preview(schema)?,
        "ApiKeyIn" | "ApiKey" | "NewApiKey" | "ApiKeyPage" => account::api_key(schema)?,
        "JsonWebKeySet" => json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }]}),
        "Health" => json!({"status": "ok"}),
        _ => return related::example(schema).or_else(|| revisions::example(schema)),
    })
}

fn page(item: &Value) -> Value {
    json!({"items": [item], "next_cursor": CURSOR})
}

/// The first page of a list that is walked both ways.
fn first_page(item: &Value) -> Value {
    with(page(item), "previous_cursor", Value::Null)
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.insert(key.to_owned(), value);
    }
    object
}

fn body() -> Value {
    json!([
        {"id": "b7gk2m9qx1", "type": "paragraph", "text": [
            {"text": "The first ferry in nine days left Port Aldous on "},
            {"text": "Monday morning", "marks": ["em"]},
            {"text": ". "},
            {"text": "Timetable", "link": {"url": "https://ferries.example/timetable"}},
        ]},
        {"id": "b7gk2m9qx2", "type": "heading", "level": 2, "text": [{"text": "What comes next"}]},
    ])
}

fn article_in() -> Value {
    json!({
        "headline": "Ferry service resumes across the strait",
        "deck": "The first crossing left Port Aldous with every seat taken.",
        "section_id": SECTION,
        "tag_ids": [TAG],
        "byline": {"contributors": [{"contributor_id": AGENCY, "role": "author"}]},
        "distributor": {"name": "Meridian Wire", "category": "wires", "item_id": "mw-2026-02-16-0042"},
        "dateline": {"city": "Port Aldous", "date": "2026-02-16", "source": "Meridian Wire"},
        "original_url": "https://meridian-wire.example/2026/02/16/ferry",
        "lead_media": {"media_id": MEDIA, "caption": "The Kestrel leaves on Monday."},
        "body": [{"type": "paragraph", "text": [{"text": "The first ferry in nine days left on Monday."}]}],
    })
}

fn summary() -> Value {
    json!({
        "id": ARTICLE, "short_id": "7gk2m9qx", "kind": "news", "locale": "en",
        "headline": "Ferry service resumes across the strait",
        "short_headline": "Ferry resumes", "seo_title": null, "seo_description": null,
        "deck": "The first crossing left Port Aldous with every seat taken.", "kicker": "Transport",
        "slug": "ferry-service-resumes-across-the-strait",
        "path": "/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
        "canonical_url": "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
        "original_url": "https://meridian-wire.example/2026/02/16/ferry",
        "byline": {"text": "By Meridian Wire", "overridden": false, "contributors": [{
            "id": AGENCY, "slug": "meridian-wire", "name": "Meridian Wire", "kind": "organisation",
            "url": "https://meridian-wire.example/", "role": "author",
        }]},
        "distributor": {"name": "Meridian Wire", "category": "wires", "item_id": "mw-2026-02-16-0042"},
        "dateline": {
            "text": "PORT ALDOUS, Feb 16 (Meridian Wire)", "city": "Port Aldous", "country": null,
            "date": "2026-02-16", "source": "Meridian Wire",
        },
        "section": {"id": SECTION, "slug": "transport", "name": "Transport", "ancestors": []},
        "tags": [tag_card()],
        "lead_media": {
            "media_id": MEDIA, "alt": "A ferry leaves a harbour under grey clouds.",
            "caption": "The Kestrel leaves on Monday.", "credit": "Northlight Pictures", "media": media_card(),
        },
        "corrections": [], "custom": {"print_page": 1}, "word_count": 16, "reading_minutes": 1,
        "first_published_at": PUBLISHED, "published_at": PUBLISHED, "updated_at": PUBLISHED,
    })
}

/// The picture of the ferry, in one size.
fn media_card() -> Value {
    let address = |form: &str| format!("/media/{MEDIA}/{form}?v=8d2f0a4c6b1e3579");
    json!({
        "id": MEDIA, "kind": "image", "mime": "image/jpeg", "width": 4000, "height": 3000, "duration_ms": null,
        "animated": false, "renders": true,
        "placeholder": {"thumbhash": "2fcZFIB3iId/h3iJh4aIYJ2V8g==", "color": "#3a5f7d"},
        "headline": null, "alt": "A ferry leaves a harbour under grey clouds.",
        "caption": "The Kestrel leaves Port Aldous on Monday.", "credit": "Northlight Pictures",
        "creator": "Ilse Maren", "copyright": null, "source": null, "taken_at": WRITTEN, "location": null,
        "focal_point": {"x": 0.5, "y": 0.4}, "version": "8d2f0a4c6b1e3579",
        "src": address("640.jpg"), "srcset": format!("{} 640w", address("640.webp")),
        "renditions": [
            {"url": address("640.webp"), "width": 640, "height": 480, "format": "webp"},
            {"url": address("640.jpg"), "width": 640, "height": 480, "format": "jpeg"},
        ],
    })
}

fn translation() -> Value {
    json!({
        "id": TRANSLATION, "locale": "fr", "headline": "Le ferry reprend la mer après neuf jours",
        "path": "/2026/02/16/le-ferry-reprend-la-mer-apres-neuf-jours-9r4m2xqz",
        "canonical_url": "https://news.example/2026/02/16/le-ferry-reprend-la-mer-apres-neuf-jours-9r4m2xqz",
    })
}

fn redirect() -> Value {
    json!({
        "type": "redirect", "article_id": ARTICLE,
        "location": "/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
        "url": "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
    })
}

fn working_copy() -> Value {
    let mut copy = json!({
        "id": ARTICLE, "short_id": "7gk2m9qx", "kind": "news", "locale": "en",
        "translation_group": GROUP, "status": "published",
        "revision": 2, "live_revision": 2, "has_unpublished_changes": false,
        "headline": "Ferry service resumes across the strait",
        "short_headline": "Ferry resumes", "seo_title": null, "seo_description": null,
        "deck": "The first crossing left Port Aldous with every seat taken.", "kicker": "Transport",
        "slug": "ferry-service-resumes-across-the-strait",
        "canonical_url": "https://news.example/2026/02/16/ferry-service-resumes-across-the-strait-7gk2m9qx",
        "original_url": "https://meridian-wire.example/2026/02/16/ferry",
        "byline": {"text": "By Meridian Wire", "contributors": [{
            "contributor_id": AGENCY, "role": "author", "slug": "meridian-wire", "name": "Meridian Wire",
            "kind": "organisation",
        }], "override": null},
        "distributor": {
            "name": "Meridian Wire", "category": "wires", "item_id": "mw-2026-02-16-0042",
            "usage_terms": "Online use for 30 days.",
        },
        "dateline": {
            "rendered": "PORT ALDOUS, Feb 16 (Meridian Wire)", "city": "Port Aldous", "country": null,
            "date": "2026-02-16", "source": "Meridian Wire", "text": null,
        },
        "section_id": SECTION, "tag_ids": [TAG], "tags": [tag_card()],
        "lead_media": {"media_id": MEDIA, "alt": null, "caption": "The Kestrel leaves on Monday.", "credit": null},
        "media": [media_card()],
        "related": [related::link()],
        "internal_note": "Second source called back at noon.",
        "custom": {"print_page": 1}, "word_count": 16, "reading_minutes": 1,
        "first_published_at": PUBLISHED, "published_at": PUBLISHED,
        "created_at": WRITTEN, "created_by": EDITOR, "updated_at": PUBLISHED, "updated_by": EDITOR,
        "deleted_at": null,
    });
    copy = with(with(copy, "corrections", json!([])), "lock", Value::Null);
    for time in [
        "embargo_until",
        "publish_at",
        "unpublish_at",
        "time_zone",
        "scheduled_revision",
        "scheduled_by",
        "schedule_failure",
        "moved_at",
    ] {
        copy = with(copy, time, Value::Null);
    }
    copy
}

fn section() -> Value {
    json!({
        "id": SECTION, "slug": "transport", "name": "Transport", "description": "Roads, rails and ferries.",
        "parent_id": null, "position": 20, "ancestors": [], "article_count": 12,
    })
}

fn editor_section() -> Value {
    json!({
        "id": SECTION, "slug": "transport", "name": "Transport", "description": "Roads, rails and ferries.",
        "parent_id": null, "position": 20, "article_count": 15, "live_count": 12, "revision": 1,
        "created_at": WRITTEN, "updated_at": WRITTEN, "updated_by": EDITOR,
    })
}

fn contributor() -> Value {
    json!({
        "id": AGENCY, "slug": "meridian-wire", "name": "Meridian Wire", "kind": "organisation",
        "bio": "An invented news agency.", "url": "https://meridian-wire.example/", "avatar": null,
    })
}

fn editor_contributor() -> Value {
    json!({
        "id": AGENCY, "slug": "meridian-wire", "name": "Meridian Wire", "kind": "organisation",
        "bio": "An invented news agency.", "url": "https://meridian-wire.example/", "avatar_media_id": null,
        "article_count": 9, "live_count": 8, "revision": 1, "created_at": WRITTEN, "updated_at": WRITTEN, "updated_by": EDITOR,
    })
}

fn tag_card() -> Value {
    json!({"id": TAG, "slug": "ferries", "name": "Ferries"})
}

fn tag() -> Value {
    json!({
        "id": TAG, "slug": "ferries", "name": "Ferries", "description": "Crossings of the strait.", "article_count": 4,
    })
}

fn editor_tag() -> Value {
    json!({
        "id": TAG, "slug": "ferries", "name": "Ferries", "description": "Crossings of the strait.",
        "article_count": 5, "live_count": 4, "revision": 1,
        "created_at": WRITTEN, "updated_at": WRITTEN, "updated_by": EDITOR,
    })
}
