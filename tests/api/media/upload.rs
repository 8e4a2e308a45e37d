//! Files on their way in.

use serde_json::{Value, json};

use super::super::make;
use crate::support::{Call, Person, TestApp};

const MEDIA: &str = "/api/v1/editor/media";
const BOUNDARY: &str = "part-of-a-form";

/// A form of these parts: name, file name, value.
pub(crate) fn form<'a>(call: Call<'a>, parts: &[(&str, Option<&str>, &[u8])]) -> Call<'a> {
    let mut body = Vec::new();
    for (name, filename, value) in parts {
        let filename = filename.map_or(String::new(), |name| format!("; filename=\"{name}\""));
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n");
        body.extend(head.bytes().chain(value.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    call.header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .bytes(body)
}

#[actix_web::test]
async fn a_form_brings_a_file_and_what_is_said_of_it() {
    let app = TestApp::start().await;
    let picture = make::png();
    let call = form(
        app.editor().post(MEDIA),
        &[
            ("credit", None, b"Northlight Pictures"),
            ("file", Some("pictures/kestrel.png"), &picture),
            ("focal_point", None, b"{\"x\":0.25,\"y\":0.5}"),
            ("caption", None, "Der F\u{e4}hrhafen".as_bytes()),
        ],
    );
    let made = call.await.expect(201);
    for (field, value) in [
        ("kind", json!("image")),
        ("mime", json!("image/png")),
        ("filename", json!("kestrel.png")),
        ("credit", json!("Northlight Pictures")),
        ("caption", json!("Der Fährhafen")),
        ("focal_point", json!({"x": 0.25, "y": 0.5})),
        ("width", json!(400)),
        ("height", json!(300)),
        ("renders", json!(true)),
        ("used", json!(false)),
        ("revision", json!(1)),
        ("bytes", json!(picture.len())),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    assert_eq!(made.etag(), "\"1\"");
    let path = made.header("Location").unwrap().to_owned();
    assert_eq!(app.editor().get(path).await.expect(200).json(), made.json());
}

#[actix_web::test]
async fn the_same_bytes_are_one_media_unless_another_is_asked_for() {
    let app = TestApp::start().await;
    let picture = make::png();
    let first = make::upload_file(&app, Person::Editor, picture.clone()).await;
    let send = |path: String| {
        app.editor()
            .post(path)
            .header("Content-Type", "image/png")
            .bytes(picture.clone())
    };
    let again = send(MEDIA.to_owned()).await.expect(200);
    assert_eq!(again["id"], first.json["id"]);
    let second = send(format!("{MEDIA}?duplicate=true")).await.expect(201);
    assert_ne!(second["id"], first.json["id"]);
    assert_eq!(second["sha256"], first.json["sha256"]);
    assert_eq!(
        app.editor().get(format!("{MEDIA}?count=true")).await.expect(200)["total"],
        2
    );
}

#[actix_web::test]
async fn a_form_that_is_not_right_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let picture = make::png();
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("a.png"), &picture);
    for (what, parts, pointer, rule) in [
        ("no file", vec![("credit", None, &b"x"[..])], "/file", "required"),
        ("two files", vec![file, file], "/file", "duplicate"),
        (
            "a field twice",
            vec![("alt", None, b"x"), ("alt", None, b"y"), file],
            "/alt",
            "duplicate",
        ),
        (
            "an unknown field",
            vec![file, ("colour", None, b"red")],
            "/colour",
            "unknown",
        ),
        (
            "a long credit",
            vec![("credit", None, &[b'x'; 600]), file],
            "/credit",
            "too_long",
        ),
        (
            "a control character",
            vec![("credit", None, b"a\0b"), file],
            "/credit",
            "control_character",
        ),
        (
            "not UTF-8",
            vec![("credit", None, b"\xff"), file],
            "/credit",
            "malformed",
        ),
        (
            "not JSON",
            vec![("focal_point", None, b"left"), file],
            "/focal_point",
            "malformed",
        ),
        (
            "out of the picture",
            vec![("focal_point", None, b"{\"x\":2,\"y\":0}"), file],
            "/focal_point",
            "out_of_range",
        ),
        (
            "a bad moment",
            vec![("taken_at", None, b"yesterday"), file],
            "/taken_at",
            "malformed",
        ),
    ] {
        let refusal = form(app.editor().post(MEDIA), &parts)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(pointer.to_owned(), rule.to_owned())], "{what}");
    }
    let broken = app
        .editor()
        .post(MEDIA)
        .header("Content-Type", "multipart/form-data; boundary=x");
    broken.bytes("no form at all").await.expect(400);
    let many: Vec<_> = (0..21).map(|_| ("alt", None, &b"x"[..])).collect();
    let refusal = form(app.editor().post(MEDIA), &many).await;
    assert!([413, 422].contains(&refusal.status()), "{}", refusal.text());
    assert_eq!(
        app.editor().get(MEDIA).await.expect(200).items(),
        [] as [Value; 0],
        "nothing was kept"
    );
}

