//! Several operations in one request.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Client, Reply, TestApp};

const ARTICLES: &str = "/api/v1/editor/articles";
const BATCH: &str = "/api/v1/editor/batch";

async fn batch(client: Client<'_>, atomic: bool, operations: &[Value]) -> Reply {
    let body = json!({"atomic": atomic, "operations": operations});
    client.post(BATCH).json(&body).await
}

fn create(headline: &str) -> Value {
    json!({"method": "POST", "path": ARTICLES, "body": {"headline": headline}})
}

fn patch(path: &str, revision: i64, body: &Value) -> Value {
    json!({"method": "PATCH", "path": path, "if_match": format!("\"{revision}\""), "body": body})
}

/// One field of each result.
fn column(reply: &Reply, pointer: &str) -> Vec<Value> {
    let results = reply["results"].as_array().into_iter().flatten();
    let field = |result: &Value| result.pointer(pointer).cloned().unwrap_or_default();
    results.map(field).collect()
}

async fn headlines(app: &TestApp) -> Vec<String> {
    let page = app.editor().get(ARTICLES).await.expect(200);
    page.column("headline").into_iter().map(str::to_owned).collect()
}

/// The codes that only results of a batch have, and that of a batch that was refused.
pub(crate) async fn provoked(app: &TestApp) -> Vec<String> {
    let builds_on_it = json!({"method": "POST", "path": format!("{ARTICLES}/{{0}}/actions/submit"), "if_match": "{0}"});
    let each = batch(app.editor(), false, &[create(""), builds_on_it.clone()]).await;
    let together = batch(app.editor(), true, &[create(""), builds_on_it]).await;
    let hasty = TestApp::with(|config| config.http.batch_ms = 0).await;
    let heavy = batch(hasty.editor(), true, &vec![create("Heavy"); 20]).await;
    assert!(headlines(&hasty).await.is_empty(), "none was done");
    let mut codes = vec![together.code().to_owned(), heavy.code().to_owned()];
    codes.extend(
        column(&each, "/body/code")
            .iter()
            .filter_map(|code| code.as_str().map(str::to_owned)),
    );
    codes
}

#[actix_web::test]
async fn each_is_answered_as_if_it_had_been_sent_by_itself() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let path = story.path();
    let operations = [
        patch(&path, 1, &json!({"deck": "At noon."})),
        patch(&path, 1, &json!({"deck": "At one."})),
        create(""),
        create("Second"),
        json!({"method": "DELETE", "path": path, "if_match": "{0}"}),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{3}}/actions/submit"), "if_match": "{3}"}),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{2}}/actions/submit"), "if_match": "{2}"}),
        json!({"method": "POST", "path": "/api/v1/editor/nowhere"}),
    ];
    let reply = batch(app.editor(), false, &operations).await.expect(200);
    let why = &reply["results"][6]["body"]["detail"];
    assert_eq!(why, "The operation at 2 was refused.");
    assert_eq!(column(&reply, "/status"), [200, 412, 422, 201, 200, 200, 424, 404]);
    assert_eq!(
        column(&reply, "/body/code")[1..],
        json!([
            "stale_revision",
            "invalid_body",
            null,
            null,
            null,
            "dependency_failed",
            "not_found"
        ])
        .as_array()
        .unwrap()[..]
    );
    assert_eq!(reply["results"][0]["etag"], "\"2\"");
    let made = reply["results"][3]["body"]["id"].as_str().unwrap();
    assert_eq!(reply["results"][3]["location"], format!("{ARTICLES}/{made}"));
    assert_eq!(reply["results"][5]["body"]["status"], "in_review");
    // Problems tell of the request that they came in, and of the operation.
    assert_eq!(reply["results"][1]["body"]["instance"], path);
    assert_eq!(
        reply["results"][6]["body"]["request_id"],
        reply.header("X-Request-Id").unwrap()
    );
    assert_eq!(
        reply["results"][1]["body"]["request_id"],
        reply.header("X-Request-Id").unwrap()
    );
}

#[actix_web::test]
async fn all_are_done_together() {
    let app = TestApp::start().await;
    let section = json!({"method": "POST", "path": "/api/v1/editor/sections", "body": {"name": "World"}});
    let story = make::draft(&app, "Ferry sails").ready().await;
    let operations = [
        section,
        patch(&story.path(), 1, &json!({"deck": "At noon."})),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{1}}/actions/publish"), "if_match": "{1}"}),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{2}}/related"), "if_match": "{2}",
            "body": {"url": "https://harbour.example/notices/12", "title": "Notice 12"}}),
    ];
    let reply = batch(app.editor(), true, &operations).await.expect(200);
    assert_eq!(column(&reply, "/status"), [201, 200, 200, 201]);
    let live = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(live["deck"], "At noon.");
    assert_eq!(story.again(&app).await.revision(), 4);
    app.anon().get("/api/v1/sections/world").await.expect(200);
}

