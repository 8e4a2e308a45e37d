//! Bytes on their way out.

use std::io::Cursor;

use image::{GenericImageView as _, ImageFormat};
use serde_json::json;

use super::super::make::{self, Made};
use crate::support::{Person, Reply, TestApp};

/// A signed address of a media, with another name in the place of its file.
fn address(made: &Made, name: &str) -> String {
    made.json["original_url"]
        .as_str()
        .unwrap()
        .replace("original.png", name)
}

fn size(reply: &Reply, format: ImageFormat) -> (u32, u32) {
    image::load(Cursor::new(reply.body()), format).unwrap().dimensions()
}

#[actix_web::test]
async fn a_picture_comes_in_the_sizes_and_forms_that_it_says() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let renditions = made.json["renditions"].as_array().unwrap();
    assert_eq!(renditions.len(), 6, "160, 320 and its own 400, in two forms");
    for rendition in renditions {
        let reply = app.anon().get(rendition["url"].as_str().unwrap()).await.expect(200);
        let (format, kind) = match rendition["format"].as_str().unwrap() {
            "webp" => (ImageFormat::WebP, "image/webp"),
            _ => (ImageFormat::Jpeg, "image/jpeg"),
        };
        assert_eq!(reply.header("Content-Type"), Some(kind));
        let (width, height) = size(&reply, format);
        assert_eq!(
            (rendition["width"].as_u64(), rendition["height"].as_u64()),
            (Some(width.into()), Some(height.into()))
        );
    }
    assert_eq!(made.json["src"], renditions[5]["url"]);
    assert_eq!(made.json["srcset"].as_str().unwrap().matches(".webp").count(), 3);
}

#[actix_web::test]
async fn no_picture_is_made_larger_than_it_is() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    for (name, expected) in [
        ("160.webp", (160, 120)),
        ("640.webp", (400, 300)),
        ("1920.webp", (400, 300)),
    ] {
        let reply = app.anon().get(address(&made, name)).await.expect(200);
        assert_eq!(size(&reply, ImageFormat::WebP), expected, "{name}");
    }
}

#[actix_web::test]
async fn a_crop_keeps_the_focal_point_in_sight() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    for (x, is_white) in [(0.0, false), (1.0, true)] {
        let made = made
            .again(&app)
            .await
            .patch(&app, serde_json::json!({"focal_point": {"x": x, "y": 0.5}}))
            .await;
        let url = address(&made, "160.jpg");
        let reply = app.anon().get(format!("{url}&fit=cover&ratio=3:4")).await.expect(200);
        let picture = image::load(Cursor::new(reply.body()), ImageFormat::Jpeg)
            .unwrap()
            .into_rgb8();
        assert_eq!(picture.dimensions(), (160, 213));
        let middle = picture.get_pixel(80, 100).0;
        assert_eq!(middle.iter().all(|part| *part > 240), is_white, "{x}: {middle:?}");
    }
}

#[actix_web::test]
async fn a_name_that_stands_for_nothing_is_not_found_and_a_wrong_parameter_is_told() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    for name in [
        "161.webp",
        "160.png",
        "0160.webp",
        "+160.webp",
        "160.webp.jpg",
        "original.mp3",
        "original",
        ".webp",
        "-1.webp",
    ] {
        app.anon().get(address(&made, name)).await.refused(404, "not_found");
    }
    let url = address(&made, "160.webp");
    for (query, name) in [
        ("fit=cover", "ratio"),
        ("ratio=16:9", "fit"),
        ("fit=contain&ratio=16:9", "fit"),
        ("fit=cover&ratio=99:1", "ratio"),
        ("fit=cover&ratio=0:1", "ratio"),
    ] {
        let refusal = app
            .anon()
            .get(format!("{url}&{query}"))
            .await
            .refused(400, "invalid_parameter");
        assert!(
            refusal.flaws().iter().any(|(pointer, _)| pointer == name),
            "{query}: {}",
            refusal.text()
        );
    }
    app.anon()
        .get(format!("{url}&width=7"))
        .await
        .refused(400, "unknown_parameter");
}

