//! The document of the API: up to date, whole, and told in one way.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use crate::make;
use crate::support::TestApp;
use crate::support::contract;
use crate::support::document::{Operation, document, operations, resolve};

fn committed(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Compares without printing thousands of lines.
#[track_caller]
fn same(committed: &str, fresh: &str, command: &str) {
    let first = committed
        .lines()
        .zip(fresh.lines())
        .position(|(one, other)| one != other);
    assert!(
        committed == fresh,
        "stale from line {}; run `{command}`",
        first.map_or(committed.lines().count(), |at| at + 1)
    );
}

#[test]
fn the_committed_document_is_that_of_this_source() {
    same(
        &committed("openapi/openapi.json"),
        &copydesk::http::pretty(),
        "cargo run -- openapi",
    );
}

#[test]
fn the_generated_pages_are_those_of_this_source() {
    same(
        &committed("docs/ERRORS.md"),
        &copydesk::http::reference(),
        "cargo run -- docs errors > docs/ERRORS.md",
    );
    same(
        &committed("docs/CONFIG.md"),
        &copydesk::config::reference(),
        "cargo run -- docs config > docs/CONFIG.md",
    );
}

#[actix_web::test]
async fn the_document_is_served_as_it_is_committed() {
    let app = TestApp::start().await;
    let served = app.anon().get("/openapi.json").await.expect(200);
    assert_eq!(served.text(), copydesk::http::pretty());
    app.anon()
        .get("/openapi.json")
        .header("If-None-Match", served.etag())
        .await
        .expect(304);
}

#[actix_web::test]
async fn the_pages_ask_nothing_of_another_host() {
    let app = TestApp::start().await;
    for operation in operations()
        .iter()
        .filter(|one| one.path.starts_with("/docs") && !one.path.contains('{'))
    {
        let page = app.anon().get(operation.path).await.expect(200);
        let policy = page.header("Content-Security-Policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let text = page.text();
        let elsewhere = text
            .split(['"', '\''])
            .find(|part| part.starts_with("http") || part.starts_with("//"));
        assert_eq!(elsewhere, None, "{} names another host", operation.path);
        let names = text.split("src=\"").chain(text.split("href=\"")).skip(1);
        for name in names
            .filter_map(|rest| rest.split('"').next())
            .filter(|name| name.starts_with("/docs/files/"))
        {
            assert!(!app.anon().get(name).await.expect(200).body().is_empty(), "{name}");
        }
    }
}

#[test]
fn every_operation_is_told_whole() {
    let mut ids = HashSet::new();
    let tags: Vec<&Value> = document()["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    for operation in operations() {
        let (id, body) = (operation.id(), operation.body);
        assert!(ids.insert(id), "{id} is the id of two operations");
        let words = |id: &str| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(words(id), "{id} is not a verb and a thing");
        assert!(
            body["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{id} has no summary"
        );
        let own = body["tags"].as_array().unwrap_or_else(|| panic!("{id} has no tag"));
        assert!(
            !own.is_empty() && own.iter().all(|tag| tags.contains(&tag)),
            "{id} has a tag that is not explained"
        );
        assert!(body["security"].is_array(), "{id} does not say who may call it");
        parameters(&operation);
        answers(&operation);
        for content in content(&operation) {
            let (kind, media) = content;
            let shown =
                media.get("example").is_some() || media["examples"].as_object().is_some_and(|all| !all.is_empty());
            assert!(
                shown || !kind.contains("json") || operation.path == "/openapi.json",
                "{id} shows no example of {kind}"
            );
        }
    }
}

fn parameters(operation: &Operation) {
    let id = operation.id();
    let path: Vec<_> = operation.path.split(['{', '}']).skip(1).step_by(2).collect();
    let told: Vec<_> = operation
        .parameters("path")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(path, told, "{id}: the path's parameters");
    for parameter in ["path", "query", "header"]
        .iter()
        .flat_map(|kind| operation.parameters(kind))
    {
        let name = &parameter["name"];
        assert!(
            parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
            "{id}: {name} is not described"
        );
        assert!(parameter["schema"].is_object(), "{id}: {name} has no schema");
    }
}

fn answers(operation: &Operation) {
    let id = operation.id();
    let answers = operation.body["responses"].as_object().unwrap();
    assert!(
        answers.keys().any(|status| status.starts_with('2')),
        "{id} never succeeds"
    );
    assert!(answers.keys().any(|status| status.starts_with('5')), "{id} never fails");
    for (status, answer) in answers {
        let answer = resolve(answer);
        assert!(
            answer["headers"].get("X-Request-Id").is_some(),
            "{id} {status}: no X-Request-Id"
        );
        if status.starts_with(['4', '5']) {
            let kinds: Vec<_> = answer["content"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(kind, _)| kind.as_str())
                .collect();
            assert_eq!(kinds, ["application/problem+json"], "{id} {status}");
        }
    }
    if operation.path.starts_with("/api/v1/editor/") {
        let mut wanted = vec!["400", "401", "403", "500"];
        if operation.path.contains('{') {
            wanted.push("404");
        }
        if operation.body.get("requestBody").is_some() {
            wanted.extend(["413", "415", "422"]);
        }
        if operation.method != "get" {
            wanted.push("507");
        }
        // Who is at an article is no part of it.
        let acts = operation.path.contains("/actions/") && !operation.path.ends_with("lock");
        let changes = matches!(operation.method, "patch" | "put" | "delete") || acts;
        // An upload in parts stands where its offset says, and a preview is no part of its article.
        if changes && !operation.path.contains("/uploads") && !operation.path.contains("/preview-tokens") {
            wanted.extend(["412", "428"]);
        }
        for status in wanted {
            assert!(answers.contains_key(status), "{id} does not tell of {status}");
        }
    }
}

/// What goes in and what comes out, by media type.
fn content(operation: &Operation) -> Vec<(&'static String, &'static Value)> {
    let answers = operation.body["responses"].as_object().unwrap().values().map(resolve);
    let holders = answers.chain(operation.body.get("requestBody"));
    holders
        .filter_map(|holder| holder["content"].as_object())
        .flatten()
        .collect()
}

#[test]
fn every_example_is_what_its_schema_says() {
    let mut wrong = Vec::new();
    for operation in operations() {
        for (kind, media) in content(&operation) {
            let named = media["examples"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(_, example)| &example["value"]);
            for example in named.chain(media.get("example")) {
                let validator = contract::compile(&media["schema"]);
                let errors: Vec<_> = validator.iter_errors(example).map(|error| error.to_string()).collect();
                if !errors.is_empty() {
                    wrong.push(format!("{} {kind}: {}", operation.id(), errors.join("; ")));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The clients of these tests would be worth little if they let such an answer pass.
#[actix_web::test]
async fn a_field_that_is_not_documented_is_seen_wherever_it_stands() {
    let app = TestApp::start().await;
    let live = make::wire_story(&app).await.published().await;
    for (schema, path) in [
        ("Article", live.public_path()),
        ("ArticlePage", "/api/v1/articles".to_owned()),
        ("WorkingCopy", live.path()),
        ("WorkingCopyPage", "/api/v1/editor/articles".to_owned()),
        ("SectionPage", "/api/v1/sections".to_owned()),
        ("Problem", "/api/v1/articles?limit=0".to_owned()),
    ] {
        let good = app.editor().get(path).await.json().clone();
        let validator = contract::strict(schema);
        assert!(validator.is_valid(&good), "{schema}");
        let mut places = Vec::new();
        objects(&good, &mut String::new(), &mut places);
        for place in places.iter().filter(|place| !place.contains("/custom")) {
            let mut bad = good.clone();
            bad.pointer_mut(place).unwrap()["undocumented"] = serde_json::json!(1);
            assert!(!validator.is_valid(&bad), "{schema} at `{place}`");
        }
    }
}

/// Where the objects of an answer stand.
fn objects(value: &Value, at: &mut String, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            found.push(at.clone());
            fields.iter().map(|(name, field)| (name.clone(), field)).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => return,
    };
    for (name, child) in children {
        objects(child, &mut format!("{at}/{name}"), found);
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_part_is_referred_to() {
    fn follow(part: &'static Value, seen: &mut Vec<&'static str>) {
        match part {
            Value::Object(fields) => {
                if let Some(to) = fields.get("$ref").and_then(Value::as_str) {
                    resolve(part);
                    seen.push(to);
                }
                fields.values().for_each(|field| follow(field, seen));
            }
            Value::Array(items) => items.iter().for_each(|item| follow(item, seen)),
            _ => {}
        }
    }
    let mut seen = Vec::new();
    follow(document(), &mut seen);
    assert!(seen.len() > 500, "{}", seen.len());
    for kind in ["parameters", "headers", "responses", "schemas"] {
        for name in document()["components"][kind].as_object().unwrap().keys() {
            let own = format!("#/components/{kind}/{name}");
            assert!(seen.contains(&own.as_str()), "{own} is of no use");
        }
    }
}

#[test]
fn no_two_paths_differ_in_the_names_of_their_parameters_only() {
    let mut shapes = HashSet::new();
    for path in document()["paths"].as_object().unwrap().keys() {
        let shape: Vec<_> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part })
            .collect();
        assert!(shapes.insert(shape.join("/")), "{path} is the same as another");
    }
}

#[test]
fn unions_are_told_apart_by_a_discriminator() {
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        let Some(members) = schema["oneOf"].as_array() else {
            continue;
        };
        if members.iter().filter(|member| member.get("$ref").is_some()).count() < 2 {
            continue;
        }
        let property = schema["discriminator"]["propertyName"]
            .as_str()
            .unwrap_or_else(|| panic!("{name} has none"));
        let mapping = schema["discriminator"]["mapping"].as_object().unwrap();
        assert_eq!(mapping.len(), members.len(), "{name}");
        for (word, target) in mapping {
            let member = document().pointer(&target.as_str().unwrap()[1..]).unwrap();
            let value = resolve(&member["properties"][property]);
            let said = value["const"] == word.as_str() || value["enum"] == serde_json::json!([word]);
            assert!(said, "{name}: {target} does not say that its {property} is {word}");
        }
    }
}

#[test]
fn the_codes_of_problems_are_a_closed_list() {
    let codes: Vec<_> = copydesk::http::Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(
        document()["components"]["schemas"]["Code"]["enum"],
        serde_json::json!(codes)
    );
}

#[test]
fn what_is_no_json_is_bytes_or_text() {
    let document: serde_json::Value = serde_json::from_str(&copydesk::http::pretty()).unwrap();
    let (mut bytes, mut left) = (0, vec![&document["paths"]]);
    while let Some(part) = left.pop() {
        let content = part.get("content").and_then(serde_json::Value::as_object);
        for (name, kind) in content.into_iter().flatten() {
            let is_binary = ["image/", "video/", "audio/", "multipart/byteranges"];
            let is_binary = is_binary.iter().any(|start| name.starts_with(start))
                || name.ends_with("octet-stream")
                || name == "application/pdf";
            if is_binary {
                assert_eq!(
                    (&kind["schema"]["type"], &kind["schema"]["format"]),
                    (&"string".into(), &"binary".into()),
                    "{name}"
                );
                bytes += 1;
            }
        }
        match part {
            serde_json::Value::Object(members) => left.extend(members.values()),
            serde_json::Value::Array(items) => left.extend(items),
            _ => {}
        }
    }
    assert!(bytes > 20, "{bytes} kinds of bytes");
}