#[actix_web::test]
async fn none_is_done_where_one_is_refused() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let operations = [
        create("First"),
        patch(&story.path(), 1, &json!({"deck": "At noon."})),
        json!({"method": "POST", "path": story.action("publish"), "if_match": "{1}"}),
        patch(&story.path(), 1, &json!({"deck": "At one."})),
        create("Last"),
    ];
    let reply = batch(app.editor(), true, &operations)
        .await
        .refused(422, "batch_refused");
    assert_eq!(reply["refused"]["operation"], 3);
    assert_eq!(reply["refused"]["status"], 412);
    assert_eq!(reply["refused"]["body"]["code"], "stale_revision");
    assert_eq!(
        reply["refused"]["body"]["current"]["revision"], 3,
        "as it was within the batch"
    );
    assert_eq!(headlines(&app).await, ["Ferry sails"]);
    assert_eq!(story.again(&app).await.json, story.json);
    app.anon().get(story.public_path()).await.expect(404);
    // The next write finds the way free.
    batch(app.editor(), true, &operations[..2]).await.expect(200);
}

#[actix_web::test]
async fn what_is_no_operation_is_told_at_its_place() {
    let app = TestApp::start().await;
    let operations = [
        json!({"method": "GET", "path": ARTICLES}),
        json!({"method": "POST", "path": "/api/v1/auth/login"}),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{x}}/actions/publish")}),
        json!({"method": "POST", "path": format!("{ARTICLES}/{{3}}/actions/publish"), "if_match": "{4}"}),
        json!({"method": "POST", "path": format!("{ARTICLES}?{}", "x".repeat(2048))}),
        json!({"method": "DELETE", "path": ARTICLES, "if_match": "\u{7}"}),
    ];
    let told = batch(app.editor(), false, &operations)
        .await
        .refused(422, "invalid_body");
    let expected = [
        ("/operations/0/method", "not_allowed"),
        ("/operations/1/path", "malformed"),
        ("/operations/2/path", "malformed"),
        ("/operations/3/path", "unknown_reference"),
        ("/operations/3/if_match", "unknown_reference"),
        ("/operations/4/path", "too_long"),
        ("/operations/5/if_match", "malformed"),
    ];
    assert_eq!(
        told.flaws(),
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    for number in [0, 101] {
        let many = vec![create("One of many"); number];
        let told = batch(app.editor(), false, &many).await.refused(422, "invalid_body");
        assert_eq!(told.flaws(), [("/operations".to_owned(), "out_of_range".to_owned())]);
    }
    let many = vec![create("One of many"); 100];
    let done = batch(app.editor(), true, &many).await.expect(200);
    assert_eq!(column(&done, "/status"), vec![json!(201); 100]);
}

#[actix_web::test]
async fn a_batch_gives_nobody_more_than_they_have() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Not yours").ready().await;
    let within = json!({"method": "POST", "path": BATCH, "body": {"operations": [create("Nested")]}});
    let operations = [
        patch(&story.path(), 1, &json!({"deck": "Forged."})),
        json!({"method": "POST", "path": "/api/v1/editor/sections", "body": {"name": "World"}}),
        within,
    ];
    let told = batch(app.contributor(), false, &operations).await.expect(200);
    assert_eq!(column(&told, "/status"), [404, 403, 400]);
    assert_eq!(headlines(&app).await, ["Not yours"]);
    batch(app.anon(), false, &operations)
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn with_a_key_nothing_of_it_is_done_twice() {
    let app = TestApp::start().await;
    for (atomic, name) in [(true, "Together"), (false, "Each")] {
        let story = make::draft(&app, name).ready().await;
        let new = create(&format!("{name} new"));
        let operations = [new.clone(), patch(&story.path(), 1, &json!({"deck": "At noon."}))];
        let call = |operations: &[Value]| {
            let body = json!({"atomic": atomic, "operations": operations});
            app.editor().post(BATCH).header("Idempotency-Key", name).json(&body)
        };
        let first = call(&operations).await.expect(200);
        assert_eq!(column(&first, "/status"), [201, 200]);
        let again = call(&operations).await.expect(200);
        assert_eq!(again.body(), first.body());
        // Another batch under the key does nothing, be it shorter or longer.
        call(&operations[..1]).await.refused(422, "key_reused");
        let longer = [&operations[..], &[create("Not to be made")]].concat();
        call(&longer).await.refused(422, "key_reused");
        let now = headlines(&app).await;
        assert_eq!(now.iter().filter(|one| **one == format!("{name} new")).count(), 1);
        assert!(!now.contains(&"Not to be made".to_owned()), "{name}");
    }
}

#[actix_web::test]
async fn a_key_of_something_else_is_for_no_batch() {
    let app = TestApp::start().await;
    let single = app.editor().post(ARTICLES).header("Idempotency-Key", "k-1");
    single.json(&json!({"headline": "Single"})).await.expect(201);
    for atomic in [true, false] {
        let body = json!({"atomic": atomic, "operations": [create("Of a batch")]});
        let call = app.editor().post(BATCH).header("Idempotency-Key", "k-1").json(&body);
        call.await.refused(422, "key_reused");
    }
    assert_eq!(headlines(&app).await, ["Single"]);
}

