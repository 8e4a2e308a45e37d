//! One thing is done once, however often it is asked for under one key.

use copydesk::domain::id::UserId;
use copydesk::domain::idempotency::IdempotencyKey;
use copydesk::services::Unit;
use futures_util::future::join_all;
use serde_json::json;

use crate::access::{request, state_for, subject};
use crate::make;
use crate::support::database::user_id;
use crate::support::document::operations;
use crate::support::{Call, Person, TestApp};

const ARTICLES: &str = "/api/v1/editor/articles";
/// Where a second doing would show.
const TABLES: [&str; 15] = [
    "articles",
    "revisions",
    "editions",
    "redirects",
    "retractions",
    "jobs",
    "related_links",
    "media",
    "media_files",
    "uploads",
    "sections",
    "contributors",
    "tags",
    "deleted_articles",
    "idempotency_keys",
];

fn keyed<'a>(call: Call<'a>, key: &str) -> Call<'a> {
    call.header("Idempotency-Key", key)
}

/// How many rows there are, table by table.
fn rows(app: &TestApp) -> Vec<String> {
    let count = |table| format!("select cast(count(*) as text) as what from {table}");
    TABLES
        .iter()
        .flat_map(|table| app.database.texts(&count(table)))
        .collect()
}

#[actix_web::test]
async fn every_write_that_is_sent_three_times_with_its_key_is_done_once() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for operation in operations() {
        let takes_key = operation
            .parameters("header")
            .iter()
            .any(|one| one["name"] == "Idempotency-Key");
        if !takes_key {
            continue;
        }
        let id = operation.id();
        let subject = subject(&app, operation.path, state_for(id)).await;
        let call = keyed(request(&app, app.editor(), &operation, subject.as_ref()).await, id);
        let first = call.clone().await;
        assert!(
            (200..300).contains(&first.status()) && first.header("Idempotency-Replayed").is_none(),
            "{id}: {}",
            first.text()
        );
        let after_first = rows(&app);
        for again in [call.clone().await, call.await] {
            let seen = (
                again.status(),
                again.text(),
                again.header("ETag"),
                again.header("Location"),
            );
            let was = (
                first.status(),
                first.text(),
                first.header("ETag"),
                first.header("Location"),
            );
            assert_eq!(seen, was, "{id}");
            assert_eq!(again.header("Idempotency-Replayed"), Some("true"), "{id}");
        }
        assert_eq!(rows(&app), after_first, "{id}");
        tried += 1;
    }
    assert!(tried >= 40, "{tried} operations take a key");
}

#[actix_web::test]
async fn the_first_answer_is_given_again_whatever_became_of_it() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let publish = keyed(app.editor().post(story.action("publish")).if_match(1), "publish-1");
    let first = publish.clone().await.expect(200);
    story.again(&app).await.act(&app, "unpublish").await;
    let again = publish.await.expect(200);
    assert_eq!((again.body(), again.etag()), (first.body(), first.etag()));
    assert_eq!(story.again(&app).await.json["status"], "unpublished");
}

#[actix_web::test]
async fn a_key_is_for_one_request_of_one_user() {
    let app = TestApp::start().await;
    let create = |headline: &str| keyed(app.editor().post(ARTICLES), "k-1").json(&json!({"headline": headline}));
    let first = create("One").await.expect(201);
    create("Two").await.refused(422, "key_reused");
    let elsewhere = keyed(app.editor().post("/api/v1/editor/tags"), "k-1").json(&json!({"name": "One"}));
    elsewhere.await.refused(422, "key_reused");
    let asked = keyed(app.editor().post(format!("{ARTICLES}?autosave=true")), "k-1");
    asked
        .json(&json!({"headline": "One"}))
        .await
        .refused(400, "unknown_parameter");
    // In the quotes of a structured field it is the same key.
    let quoted = keyed(app.editor().post(ARTICLES), "\"k-1\"").json(&json!({"headline": "One"}));
    assert_eq!(quoted.await.expect(201)["id"], first["id"]);
    let other = keyed(app.admin().post(ARTICLES), "k-1").json(&json!({"headline": "One"}));
    assert_ne!(other.await.expect(201)["id"], first["id"]);
}

#[actix_web::test]
async fn a_refusal_leaves_the_key_free() {
    let app = TestApp::start().await;
    let create = |body| keyed(app.editor().post(ARTICLES), "k-1").json(&body);
    create(json!({"headline": ""})).await.refused(422, "invalid_body");
    create(json!({"headline": "One", "section_id": "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"}))
        .await
        .refused(422, "invalid_body");
    let made = create(json!({"headline": "One"})).await.expect(201);
    let path = format!("{ARTICLES}/{}", made["id"].as_str().unwrap());
    let stale = keyed(app.editor().patch(&path).if_match(7), "k-2").json(&json!({"deck": "New."}));
    stale.await.refused(412, "stale_revision");
    let fresh = keyed(app.editor().patch(&path).if_match(1), "k-2").json(&json!({"deck": "New."}));
    assert_eq!(fresh.clone().await.expect(200)["revision"], 2);
    assert_eq!(fresh.await.expect(200)["revision"], 2);
}

