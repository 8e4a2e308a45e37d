//! Locks: advice among editors.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Person, Reply, TestApp, database};

async fn lock(app: &TestApp, by: Person, article: &Made, take_over: bool) -> Reply {
    let call = app.person(by).post(article.action("lock"));
    if take_over {
        call.json(&json!({"take_over": true})).await
    } else {
        call.await
    }
}

async fn seen(app: &TestApp, article: &Made) -> Value {
    app.editor().get(article.path()).await.expect(200)["lock"].clone()
}

#[actix_web::test]
async fn a_lock_is_seen_by_others_for_five_minutes() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    assert_eq!(seen(&app, &made).await, Value::Null);
    let taken = lock(&app, Person::Admin, &made, false).await.expect(200);
    let expected = json!({
        "locked_by": database::user_id(Person::Admin), "locked_at": "2026-02-16T09:30:00.000Z",
        "expires_at": "2026-02-16T09:35:00.000Z",
    });
    assert_eq!(
        (&taken["lock"], &taken["taken_from"], taken.etag()),
        (&expected, &Value::Null, "\"1\"")
    );
    assert_eq!(seen(&app, &made).await, expected);
    app.clock.advance(240);
    let again = lock(&app, Person::Admin, &made, false).await.expect(200);
    assert_eq!(
        (&again["lock"]["locked_at"], &again["lock"]["expires_at"]),
        (&json!("2026-02-16T09:30:00.000Z"), &json!("2026-02-16T09:39:00.000Z"))
    );
    app.clock.advance(300);
    let seen = app
        .editor()
        .get(made.path())
        .header("If-None-Match", "\"1\"")
        .await
        .expect(200);
    assert_eq!(
        seen["lock"],
        Value::Null,
        "and the revision does not tell, so it is sent"
    );
}

#[actix_web::test]
async fn a_lock_is_taken_over_by_who_says_so() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    lock(&app, Person::Admin, &made, false).await.expect(200);
    let refused = lock(&app, Person::Editor, &made, false).await.refused(409, "locked");
    assert_eq!(refused["lock"]["locked_by"], json!(database::user_id(Person::Admin)));
    let taken = lock(&app, Person::Editor, &made, true).await.expect(200);
    assert_eq!(taken["taken_from"], refused["lock"]);
    // Who lost it cannot give it up.
    app.admin().post(made.action("unlock")).await.expect(200);
    assert_eq!(
        seen(&app, &made).await["locked_by"],
        json!(database::user_id(Person::Editor))
    );
    let given_up = app.editor().post(made.action("unlock")).await.expect(200);
    assert_eq!(given_up["lock"], Value::Null);
    let next = lock(&app, Person::Admin, &made, false).await.expect(200);
    assert_eq!(next["taken_from"], Value::Null);
}

#[actix_web::test]
async fn a_lock_refuses_nobody() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    lock(&app, Person::Admin, &made, false).await.expect(200);
    let written = made.patch(&app, json!({"deck": "Written all the same."})).await;
    assert_eq!(
        written.json["lock"]["locked_by"],
        json!(database::user_id(Person::Admin)),
        "and a write keeps it"
    );
    let trashed = written.trash(&app).await;
    lock(&app, Person::Editor, &trashed, true)
        .await
        .refused(409, "article_in_trash");
}
