//! Examples of revisions, of times and of corrections.

use serde_json::{Value, json};

use super::related::LINK;
use super::{AGENCY, AGENCY_STORY, ARTICLE, EDITOR, GROUP, SECTION, TAG, WRITTEN};

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "RevisionPage" => super::page(&summary()),
        "Revision" => super::with(summary(), "article", article()),
        "RevisionDiff" => json!({
            "from": 1, "to": 3,
            "fields": [{
                "field": "kicker", "from": null, "to": "Transport",
            }, {
                "field": "headline", "from": "Ferry resumes", "to": "Ferry service resumes",
                "words": [
                    {"kind": "same", "text": "Ferry "}, {"kind": "added", "text": "service "}, {"kind": "same", "text": "resumes"},
                ],
            }],
            "blocks": [
                {"id": "p2", "changes": ["moved"], "from_position": 1, "to_position": 0},
            ],
        }),
        "RevertIn" => json!({"revision": 1}),
        "LockIn" => json!({"take_over": true}),
        "Locked" => json!({"revision": 3, "lock": {
            "locked_by": EDITOR, "locked_at": WRITTEN, "expires_at": "2026-02-16T09:17:00.000Z",
        }, "taken_from": null}),
        "Validation" => json!({"revision": 3, "publishable": true, "findings": [{
            "code": "missing_alt", "severity": "warning", "pointer": "/body/3/alt",
            "message": "the picture has no alternative text, neither here nor of its own",
        }]}),
        "Corrections" => json!({"items": [correction()], "revision": 4}),
        "CorrectionIn" => {
            json!({"kind": "correction", "text": "An earlier version gave the wrong day.", "block_id": "p2"})
        }
        "CorrectionPatch" => json!({"text": "An earlier version gave the wrong day of the first crossing."}),
        "RetractIn" => json!({"notice": "The story rested on a document that was forged."}),
        "RejectIn" => json!({"note": "Needs a second source for the number of passengers."}),
        "ScheduleIn" => json!({
            "publish_at": "2026-02-17T06:00:00+09:00", "unpublish_at": "2026-03-17T06:00:00+09:00", "time_zone": "Asia/Seoul",
        }),
        "ScheduledMovePage" => super::page(&json!({
            "kind": "publish", "due_at": "2026-02-16T21:00:00.000Z", "time_zone": "Asia/Seoul", "article_id": ARTICLE,
            "headline": "Ferry service resumes across the strait", "status": "scheduled", "scheduled_revision": null,
            "scheduled_by": EDITOR,
        })),
        _ => return None,
    })
}

fn correction() -> Value {
    json!({
        "id": "019c63f0-5a1a-74bb-b6c7-8d9e0f1a2b3c", "kind": "correction", "text": "An earlier version gave the wrong day.",
        "block_id": "p2", "created_at": WRITTEN, "created_by": EDITOR, "updated_at": WRITTEN, "updated_by": EDITOR,
    })
}

fn summary() -> Value {
    json!({
        "revision": 3, "first_revision": 3, "reason": "edit", "status": "draft", "changed": ["kicker", "headline"], "note": null,
        "source_revision": null, "created_at": WRITTEN, "created_by": EDITOR,
    })
}

fn article() -> Value {
    json!({
        "slug": "ferry-service-resumes", "translation_group": GROUP, "kind": "news", "locale": "en",
        "headline": "Ferry service resumes across the strait", "short_headline": null, "seo_title": null,
        "seo_description": null, "deck": null, "kicker": "Transport", "original_url": null,
        "byline": {"contributors": [{"contributor_id": AGENCY, "role": "author"}], "override": null},
        "distributor": {"name": "Meridian Wire", "category": "wires", "item_id": null, "usage_terms": null},
        "dateline": {"city": "Port Aldous", "country": null, "date": "2026-02-16", "source": null, "text": null},
        "section_id": SECTION, "tag_ids": [TAG], "lead_media": null, "body": super::body(),
        "related": [{
            "id": LINK, "kind": "background", "placement": "both", "article_id": AGENCY_STORY, "url": null,
            "deleted_headline": null, "title": null, "source": null, "label_override": "Nine days without a ferry",
        }],
        "internal_note": null, "embargo_until": null, "custom": {"print_page": 3},
    })
}
