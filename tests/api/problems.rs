//! How failure is told.

use copydesk::http::Code;
use serde_json::{Value, json};

use crate::make;
use crate::support::{Call, TestApp, document, snap};

const ARTICLES: &str = "/api/v1/editor/articles";

/// Codes that no request can provoke, and why.
const EXCUSED: &[(&str, &str)] = &[
    ("overloaded", "needs more load than a test should make"),
    ("storage_full", "needs a disk that is full"),
];

#[actix_web::test]
async fn bad_json_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let deep = |levels: usize| format!("{{\"custom\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    for (what, body, place) in [
        ("nothing", String::new(), "line 1, column 0"),
        (
            "a trailing comma",
            "{\n  \"headline\": \"x\",\n}".to_owned(),
            "line 3, column 1",
        ),
        ("single quotes", "{'headline': 'x'}".to_owned(), "line 1, column 2"),
        ("two values", "{} {}".to_owned(), "line 1, column 4"),
        ("an open string", "{\"headline\": \"x".to_owned(), "line 1, column 15"),
        (
            "a control character",
            "{\"headline\": \"a\nb\"}".to_owned(),
            "line 2, column 0",
        ),
        ("NUL", "{\"headline\":\0}".to_owned(), "line 1, column 13"),
        ("33 levels", deep(32), "line 1, column 43"),
        ("a hundred thousand levels", "[".repeat(100_000), "line 1, column 33"),
        ("NaN", "{\"custom\": {\"a\": NaN}}".to_owned(), "line 1, column 18"),
    ] {
        let call = app
            .editor()
            .post(ARTICLES)
            .header("Content-Type", "application/json")
            .bytes(body);
        let refusal = call.await.refused(400, "bad_json");
        let detail = refusal["detail"].as_str().unwrap();
        assert!(detail.contains(place), "{what}: {detail}");
    }
    let bytes = b"{\"headline\": \"\xff\"}".to_vec();
    let call = app
        .editor()
        .post(ARTICLES)
        .header("Content-Type", "application/json")
        .bytes(bytes);
    let refusal = call.await.refused(400, "bad_json");
    assert!(
        refusal["detail"].as_str().unwrap().contains("byte 15"),
        "{}",
        refusal.text()
    );
}

#[actix_web::test]
async fn thirty_two_levels_are_taken() {
    let app = TestApp::start().await;
    let mut deep = json!(1);
    for _ in 0..30 {
        deep = json!([deep]);
    }
    let made = make::draft(&app, "Deep")
        .set("custom", json!({"a": deep}))
        .ready()
        .await;
    assert_eq!(made.json["custom"]["a"], deep);
}

#[actix_web::test]
async fn everything_wrong_with_a_body_is_told_at_once() {
    let app = TestApp::start().await;
    let body = json!({
        "headline": "", "kind": "gossip", "colour": "red", "a/b~c": 1,
        "byline": {"contributors": [{"contributor_id": 7, "role": "muse"}], "by": "x"},
        "body": [
            {"type": "paragraph", "text": [{"text": "a\u{0}b", "size": 3}]},
            {"type": "heading", "level": 9, "text": "x"},
        ],
    });
    let refusal = app
        .editor()
        .post(ARTICLES)
        .json(&body)
        .await
        .refused(422, "invalid_body");
    let mut flaws = refusal.flaws();
    flaws.sort();
    let expected = [
        ("/a~1b~0c", "unknown"),
        ("/body/0/text/0/size", "unknown"),
        ("/body/0/text/0/text", "control_character"),
        ("/body/1/level", "out_of_range"),
        ("/body/1/text", "wrong_type"),
        ("/byline/by", "unknown"),
        ("/byline/contributors/0/contributor_id", "wrong_type"),
        ("/byline/contributors/0/role", "not_allowed"),
        ("/colour", "unknown"),
        ("/headline", "too_short"),
        ("/kind", "not_allowed"),
    ];
    assert_eq!(flaws, expected.map(|(at, rule)| (at.to_owned(), rule.to_owned())));
    snap("invalid_body", &without_request(refusal.json()));
}

#[actix_web::test]
async fn all_unknown_and_wrong_parameters_are_told_at_once() {
    let app = TestApp::start().await;
    let refusal = app
        .anon()
        .get("/api/v1/articles?limt=3&limit=0&kind=gossip&kind=news&utm=x")
        .await;
    let mut flaws = refusal.refused(400, "unknown_parameter").flaws();
    flaws.sort();
    let expected = [
        ("kind", "not_allowed"),
        ("limit", "out_of_range"),
        ("limt", "unknown"),
        ("utm", "unknown"),
    ];
    assert_eq!(flaws, expected.map(|(at, rule)| (at.to_owned(), rule.to_owned())));
}

