//! Examples of several operations in one request.

use serde_json::{Value, json};

use super::ARTICLE;

pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "BatchIn" => json!({
            "atomic": true,
            "operations": [
                {
                    "method": "PATCH",
                    "path": format!("/api/v1/editor/articles/{ARTICLE}"),
                    "if_match": "\"7\"",
                    "body": {"kicker": "Transport"},
                },
                {"method": "POST", "path": "/api/v1/editor/articles/{0}/actions/publish", "if_match": "{0}"},
            ],
        }),
        "BatchResults" => json!({"results": [
            {"status": 200, "etag": "\"8\"", "body": {"id": ARTICLE, "revision": 8}},
            {"status": 200, "etag": "\"9\"", "body": {"id": ARTICLE, "revision": 9}},
        ]}),
        _ => return None,
    })
}
