//! Pictures that nobody here made: what is read of each, and which are refused.

use std::path::Path;

use serde_json::{Value, json};

use crate::samples::samples;
use crate::support::TestApp;

const MEDIA: &str = "/api/v1/editor/media";

async fn upload(app: &TestApp, path: &Path) -> crate::support::Reply {
    let name = path.file_name().unwrap().to_string_lossy();
    app.editor()
        .post(MEDIA)
        .header("Content-Type", "application/octet-stream")
        .header("Content-Disposition", format!("attachment; filename=\"{name}\""))
        .bytes(std::fs::read(path).unwrap())
        .await
}

/// What must be said of a sample: fields, and places in `extracted`.
const READ: &[(&str, &[(&str, &str)])] = &[
    (
        "metadata/IPTC-PhotometadataRef-Std2017.1.jpg",
        &[
            ("/headline", "The Headline (ref2017.1)"),
            ("/caption", "The description aka caption (ref2017.1)"),
            ("/credit", "Credit Line (ref2017.1)"),
            ("/creator", "Creator1 (ref2017.1), Creator2 (ref2017.1)"),
            ("/location/state", "Province/State (Core) (ref2017.1)"),
            ("/extracted/iptc/By-line", "Creator1 (ref2017.1)"),
            ("/extracted/xmp/dc:creator/1", "Creator2 (ref2017.1)"),
        ],
    ),
    (
        "metadata/alt-text.jpg",
        &[("/alt", "A man in a suit gestures at a lectern")],
    ),
    (
        "metadata/cp.jpg",
        &[
            ("/creator", "Paul Chiasson"),
            ("/credit", "The Canadian Press"),
            ("/location/city", "Montreal"),
            // At 09:49:13, four hours behind UTC.
            ("/taken_at", "2020-07-08T13:49:13.000Z"),
            ("/extracted/exif/DateTimeOriginal", "2020:07:08 09:49:13"),
            ("/extracted/iptc/DateCreated", "20240530"),
            ("/extracted/iptc/SpecialInstructions", "EDS NOTE:A FILE PHOTO"),
        ],
    ),
    (
        "gps/DSCN0010.jpg",
        &[("/extracted/exif/GPSPosition", "43.46745, 11.88513")],
    ),
];

#[actix_web::test]
async fn what_a_picture_says_of_itself_is_read() {
    let Some(folder) = samples("images") else { return };
    let app = TestApp::start().await;
    for (name, expected) in READ {
        let reply = upload(&app, &folder.join(name)).await.expect(201);
        for (pointer, value) in *expected {
            assert_eq!(
                reply.json().pointer(pointer),
                Some(&json!(value)),
                "{name} {pointer}: {}",
                reply.text()
            );
        }
    }
    let reference = upload(&app, &folder.join(READ[0].0)).await.expect(200);
    assert_eq!(
        reference["extracted"]["iptc"]["Keywords"].as_array().map(Vec::len),
        Some(3)
    );
    let position = upload(&app, &folder.join("gps/DSCN0010.jpg")).await.expect(200);
    assert_eq!(position["caption"], Value::Null, "31 blanks are no caption");
}

#[actix_web::test]
async fn every_sample_is_taken_or_refused_for_a_reason() {
    let Some(folder) = samples("images") else { return };
    let app = TestApp::start().await;
    let mut seen = 0;
    for kind in ["metadata", "gps", "orientation", "formats", "bombs", "broken"] {
        for entry in std::fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.extension().is_some_and(|ending| ending == "json") {
                continue;
            }
            let reply = upload(&app, &path).await;
            let ending = path.extension().unwrap_or_default().to_owned();
            let (status, code) = (reply.status(), reply.code().to_owned());
            match kind {
                "broken" if name.starts_with("truncated") => {
                    assert_eq!((status, code.as_str()), (422, "media_refused"), "{name}");
                }
                "broken" | "bombs" => assert!([201, 415, 422].contains(&status), "{name}: {status} {}", reply.text()),
                _ if ending == "ico" => {
                    assert_eq!((status, code.as_str()), (415, "unsupported_media_type"), "{name}");
                }
                _ => assert_eq!(status, 201, "{name}: {}", reply.text()),
            }
            if kind == "orientation" {
                assert_eq!(
                    (&reply["width"], &reply["height"]),
                    (&json!(600), &json!(450)),
                    "{name}"
                );
            }
            if kind == "formats" && status == 201 {
                assert_eq!(reply["renders"], json!(ending != "avif"), "{name}");
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}