/// Every operation refuses a parameter that it does not have.
#[actix_web::test]
async fn no_operation_overlooks_an_unknown_parameter() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Asked oddly").ready().await;
    let world = make::section(&app, "World").await;
    let wire = make::contributor(&app, "Meridian Wire", "organisation").await;
    let mut overlooked = Vec::new();
    for operation in document::operations()
        .iter()
        .filter(|one| one.path.starts_with("/api/"))
    {
        let id = match operation.path {
            path if path.contains("sections") => world.id(),
            path if path.contains("contributors") => wire.id(),
            _ => made.id(),
        };
        let path = operation
            .path
            .replace("{id}", id)
            .replace("{article}", id)
            .replace("{slug}", "world");
        let call = app
            .admin()
            .call(&operation.method.to_uppercase(), format!("{path}?colour=blue"));
        let reply = call.if_match(99).json(&json!({})).await;
        if reply.code() != "unknown_parameter" {
            overlooked.push(format!("{}: {} {}", operation.id(), reply.status(), reply.code()));
        }
    }
    assert!(overlooked.is_empty(), "{overlooked:#?}");
}

#[actix_web::test]
async fn another_method_is_refused_with_the_methods_there_are() {
    let app = TestApp::start().await;
    let id = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    let article = format!("{ARTICLES}/{id}");
    let publish = format!("{article}/actions/publish");
    for (method, path, allow) in [
        ("POST", "/api/v1/articles", "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/articles/ferry", "GET, HEAD, OPTIONS"),
        ("PUT", ARTICLES, "GET, HEAD, POST, OPTIONS"),
        ("PUT", &article, "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("GET", &publish, "POST, OPTIONS"),
        ("GET", "/api/v1/auth/login", "POST, OPTIONS"),
        ("TRACE", "/health/live", "GET, HEAD, OPTIONS"),
        ("BREW", "/api/v1/articles", "GET, HEAD, OPTIONS"),
    ] {
        let refusal = app.editor().call(method, path).await.refused(405, "method_not_allowed");
        assert_eq!(refusal.header("Allow"), Some(allow), "{method} {path}");
        let options = app.editor().call("OPTIONS", path).await.expect(204);
        assert_eq!(options.header("Allow"), Some(allow), "OPTIONS {path}");
    }
}

#[actix_web::test]
async fn a_body_of_another_kind_is_refused() {
    let app = TestApp::start().await;
    let body = r#"{"headline": "Typed"}"#;
    for (kind, encoding) in [
        (None, None),
        (Some("text/plain"), None),
        (Some("application/x-www-form-urlencoded"), None),
        (Some("application/merge-patch+json"), None),
        (Some("application/json; charset=latin1"), None),
        (Some("application/json"), Some("gzip")),
    ] {
        let mut call = app.editor().post(ARTICLES).bytes(body);
        for (name, value) in [("Content-Type", kind), ("Content-Encoding", encoding)] {
            if let Some(value) = value {
                call = call.header(name, value);
            }
        }
        call.await.refused(415, "unsupported_media_type");
    }
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
    ] {
        app.editor()
            .post(ARTICLES)
            .header("Content-Type", kind)
            .bytes(body)
            .await
            .expect(201);
    }
}

#[actix_web::test]
async fn an_answer_in_another_form_is_refused() {
    let app = TestApp::start().await;
    for accept in ["text/html", "application/xml", "application/json;q=0", "image/*"] {
        app.anon()
            .get("/api/v1/articles")
            .header("Accept", accept)
            .await
            .refused(406, "not_acceptable");
    }
    for accept in [
        "application/json",
        "*/*",
        "text/html, */*;q=0.1",
        "application/*",
        "application/problem+json, application/json",
    ] {
        app.anon()
            .get("/api/v1/articles")
            .header("Accept", accept)
            .await
            .expect(200);
    }
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::with(|config| config.http.max_json_bytes = 1000).await;
    let sized = |length: usize| json!({"headline": "x", "deck": "y".repeat(length - 26)}).to_string();
    for (length, status) in [(1000, 201), (1001, 413), (100_000, 413)] {
        let body = sized(length);
        assert_eq!(body.len(), length);
        app.editor()
            .post(ARTICLES)
            .header("Content-Type", "application/json")
            .bytes(body)
            .await
            .expect(status);
    }
}

#[actix_web::test]
async fn a_path_that_is_not_there_is_a_problem_too() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/articles",
        "/api/v1/articles/",
        "/api/v1//articles",
        "/%2e%2e/x",
        "/favicon.ico",
    ] {
        let refusal = app.anon().get(path).await.refused(404, "not_found");
        assert_eq!(refusal["instance"], path);
    }
}

