//! Files in parts, by the tus protocol.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::super::make;
use crate::support::{Call, TestApp};

const UPLOADS: &str = "/api/v1/editor/media/uploads";

fn begin(app: &TestApp, length: usize) -> Call<'_> {
    let call = app.editor().post(UPLOADS);
    call.header("Tus-Resumable", "1.0.0")
        .header("Upload-Length", length.to_string())
}

fn part<'a>(app: &'a TestApp, path: &str, offset: usize, bytes: &[u8]) -> Call<'a> {
    let call = app.editor().patch(path).header("Tus-Resumable", "1.0.0");
    call.header("Upload-Offset", offset.to_string())
        .header("Content-Type", "application/offset+octet-stream")
        .bytes(bytes.to_vec())
}

#[actix_web::test]
async fn a_file_comes_in_parts_and_becomes_a_media() {
    let app = TestApp::start().await;
    let file = make::png();
    let said = |text: &str| STANDARD.encode(text);
    let metadata = format!(
        "filename {},credit {},focal_point {},filetype {}",
        said("kestrel.png"),
        said("Northlight Pictures"),
        said("{\"x\":0.1,\"y\":0.2}"),
        said("image/png")
    );
    let begun = begin(&app, file.len())
        .header("Upload-Metadata", metadata)
        .await
        .expect(201);
    let path = begun.header("Location").unwrap().to_owned();
    assert_eq!(begun["received"], 0);
    let half = file.len() / 2;
    let first = part(&app, &path, 0, &file[..half]).await.expect(204);
    assert_eq!(
        (first.header("Upload-Offset"), first.header("Content-Location")),
        (Some(half.to_string().as_str()), None)
    );
    let stands = app.editor().call("HEAD", &path).await.expect(200);
    assert_eq!(stands.header("Upload-Offset"), Some(half.to_string().as_str()));
    for wrong in [0, half - 1, half + 1] {
        let refusal = part(&app, &path, wrong, &file[half..])
            .await
            .refused(409, "offset_mismatch");
        assert_eq!(refusal.header("Upload-Offset"), Some(half.to_string().as_str()));
    }
    let last = part(&app, &path, half, &file[half..]).await.expect(204);
    let media = app
        .editor()
        .get(last.header("Content-Location").unwrap())
        .await
        .expect(200);
    for (field, value) in [
        ("filename", "kestrel.png"),
        ("credit", "Northlight Pictures"),
        ("mime", "image/png"),
    ] {
        assert_eq!(media[field], value);
    }
    assert_eq!(media["focal_point"]["x"], 0.1);
    let stored = app
        .anon()
        .get(media["original_url"].as_str().unwrap())
        .await
        .expect(200);
    assert_eq!(stored.body(), file);
    let done = app.editor().get(&path).await.expect(200);
    assert_eq!(
        (&done["media_id"], &done["received"]),
        (&media["id"], &Value::from(file.len()))
    );
    part(&app, &path, file.len(), b"more")
        .await
        .refused(409, "offset_mismatch");
}