#[actix_web::test]
async fn a_file_is_what_its_bytes_are() {
    let app = TestApp::start().await;
    let send = |kind: &str, bytes: &[u8]| {
        app.editor()
            .post(MEDIA)
            .header("Content-Type", kind)
            .bytes(bytes.to_vec())
    };
    for (what, bytes) in [
        ("HTML", &b"<!doctype html><script>alert(1)</script>"[..]),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("text", b"hello"),
        ("nothing", b""),
        ("a program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
    ] {
        let refusal = send("image/jpeg", bytes).await.refused(415, "unsupported_media_type");
        assert!(refusal["detail"].as_str().unwrap().contains("JPEG"), "{what}");
    }
    let made = send("image/jpeg", &make::png()).await.expect(201);
    assert_eq!(made["mime"], "image/png", "whatever was said of it");
    send("application/json", b"{}")
        .await
        .refused(415, "unsupported_media_type");
    send("image/png", &make::png()[..200])
        .await
        .refused(422, "media_refused");
}

#[actix_web::test]
async fn what_is_beyond_a_limit_is_refused_and_the_limit_is_named() {
    let app = TestApp::with(|config| {
        config.media.max_image_bytes = 20_000;
        config.media.max_file_bytes = 10_000;
        config.media.max_pixels = 200_000;
        config.media.max_frames = 3;
    })
    .await;
    let send = |bytes: Vec<u8>| {
        app.editor()
            .post(MEDIA)
            .header("Content-Type", "application/octet-stream")
            .bytes(bytes)
    };
    let noise = make::drawn(200, 200, image::ImageFormat::Png, |x, y| {
        [x * y % 251, x * 7, y * 13].map(|part| part.to_le_bytes()[0])
    });
    assert!(noise.len() > 20_000);
    let refusal = send(noise).await.refused(413, "too_large");
    assert!(refusal["detail"].as_str().unwrap().contains("20000"));
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(10_001, b' ');
    send(pdf.clone()).await.refused(413, "too_large");
    pdf.truncate(9_000);
    assert_eq!(send(pdf).await.expect(201)["kind"], "document");
    let wide = make::drawn(1000, 300, image::ImageFormat::Png, |_, _| [0; 3]);
    let refusal = send(wide).await.refused(422, "media_refused");
    assert!(
        refusal["detail"]
            .as_str()
            .unwrap()
            .contains("300000 pixels; at most 200000"),
        "{}",
        refusal.text()
    );
    let refusal = send(animation(4)).await.refused(422, "media_refused");
    assert!(
        refusal["detail"].as_str().unwrap().contains("4 frames; at most 3"),
        "{}",
        refusal.text()
    );
    assert_eq!(send(animation(3)).await.expect(201)["animated"], true);
}

fn animation(frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for shade in 0..frames {
        let frame = image::RgbaImage::from_pixel(8, 8, image::Rgba([shade * 50, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    bytes
}

#[actix_web::test]
async fn a_drawing_is_taken_where_that_is_configured_and_is_a_download_only() {
    let app = TestApp::with(|config| config.media.allow_svg = true).await;
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let made = make::upload_file(&app, Person::Editor, drawing.to_vec()).await;
    assert_eq!(
        (&made.json["renders"], &made.json["src"]),
        (&json!(false), &Value::Null)
    );
    let reply = app
        .anon()
        .get(made.json["original_url"].as_str().unwrap())
        .await
        .expect(200);
    assert!(reply.header("Content-Disposition").unwrap().starts_with("attachment"));
    assert_eq!(
        reply.header("Content-Security-Policy"),
        Some("sandbox; default-src 'none'")
    );
    assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"));
    assert_eq!(reply.header("Content-Type"), Some("image/svg+xml"));
    assert_eq!(reply.body(), drawing);
}

#[actix_web::test]
async fn the_same_bytes_at_the_same_time_are_one_media_too() {
    let app = TestApp::start().await;
    let picture = make::png();
    let send = || {
        app.editor()
            .post(MEDIA)
            .header("Content-Type", "image/png")
            .bytes(picture.clone())
    };
    let (one, two, three) = futures_util::join!(async { send().await }, async { send().await }, async { send().await });
    let mut statuses = [one.status(), two.status(), three.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201]);
    assert!(one["id"] == two["id"] && two["id"] == three["id"]);
}

#[actix_web::test]
async fn inputs_that_were_left_empty_say_nothing() {
    let app = TestApp::start().await;
    let picture = make::png();
    let parts: [(&str, Option<&str>, &[u8]); 4] = [
        ("caption", None, b""),
        ("rights_expire_at", None, b" "),
        ("focal_point", None, b""),
        ("file", Some("a.png"), &picture),
    ];
    let made = form(app.editor().post(MEDIA), &parts).await.expect(201);
    assert_eq!(
        (&made["caption"], &made["rights_expire_at"]),
        (&Value::Null, &Value::Null)
    );
}
