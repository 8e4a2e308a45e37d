//! Media.

use serde_json::{Value, json};

use super::{EDITOR, WRITTEN, with};

const PICTURE: &str = "019c63f0-5a16-7a77-92e9-3f4a5b6c7d8e";
const UPLOAD: &str = "019c63f0-5a17-7b88-a3fa-4a5b6c7d8e9f";

fn address(name: &str) -> String {
    let signature = "expires=1771459200&signature=5f0e8b1c2d3a49586776a5b4c3d2e1f0";
    format!("/media/{PICTURE}/{name}?v=8d2f0a4c6b1e3579&{signature}")
}

fn rendition(width: u32, height: u32, ending: &str, format: &str) -> Value {
    json!({"url": address(&format!("{width}.{ending}")), "width": width, "height": height, "format": format})
}

pub(super) fn media() -> Value {
    with(
        summary(),
        "extracted",
        json!({"iptc": {"By-line": "Sample Photographer", "Keywords": ["ferry", "harbour"]}}),
    )
}

pub(super) fn summary() -> Value {
    json!({
        "id": PICTURE, "kind": "image", "mime": "image/jpeg", "filename": "kestrel-leaves.jpg", "bytes": 318_204,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "width": 320, "height": 213, "duration_ms": null, "animated": false, "renders": true,
        "placeholder": {"thumbhash": "2fcZFIB3iId/h3iJh4aIYJ2V8g==", "color": "#3a5f7d"},
        "headline": null, "alt": "A ferry leaves a harbour under grey clouds.",
        "caption": "The Kestrel leaves Port Aldous on Monday.", "credit": "Northlight Pictures",
        "creator": "Sample Photographer", "copyright": null, "source": null, "usage_terms": null,
        "rights_expire_at": null, "taken_at": WRITTEN,
        "location": {"city": "Port Aldous", "state": null, "country": null}, "focal_point": {"x": 0.5, "y": 0.4},
        "original_url": address("original.jpg"),
        "src": address("320.jpg"),
        "srcset": format!("{} 160w, {} 320w", address("160.webp"), address("320.webp")),
        "renditions": [
            rendition(160, 107, "webp", "webp"), rendition(160, 107, "jpg", "jpeg"),
            rendition(320, 213, "webp", "webp"), rendition(320, 213, "jpg", "jpeg"),
        ],
        "used": true, "revision": 2, "created_at": WRITTEN, "created_by": EDITOR, "updated_at": WRITTEN,
        "updated_by": EDITOR, "deleted_at": null,
    })
}

pub(super) fn patch() -> Value {
    json!({"credit": "Northlight Pictures", "focal_point": {"x": 0.5, "y": 0.4}})
}

pub(super) fn usages() -> Value {
    json!({"items": [{"type": "article", "id": super::ARTICLE, "name": "Ferry service resumes across the strait"}]})
}

pub(super) fn upload() -> Value {
    json!({"id": UPLOAD, "length": 20_971_520, "received": 8_388_608, "media_id": null, "expires_at": "2026-02-17T09:12:00.000Z"})
}
