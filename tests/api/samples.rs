//! Real samples that nobody here wrote. They lie beside the repository, or where `COPYDESK_SAMPLES` says; where they are
//! not, these tests say so and pass.

use std::path::{Path, PathBuf};

use actix_web::http::header::HeaderValue;
use icu_normalizer::ComposingNormalizerBorrowed;
use serde_json::{Value, json};

use crate::make;
use crate::support::TestApp;

const ARTICLES: &str = "/api/v1/editor/articles";

pub(crate) fn samples(name: &str) -> Option<PathBuf> {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("COPYDESK_SAMPLES").map_or_else(usual, PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: there are no samples at {}", path.display());
    None
}

pub(crate) fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Whether a detail says where: "line 3, column 1", or "byte 7".
fn has_position(detail: &str) -> bool {
    let number_after = |word: &str| {
        let rest = detail.split(word).nth(1).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit())
    };
    number_after("line ") && number_after("column ") || number_after("byte ")
}

#[actix_web::test]
async fn json_is_read_as_the_standard_says() {
    let Some(folder) = samples("json/test_parsing") else {
        return;
    };
    let app = TestApp::start().await;
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = std::fs::read(&path).unwrap();
        let reply = app
            .editor()
            .post(ARTICLES)
            .header("Content-Type", "application/json")
            .bytes(body)
            .await;
        let refused_as_json = reply.code() == "bad_json";
        if refused_as_json {
            let detail = reply["detail"].as_str().unwrap();
            assert!(has_position(detail), "{name}: {detail}");
        }
        match &name[..2] {
            "y_" => assert!(!refused_as_json && reply.status() < 500, "{name}: {}", reply.text()),
            "n_" => assert!(refused_as_json, "{name}: {} {}", reply.status(), reply.text()),
            _ => assert!(reply.status() < 500, "{name}: {}", reply.text()),
        }
        tried += 1;
    }
    assert!(tried > 300, "{tried} files");
    app.anon().get("/health/ready").await.expect(200);
}

/// Fields that take a text, where they stand, and whether they may have several lines.
const TEXTS: &[(&str, bool)] = &[
    ("/headline", false),
    ("/short_headline", false),
    ("/seo_title", false),
    ("/seo_description", false),
    ("/deck", true),
    ("/kicker", false),
    ("/internal_note", true),
    ("/byline/override", false),
    ("/distributor/name", false),
    ("/distributor/item_id", false),
    ("/distributor/usage_terms", true),
    ("/dateline/city", false),
    ("/dateline/source", false),
    ("/dateline/text", false),
    ("/custom/text", true),
    ("/body/0/text/0/text", true),
    ("/body/1/attribution", false),
    ("/body/2/caption", false),
    ("/body/2/rows/0/0/text/0/text", true),
    ("/body/3/title", false),
    ("/body/4/text", true),
    ("/body/5/items/0/text/0/text", true),
    ("/body/6/title", false),
];

fn with_text(text: &str, refused: &[String]) -> Value {
    let mut body = json!({
        "headline": "Plain", "byline": {}, "distributor": {"name": "Plain"}, "dateline": {}, "custom": {},
        "body": [
            {"type": "paragraph", "text": [{"text": "Plain"}]},
            {"type": "quote", "text": [{"text": "Plain"}]},
            {"type": "table", "rows": [[{"text": [{"text": "Plain"}]}]]},
            {"type": "fact_box", "title": "Plain", "blocks": []},
            {"type": "code", "text": "Plain"},
            {"type": "list", "items": [{"text": [{"text": "Plain"}]}]},
            {"type": "embed", "provider": "other", "url": "https://a.example/"},
        ],
    });
    for (pointer, _) in TEXTS
        .iter()
        .filter(|(pointer, _)| !refused.contains(&(*pointer).to_owned()))
    {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = json!(text);
    }
    body
}