#[actix_web::test]
async fn a_key_is_kept_for_a_day() {
    let app = TestApp::start().await;
    let create = || keyed(app.editor().post(ARTICLES), "k-1").json(&json!({"headline": "Daily"}));
    let first = create().await.expect(201);
    app.clock.advance(24 * 60 * 60 - 1);
    assert_eq!(create().await.expect(201)["id"], first["id"]);
    app.clock.advance(1);
    let next = create().await.expect(201);
    assert_ne!(next["id"], first["id"]);
    assert_eq!(create().await.expect(201)["id"], next["id"]);
    app.clock.advance(24 * 60 * 60);
    copydesk::services::forget_answers(&app.services).await;
    let left = app
        .database
        .texts("select cast(count(*) as text) as what from idempotency_keys");
    assert_eq!(left, ["0"]);
}

#[actix_web::test]
async fn of_many_at_once_one_does_it() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let calls = (0..8).map(|_| async {
        let call = keyed(app.editor().post(ARTICLES), "k-1").json(&json!({"headline": "Once"}));
        call.await
    });
    let replies = join_all(calls).await;
    let (done, waiting): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status() == 201);
    let new = done
        .iter()
        .filter(|reply| reply.header("Idempotency-Replayed").is_none());
    assert_eq!(new.count(), 1);
    for reply in waiting {
        let reply = reply.refused(409, "key_in_flight");
        assert_eq!(reply.header("Retry-After"), Some("1"));
    }
    assert_eq!(app.editor().get(ARTICLES).await.items().len(), 1);
}

/// Calls that meet the codes of keys, while the unit is there.
pub(crate) async fn provocations(app: &TestApp) -> (Unit, Vec<Call<'_>>) {
    let create = |key, headline: &str| keyed(app.editor().post(ARTICLES), key).json(&json!({"headline": headline}));
    create("used", "One").await.expect(201);
    (
        in_flight(app, "in-flight"),
        vec![create("in-flight", "One"), create("used", "Two")],
    )
}

/// The editor's key, while another request with it is being answered.
fn in_flight(app: &TestApp, key: &str) -> Unit {
    let key = IdempotencyKey::parse(key).unwrap();
    Unit::keyed(&app.services, UserId(user_id(Person::Editor)), key).unwrap()
}

#[actix_web::test]
async fn who_is_still_answered_is_told_to_wait() {
    let app = TestApp::start().await;
    let first = in_flight(&app, "k-1");
    let create = || keyed(app.editor().post(ARTICLES), "k-1").json(&json!({"headline": "Once"}));
    let told = create().await.refused(409, "key_in_flight");
    assert_eq!(told.header("Retry-After"), Some("1"));
    drop(first);
    create().await.expect(201);
}

#[actix_web::test]
async fn a_form_is_the_same_whatever_stands_between_its_parts() {
    let app = TestApp::start().await;
    let picture = make::png();
    let upload = |boundary: &str, caption: &str| {
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n{caption}\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"pier.png\"\r\nContent-Type: image/png\r\n\r\n"
        )
        .into_bytes();
        body.extend(&picture);
        body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        keyed(app.editor().post("/api/v1/editor/media"), "k-1")
            .header("Content-Type", kind)
            .bytes(body)
    };
    let first = upload("aaaa", "The pier.").await.expect(201);
    let again = upload("bbbb", "The pier.").await.expect(201);
    assert_eq!(again.body(), first.body());
    upload("cccc", "The harbour.").await.refused(422, "key_reused");
}

#[actix_web::test]
async fn a_key_has_a_form() {
    let app = TestApp::start().await;
    let longest = "k".repeat(IdempotencyKey::MAX);
    let create = |key: &str| keyed(app.editor().post(ARTICLES), key).json(&json!({"headline": "Once"}));
    create(&longest).await.expect(201);
    for bad in ["", "two words", "ä", "\"", &format!("{longest}k")] {
        let told = create(bad).await.refused(400, "bad_request");
        assert!(told["detail"].as_str().unwrap().contains("`Idempotency-Key`"), "{bad}");
    }
    keyed(create("k-1"), "k-2").await.refused(400, "bad_request");
    // Reading does nothing twice.
    keyed(app.editor().get(ARTICLES), "two words").await.expect(200);
}