/// What a client that was cut off finds when it asks again, and one whose operations were refused for a reason that is none any more.
#[actix_web::test]
async fn the_rest_of_a_batch_is_done_when_it_is_sent_again() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let operations = [
        create("First"),
        patch(&story.path(), 1, &json!({"deck": "At noon."})),
        create("Last"),
        patch(&story.path(), 3, &json!({"deck": "At one."})),
    ];
    let body = json!({"operations": operations});
    let call = app.editor().post(BATCH).header("Idempotency-Key", "k-1").json(&body);
    let first = call.clone().await.expect(200);
    assert_eq!(column(&first, "/status"), [201, 200, 201, 412]);
    // As if it had ended before the third.
    app.database.damage("delete from idempotency_keys where key = 'k-1 2'");
    story
        .again(&app)
        .await
        .patch(&app, json!({"kicker": "Transport"}))
        .await;
    let again = call.await.expect(200);
    assert_eq!(column(&again, "/status"), [201, 200, 201, 200]);
    for at in [0, 1] {
        assert_eq!(again["results"][at], first["results"][at]);
    }
    assert_ne!(again["results"][2]["body"]["id"], first["results"][2]["body"]["id"]);
    let mut now = headlines(&app).await;
    now.sort();
    assert_eq!(now, ["Ferry sails", "First", "Last", "Last"]);
}

#[actix_web::test]
async fn files_are_uploaded_outside_of_batches() {
    let app = TestApp::start().await;
    let upload = json!({"method": "POST", "path": "/api/v1/editor/media", "body": "%PDF-1.4 of a sort"});
    let told = batch(app.editor(), false, &[upload]).await.expect(200);
    assert_eq!(column(&told, "/body/code"), ["bad_request"]);
    assert!(app.editor().get("/api/v1/editor/media").await.items().is_empty());
}

#[actix_web::test]
async fn a_preference_is_that_of_each_operation() {
    let app = TestApp::start().await;
    let lossy = json!({"method": "POST", "path": ARTICLES, "body": {"headline": "x", "body_html": "<form><input></form><p>x</p>"}});
    let body = json!({"operations": [lossy]});
    let strict = app.editor().post(BATCH).header("Prefer", "handling=strict").json(&body);
    assert_eq!(column(&strict.await.expect(200), "/status"), [422]);
    let lenient = app.editor().post(BATCH).json(&body);
    assert_eq!(column(&lenient.await.expect(200), "/status"), [201]);
}

#[actix_web::test]
async fn what_has_no_etag_cannot_be_referred_to() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Ferries").await;
    let operations = [
        json!({"method": "DELETE", "path": tag.path(), "if_match": "\"1\""}),
        json!({"method": "DELETE", "path": tag.path(), "if_match": "{0}"}),
        json!({"method": "DELETE", "path": "/api/v1/editor/tags/{0}", "if_match": "\"1\""}),
    ];
    let told = batch(app.editor(), false, &operations).await.expect(200);
    assert_eq!(column(&told, "/status"), [204, 424, 424]);
    let expected = [
        "The answer to the operation at 0 has no ETag.",
        "The answer to the operation at 0 has no id.",
    ];
    assert_eq!(column(&told, "/body/detail")[1..], expected);
}

/// Each answers the whole article; a batch does not gather them without end.
#[actix_web::test]
async fn answers_are_bounded() {
    let app = TestApp::start().await;
    let text = "A long story. ".repeat(60);
    let paragraphs: Vec<Value> = (0..1100).map(|_| make::paragraph(&text)).collect();
    let story = make::draft(&app, "Long").set("body", json!(paragraphs)).ready().await;
    let operations = vec![patch(&story.path(), 1, &json!({"headline": "Long"})); 12];
    let told = batch(app.editor(), false, &operations).await.expect(200);
    assert!(told.body().len() < 11 * 1024 * 1024, "{} bytes", told.body().len());
    let last = &told["results"][11];
    assert_eq!(
        (&last["status"], &last["body"]["code"]),
        (&json!(413), &json!("too_large"))
    );
}

/// Two batches that change the same two stories in two orders.
#[actix_web::test]
async fn batches_do_not_wait_for_each_other_in_a_circle() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let (one, two) = (
        make::draft(&app, "One").ready().await,
        make::draft(&app, "Two").ready().await,
    );
    let deck = json!({"deck": "Changed."});
    let section = |name: usize| json!({"method": "POST", "path": "/api/v1/editor/sections", "body": {"name": format!("S{name}")}});
    let change = |made: &Made| patch(&made.path(), 1, &deck);
    let calls = (0..8).map(|number| {
        let (first, second) = if number % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let operations = [change(first), section(number), change(second)];
        let app = &app;
        async move { batch(app.editor(), true, &operations).await.status() }
    });
    let mut told = join_all(calls).await;
    told.sort_unstable();
    assert_eq!(told, [200, 422, 422, 422, 422, 422, 422, 422]);
}