/// What a text field makes of a text.
fn kept(pointer: &str, prose: bool, text: &str) -> String {
    let text = if prose {
        text.replace("\r\n", "\n")
    } else {
        text.to_owned()
    };
    match pointer {
        "/custom/text" => text,
        _ if pointer.starts_with("/body") && pointer.ends_with("/text") => {
            ComposingNormalizerBorrowed::new_nfc().normalize(&text).into_owned()
        }
        _ => ComposingNormalizerBorrowed::new_nfc()
            .normalize(&text)
            .trim()
            .to_owned(),
    }
}

#[actix_web::test]
async fn a_naughty_string_comes_back_as_it_was_or_is_refused_at_its_place() {
    let Some(file) = samples("strings/blns.json") else {
        return;
    };
    let app = TestApp::start().await;
    let strings = read_json(&file);
    for text in strings.as_array().unwrap().iter().filter_map(Value::as_str) {
        let first = app.editor().post(ARTICLES).json(&with_text(text, &[])).await;
        let (made, refused) = if first.status() == 201 {
            (first, Vec::new())
        } else {
            let refused: Vec<String> = first
                .refused(422, "invalid_body")
                .flaws()
                .into_iter()
                .map(|(at, _)| at)
                .collect();
            for pointer in &refused {
                assert!(
                    TEXTS.iter().any(|(known, _)| known == pointer),
                    "{text:?} is refused at {pointer}"
                );
            }
            (
                app.editor()
                    .post(ARTICLES)
                    .json(&with_text(text, &refused))
                    .await
                    .expect(201),
                refused,
            )
        };
        let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
        for (pointer, prose) in TEXTS
            .iter()
            .filter(|(pointer, _)| !refused.contains(&(*pointer).to_owned()))
        {
            let wanted = kept(pointer, *prose, text);
            // A span without text is none.
            let found = read.json().pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            assert_eq!(found, wanted, "{text:?} at {pointer}");
        }
    }
}

#[actix_web::test]
async fn a_naughty_string_is_no_way_through_a_parameter_or_a_path() {
    let Some(file) = samples("strings/blns.json") else {
        return;
    };
    let app = TestApp::start().await;
    make::draft(&app, "Plain").published().await;
    let strings = read_json(&file);
    for text in strings.as_array().unwrap().iter().filter_map(Value::as_str) {
        let coded: String = form_urlencoded::byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20");
        for name in [
            "section",
            "tag",
            "contributor",
            "kind",
            "locale",
            "published_after",
            "cursor",
            "limit",
        ] {
            let reply = app.anon().get(format!("/api/v1/articles?{name}={coded}")).await;
            assert!(matches!(reply.status(), 200 | 400), "{name}={text:?}: {}", reply.text());
        }
        let reply = app.anon().get(format!("/api/v1/resolve?path={coded}")).await;
        assert!(matches!(reply.status(), 400 | 404), "path={text:?}: {}", reply.text());
        if !text.is_empty() && text.len() < 1000 {
            let reply = app.anon().get(format!("/api/v1/articles/{coded}")).await;
            assert!(reply.status() == 404, "{text:?}: {}", reply.text());
        }
    }
}

#[actix_web::test]
async fn no_token_of_the_vectors_is_taken() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for name in [
        "jwt/wycheproof_json_web_signature_test.json",
        "jwt/wycheproof_json_web_key_test.json",
    ] {
        let Some(file) = samples(name) else { return };
        let vectors = read_json(&file);
        let tests = vectors["testGroups"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|group| group["tests"].as_array())
            .flatten();
        for test in tests {
            let token = match &test["jws"] {
                Value::String(token) => token.clone(),
                other => other.to_string(),
            };
            if HeaderValue::from_str(&format!("Bearer {token}")).is_err() {
                continue;
            }
            tried += 1;
            for path in [ARTICLES, "/api/v1/articles"] {
                let reply = app.bearer(&token).get(path).await;
                assert_eq!(
                    (reply.status(), reply.code()),
                    (401, "unauthenticated"),
                    "{}",
                    test["comment"]
                );
            }
        }
    }
    assert!(tried > 400, "{tried} tokens");
}
