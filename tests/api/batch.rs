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
    let mut codes = vec![together.code().to_owned()];
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
        let operations = [
            create(&format!("{name} new")),
            patch(&story.path(), 1, &json!({"deck": "At noon."})),
        ];
        let body = json!({"atomic": atomic, "operations": operations});
        let call = app.editor().post(BATCH).header("Idempotency-Key", name).json(&body);
        let first = call.clone().await.expect(200);
        assert_eq!(column(&first, "/status"), [201, 200]);
        let again = call.clone().await.expect(200);
        assert_eq!(again.body(), first.body());
        assert_eq!(again.header("Idempotency-Replayed"), Some("true"));
        let other = json!({"atomic": atomic, "operations": operations[..1]});
        let other = app.editor().post(BATCH).header("Idempotency-Key", name).json(&other);
        other.await.refused(422, "key_reused");
        let now = headlines(&app).await;
        assert_eq!(
            now.iter()
                .filter(|headline| **headline == format!("{name} new"))
                .count(),
            1
        );
    }
}

/// What a client that was cut off finds when it asks again.
#[actix_web::test]
async fn the_rest_of_a_batch_that_was_cut_off_is_done() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let operations = [
        create("First"),
        patch(&story.path(), 1, &json!({"deck": "At noon."})),
        create("Last"),
    ];
    let call = app
        .editor()
        .post(BATCH)
        .header("Idempotency-Key", "k-1")
        .json(&json!({"operations": operations}));
    let first = call.clone().await.expect(200);
    // The answer was never kept, and neither was the last operation done.
    app.database
        .damage("delete from idempotency_keys where key in ('k-1', 'k-1 2')");
    let again = call.await.expect(200);
    assert_eq!(again.header("Idempotency-Replayed"), None);
    for at in [0, 1] {
        assert_eq!(again["results"][at], first["results"][at]);
    }
    assert_ne!(again["results"][2]["body"]["id"], first["results"][2]["body"]["id"]);
    let mut now = headlines(&app).await;
    now.sort();
    assert_eq!(now, ["Ferry sails", "First", "Last", "Last"]);
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