#[actix_web::test]
async fn what_no_page_shows_is_for_who_has_a_signed_address() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let other = make::photo(&app, Person::Editor).await;
    let signed = address(&made, "160.webp");
    let (bare, query) = signed.split_once('?').unwrap();
    let reply = app.anon().get(&signed).await.expect(200);
    assert_eq!(reply.header("Cache-Control"), Some("private, max-age=86400"));
    app.anon().get(address(&made, "original.png")).await.expect(200);
    let id = |made: &Made| made.id().to_owned();
    for wrong in [
        bare.to_owned(),
        format!("{bare}?v=x"),
        signed.replace("signature=", "signature=0"),
        signed.replace(&id(&made), &id(&other)),
        format!("{bare}?expires=99999999999&{}", query.split('&').next_back().unwrap()),
        bare.replace(&id(&made), "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"),
        bare.replace(&id(&made), "..%2f..%2fetc"),
    ] {
        app.anon().get(&wrong).await.refused(404, "not_found");
        app.editor().get(&wrong).await.refused(404, "not_found");
    }
    app.anon()
        .get(format!("{bare}?expires=1"))
        .await
        .refused(400, "invalid_parameter");
    app.clock.advance(47 * 3600);
    app.anon().get(&signed).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_browser_that_takes_webp_gets_it_where_the_form_is_left_open() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    for (accept, kind) in [
        (Some("image/avif,image/webp,*/*;q=0.8"), "image/webp"),
        (Some("*/*"), "image/jpeg"),
        (Some("image/webp;q=0"), "image/jpeg"),
        (None, "image/jpeg"),
    ] {
        let mut call = app.anon().get(address(&made, "160"));
        if let Some(accept) = accept {
            call = call.header("Accept", accept);
        }
        let reply = call.await.expect(200);
        assert_eq!(
            (reply.header("Content-Type"), reply.header("Vary")),
            (Some(kind), Some("Accept")),
            "{accept:?}"
        );
    }
}

#[actix_web::test]
async fn parts_are_answered_as_rfc_9110_says() {
    answers_parts(&TestApp::start().await).await;
}

#[actix_web::test]
async fn parts_are_answered_in_the_same_way_from_s3() {
    let mut there = false;
    let app = TestApp::with(|config| there = crate::storage::on_s3(config)).await;
    if there {
        answers_parts(&app).await;
    }
}

async fn answers_parts(app: &TestApp) {
    let made = make::photo(app, Person::Editor).await;
    for name in ["original.png", "160.webp"] {
        let url = address(&made, name);
        let whole = app.anon().get(&url).await.expect(200);
        let (all, etag) = (whole.body().to_vec(), whole.etag().to_owned());
        let length = all.len();
        assert_eq!(whole.header("Accept-Ranges"), Some("bytes"));
        let asked = |range: &str| app.anon().get(&url).header("Range", range);
        for (range, from, to) in [
            ("bytes=0-9".to_owned(), 0, 10),
            ("bytes=50-99".to_owned(), 50, 100),
            ("bytes=-7".to_owned(), length - 7, length),
            (format!("bytes={}-", length - 1), length - 1, length),
            ("bytes=10-999999999".to_owned(), 10, length),
        ] {
            let part = asked(&range).await.expect(206);
            assert_eq!(part.body(), &all[from..to], "{name} {range}");
            let told = format!("bytes {from}-{}/{length}", to - 1);
            assert_eq!(part.header("Content-Range"), Some(told.as_str()));
            assert_eq!(part.etag(), etag);
        }
        several(&asked("bytes=0-4, 20-29, -3").await.expect(206), &all);
        let refusal = asked(&format!("bytes={length}-"))
            .await
            .refused(416, "range_not_satisfiable");
        assert_eq!(
            refusal.header("Content-Range"),
            Some(format!("bytes */{length}").as_str())
        );
        asked("bytes=5-1").await.expect(200);
        asked("items=0-1").await.expect(200);
        for (condition, status) in [
            (etag.clone(), 206),
            (format!("W/{etag}"), 200),
            ("\"other\"".to_owned(), 200),
        ] {
            let reply = asked("bytes=0-1").header("If-Range", &condition).await.expect(status);
            assert_eq!(
                reply.body().len(),
                if status == 206 { 2 } else { length },
                "{condition}"
            );
        }
        // A condition that says that the client has it all comes before the range.
        asked("bytes=0-1").header("If-None-Match", &etag).await.expect(304);
        let head = app.anon().call("HEAD", &url).await.expect(200);
        assert_eq!((head.etag(), head.body().len()), (etag.as_str(), 0));
    }
}

#[actix_web::test]
async fn bytes_are_those_that_if_match_names_or_none() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    for name in ["original.png", "160.webp"] {
        let url = address(&made, name);
        let etag = app.anon().get(&url).await.expect(200).etag().to_owned();
        let asked = |condition: &str| {
            let call = app.anon().get(&url).header("Range", "bytes=0-1");
            call.header("If-Match", condition)
        };
        for condition in [etag.clone(), "*".to_owned(), format!("\"x\", {etag}")] {
            asked(&condition).await.expect(206);
        }
        // It comes before every other condition, and no weak tag is enough.
        for condition in ["\"other\"", &format!("W/{etag}")] {
            let call = asked(condition).header("If-None-Match", &etag);
            call.await.refused(412, "stale_revision");
        }
        asked("x").await.refused(400, "bad_request");
    }
}