#[actix_web::test]
async fn a_request_keeps_the_name_its_client_gave_it() {
    let app = TestApp::start().await;
    let long = "x".repeat(129);
    for (given, kept) in [
        ("front-end.7_a", true),
        (&"x".repeat(128), true),
        (&long, false),
        ("a b", false),
        ("", false),
        ("<script>", false),
    ] {
        let reply = app.anon().get("/nowhere").header("X-Request-Id", given).await;
        assert_eq!(reply["request_id"] == given, kept, "{given}");
    }
}

#[actix_web::test]
async fn a_fault_of_ours_is_told_without_its_cause_and_the_server_lives_on() {
    let app = TestApp::start().await;
    app.database.damage("alter table sections rename to lost_sections");
    let reply = app.anon().get("/api/v1/sections").await.refused(500, "internal");
    for word in ["sections\"", "lost", "table", "column", "select", "SQL"] {
        let told = format!("{}{}", reply["detail"], reply["title"]);
        assert!(!told.contains(word), "{told}");
    }
    app.database.damage("alter table lost_sections rename to sections");
    app.anon().get("/api/v1/sections").await.expect(200);
    app.anon().get("/health/ready").await.expect(200);
}

#[actix_web::test]
async fn every_code_of_the_table_is_met() {
    let app = TestApp::start().await;
    let mut met: Vec<String> = EXCUSED.iter().map(|(code, _)| (*code).to_owned()).collect();
    let calls = provocations(&app).await.into_iter();
    let more = calls.chain(crate::media::provocations(&app).await);
    let (unit, keys) = crate::idempotency::provocations(&app).await;
    for call in more.chain(keys) {
        met.push(call.await.code().to_owned());
    }
    drop(unit);
    met.extend(crate::batch::provoked(&app).await);
    met.push(crate::limits::provoked().await);
    met.push(crate::auth::totp::provoked(&app).await);
    app.database.damage("alter table sections rename to lost_sections");
    met.push(app.anon().get("/api/v1/sections").await.code().to_owned());
    let missing: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !met.iter().any(|one| one == code))
        .collect();
    assert!(missing.is_empty(), "no test meets {missing:?}");
}

async fn provocations(app: &TestApp) -> Vec<Call<'_>> {
    let draft = make::draft(app, "Draft").ready().await;
    let empty = make::draft(app, "Empty").set("body", json!([])).ready().await;
    let trashed = make::draft(app, "Binned").ready().await.trash(app).await;
    let down = make::draft(app, "Down").published().await.act(app, "unpublish").await;
    app.admin().post(draft.action("lock")).await.expect(200);
    let used = make::section(app, "World").await;
    make::subsection(app, "Strait", &used).await;
    let page = app.editor().get("/api/v1/editor/sections?limit=1").await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let editor = || app.editor();
    let sized = |length: usize| json!({"headline": "x".repeat(length)});
    vec![
        editor().post(draft.action("lock")),
        editor()
            .post(ARTICLES)
            .header("Content-Type", "application/json")
            .bytes("{"),
        editor()
            .post(ARTICLES)
            .json(&json!({"headline": "x", "slug": draft.slug()})),
        editor()
            .post(format!("{}/translations", draft.path()))
            .json(&json!({"locale": "en"})),
        editor().delete(draft.path()).header("If-Match", "7"),
        editor().get(format!("{ARTICLES}?limit=0")),
        editor().get(format!("{ARTICLES}?limt=1")),
        editor().get(format!("{ARTICLES}?cursor=x")),
        editor().get(format!("/api/v1/editor/contributors?cursor={cursor}")),
        app.anon().get(ARTICLES),
        app.contributor()
            .post("/api/v1/editor/sections")
            .json(&json!({"name": "x"})),
        app.anon().get("/nowhere"),
        app.anon().get(format!("/api/v1/articles?q={}", "a".repeat(9000))),
        app.anon().get("/health/live").header("X-A", "a".repeat(33_000)),
        editor().call("PUT", ARTICLES),
        editor().get(ARTICLES).header("Accept", "text/html"),
        editor().post("/api/v1/editor/sections").json(&json!({"name": "World"})),
        editor().delete(used.path()).if_match(1),
        editor().post(draft.action("unpublish")).if_match(1),
        editor().post(trashed.action("publish")).if_match(2),
        app.anon().get(down.public_path()),
        editor().delete(draft.path()).if_match(9),
        editor().post(ARTICLES).json(&sized(3 * 1024 * 1024)),
        editor().post(ARTICLES).bytes("{}"),
        editor().post(ARTICLES).json(&json!({})),
        editor().post(empty.action("publish")).if_match(1),
        editor().delete(draft.path()),
    ]
}

fn without_request(problem: &Value) -> Value {
    let mut problem = problem.clone();
    problem["request_id"] = json!("[request]");
    problem
}