#[actix_web::test]
async fn what_cannot_become_a_media_is_refused_as_soon_as_that_is_known() {
    let app = TestApp::with(|config| config.media.max_file_bytes = 60_000_000).await;
    begin(&app, 60_000_001).await.refused(413, "too_large");
    let old = app
        .editor()
        .post(UPLOADS)
        .header("Upload-Length", "10")
        .header("Tus-Resumable", "0.2.2");
    old.await.refused(412, "protocol_version");
    app.editor()
        .post(UPLOADS)
        .header("Upload-Length", "10")
        .await
        .refused(412, "protocol_version");
    app.editor()
        .post(UPLOADS)
        .header("Tus-Resumable", "1.0.0")
        .await
        .refused(400, "bad_request");
    for (metadata, pointer) in [
        ("credit !!", "/credit"),
        ("colour eA==", "/colour"),
        ("credit AA==", "/credit"),
    ] {
        let refusal = begin(&app, 10)
            .header("Upload-Metadata", metadata)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws()[0].0, pointer);
    }
    let path = begin(&app, 5).await.expect(201).header("Location").unwrap().to_owned();
    part(&app, &path, 0, b"too long").await.refused(413, "too_large");
    app.editor()
        .patch(&path)
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Offset", "0")
        .json(&Value::Null)
        .await
        .expect(415);
    part(&app, &path, 0, b"hello")
        .await
        .refused(415, "unsupported_media_type");
    app.editor().get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn an_upload_is_its_makers_alone_and_ends_with_a_day() {
    let app = TestApp::start().await;
    let path = begin(&app, 10).await.expect(201).header("Location").unwrap().to_owned();
    app.admin().get(&path).await.refused(404, "not_found");
    app.contributor().delete(&path).await.refused(404, "not_found");
    app.clock.advance(24 * 3600 - 1);
    app.editor().get(&path).await.expect(200);
    app.clock.advance(1);
    app.editor().get(&path).await.refused(404, "not_found");
    let path = begin(&app, 10).await.expect(201).header("Location").unwrap().to_owned();
    part(&app, &path, 0, b"part").await.expect(204);
    app.editor().delete(&path).await.expect(204);
    app.editor().get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn every_answer_says_which_protocol_it_speaks() {
    let app = TestApp::start().await;
    let path = begin(&app, 10).await.expect(201).header("Location").unwrap().to_owned();
    for reply in [
        app.editor().call("OPTIONS", UPLOADS).await.expect(204),
        app.editor().post(UPLOADS).await.refused(412, "protocol_version"),
        part(&app, &path, 3, b"part").await.refused(409, "offset_mismatch"),
        app.anon().get(&path).await.refused(401, "unauthenticated"),
        app.editor().delete(&path).await.expect(204),
    ] {
        assert_eq!(reply.header("Tus-Resumable"), Some("1.0.0"));
        assert_eq!(reply.header("Tus-Version"), Some("1.0.0"));
        assert!(reply.header("Tus-Extension").unwrap().contains("creation"));
    }
}

async fn media_there_are(app: &TestApp) -> usize {
    let list = app.editor().get("/api/v1/editor/media?limit=100").await.expect(200);
    list.items().len()
}

#[actix_web::test]
async fn of_last_parts_that_come_at_once_one_is_taken() {
    let app = TestApp::start().await;
    for round in 0..8_u32 {
        let files: Vec<Vec<u8>> = (0..4_u32)
            .map(|one| {
                let shade = (round * 4 + one).to_le_bytes()[0];
                let mut file = make::drawn(64, 64, image::ImageFormat::Jpeg, |x, y| {
                    [(x * y).to_le_bytes()[0], 9, 9]
                });
                file.extend([shade; 700]);
                // The last is nothing that is taken.
                if one == 3 { vec![shade; file.len()] } else { file }
            })
            .collect();
        let length = files[0].len();
        let path = begin(&app, length)
            .await
            .expect(201)
            .header("Location")
            .unwrap()
            .to_owned();
        let before = media_there_are(&app).await;
        let race = files.iter().map(|file| async {
            let reply = part(&app, &path, 0, file).await;
            (reply.status(), reply.header("Content-Location").map(str::to_owned))
        });
        let replies = futures_util::future::join_all(race).await;
        let made: Vec<&String> = replies.iter().filter_map(|(_, made)| made.as_ref()).collect();
        let told: Vec<u16> = replies.iter().map(|(status, _)| *status).collect();
        assert!(
            told.iter().all(|status| [204, 404, 409, 415].contains(status)),
            "{told:?}"
        );
        assert_eq!(
            told.iter().filter(|status| [204, 415].contains(status)).count(),
            1,
            "{told:?}"
        );
        assert_eq!(media_there_are(&app).await - before, made.len(), "{told:?}");
        if let [made] = made[..] {
            let media = app.editor().get(made).await.expect(200);
            let stored = app
                .anon()
                .get(media["original_url"].as_str().unwrap())
                .await
                .expect(200);
            assert!(files.iter().any(|file| file == stored.body()));
        }
    }
}