/// The parts of an answer that has several.
fn several(reply: &Reply, all: &[u8]) {
    let kind = reply.header("Content-Type").unwrap();
    let boundary = kind
        .strip_prefix("multipart/byteranges; boundary=")
        .expect("parts")
        .to_owned();
    let length = all.len();
    let mut rest = reply.body();
    for (from, to) in [(0, 5), (20, 30), (length - 3, length)] {
        let start = format!("\r\n--{boundary}\r\n");
        rest = rest.strip_prefix(start.as_bytes()).expect("a part begins");
        let end = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(rest[..end].to_vec()).unwrap();
        assert!(
            head.contains(&format!("Content-Range: bytes {from}-{}/{length}", to - 1)),
            "{head}"
        );
        rest = rest[end + 4..].strip_prefix(&all[from..to]).expect("its bytes");
    }
    assert_eq!(rest, format!("\r\n--{boundary}--\r\n").as_bytes());
}

#[actix_web::test]
async fn a_rendition_says_who_made_it_and_nothing_else_of_the_file() {
    let Some(folder) = crate::samples::samples("images") else {
        return;
    };
    let app = TestApp::start().await;
    for (name, said) in [
        ("gps/DSCN0010.jpg", None),
        ("metadata/cp.jpg", Some("The Canadian Press")),
    ] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let made = make::upload_file(&app, Person::Editor, bytes).await;
        for rendition in made.json["renditions"].as_array().unwrap() {
            let reply = app.anon().get(rendition["url"].as_str().unwrap()).await.expect(200);
            let has = |text: &str| reply.body().windows(text.len()).any(|bytes| bytes == text.as_bytes());
            for secret in [
                "Exif\0\0",
                "GPS",
                "NIKON",
                "COOLPIX",
                "Photoshop 3.0",
                "8BIM",
                "EDS NOTE",
                "exif:",
            ] {
                assert!(!has(secret), "{name} {}: {secret}", rendition["url"]);
            }
            if let Some(credit) = said {
                assert!(has(credit) && has("Paul Chiasson"), "{name} {}", rendition["url"]);
            }
        }
    }
}

#[actix_web::test]
async fn pictures_that_were_turned_come_upright() {
    let Some(folder) = crate::samples::samples("images/orientation") else {
        return;
    };
    let app = TestApp::start().await;
    let mut first = None;
    for number in 1..=8 {
        let bytes = std::fs::read(folder.join(format!("landscape_{number}.jpg"))).unwrap();
        let made = make::upload_file(&app, Person::Editor, bytes).await;
        let url = made.json["original_url"]
            .as_str()
            .unwrap()
            .replace("original.jpg", "640.jpg");
        let reply = app.anon().get(url).await.expect(200);
        let picture = image::load(Cursor::new(reply.body()), ImageFormat::Jpeg)
            .unwrap()
            .into_rgb8();
        assert_eq!(picture.dimensions(), (600, 450));
        let first = first.get_or_insert_with(|| picture.clone());
        let differing = first
            .pixels()
            .zip(picture.pixels())
            .map(|(a, b)| a.0.iter().zip(b.0).map(|(a, b)| u64::from(a.abs_diff(b))).sum::<u64>());
        let mean = differing.sum::<u64>() / (600 * 450 * 3);
        assert!(mean < 8, "{number}: {mean}");
    }
}

#[actix_web::test]
async fn the_address_of_a_file_leads_to_one_of_another_type_in_its_place() {
    let app = TestApp::start().await;
    let sound = make::sound(&app).await;
    let body = json!([make::paragraph("Listen."), {"type": "audio", "id": "a", "media_id": sound.id()}]);
    make::draft(&app, "Ferry sails").set("body", body).published().await;
    let old = format!("/media/{}/original.wav", sound.id());
    app.anon().get(&old).await.expect(200);
    let signed = sound.json["original_url"].as_str().unwrap();
    let put = app.editor().call("PUT", format!("{}/file", sound.path()));
    let put = put
        .header("Content-Type", "application/octet-stream")
        .if_match(sound.revision());
    let now = put.bytes(b"OggS\0\x02".repeat(8)).await.expect(200);
    assert_eq!(now["mime"], "audio/ogg");
    for old in [old.as_str(), signed] {
        let moved = app.anon().get(old).await.expect(308);
        let location = moved.header("Location").unwrap();
        assert!(location.starts_with("original.ogg?v="), "{location}");
        assert_eq!(location.contains("&signature="), old == signed);
        app.anon()
            .get(format!("/media/{}/{location}", sound.id()))
            .await
            .expect(200);
    }
    app.anon()
        .get(old.replace(".wav", ".mp4"))
        .await
        .refused(404, "not_found");
    let picture = make::photo(&app, Person::Editor).await;
    make::draft(&app, "Ferry shines")
        .set("lead_media", json!({"media_id": picture.id()}))
        .published()
        .await;
    let original = format!("/media/{}/original.jpg", picture.id());
    app.anon().get(original).await.refused(404, "not_found");
}
