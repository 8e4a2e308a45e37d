//! Examples of what is found.

use serde_json::{Value, json};

use super::{CURSOR, SECTION, TAG, summary, with};

pub(super) fn example() -> Value {
    let piece = |text: &str, is: bool| json!({"text": text, "match": is});
    let highlights = json!({
        "headline": [piece("Ferry", true), piece(" service resumes across the strait", false)],
        "deck": [piece("The first crossing left Port Aldous with every seat taken.", false)],
        "body": [piece("The first ", false), piece("ferry", true), piece(" in nine days left Port Aldous on Monday morning.", false)],
    });
    json!({
        "items": [with(summary(), "highlights", highlights)],
        "next_cursor": CURSOR,
        "total": {"value": 42, "relation": "exact"},
        "facets": {
            "section": [{"id": SECTION, "slug": "transport", "name": "Transport", "count": 31}],
            "kind": [{"kind": "news", "count": 40}, {"kind": "feature", "count": 2}],
            "tag": [{"id": TAG, "slug": "ferries", "name": "Ferries", "count": 12}],
            "month": [{"month": "2026-02", "count": 42}],
        },
    })
}
