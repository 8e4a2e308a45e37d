//! What is done without anybody asking just then.

use copydesk::services::articles;
use serde_json::{Value, json};

use super::{newest, told};
use crate::make;
use crate::schedule::{run_due, schedule};
use crate::support::database::user_id;
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn what_comes_by_itself_says_so() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T11:00:00Z"});
    schedule(&app, &story, &times).await.expect(200);
    for _ in 0..2 {
        app.clock.advance(3600);
        run_due(&app).await;
    }
    let page = app.editor().get(format!("{}/audit", story.path())).await.expect(200);
    let actions: Vec<String> = told(&page).into_iter().map(|[action, ..]| action).collect();
    assert_eq!(actions, ["unpublish", "publish", "schedule", "create"]);
    assert_eq!(page.column("via"), ["schedule", "schedule", "http", "http"]);
    assert!(
        page.items()
            .iter()
            .all(|entry| entry["actor_id"] == user_id(Person::Editor).to_string())
    );

    let story = story.again(&app).await.trash(&app).await;
    app.clock.advance(31 * 24 * 60 * 60);
    articles::expired(&app.services).await;
    app.clock.advance(31 * 24 * 60 * 60);
    for id in articles::expired(&app.services).await {
        articles::purge(&app.services, id).await;
    }
    let last = newest(&app, &format!("?subject={}&limit=1", story.id())).await.items()[0].clone();
    assert_eq!(
        (&last["action"], &last["via"], &last["actor_id"]),
        (&json!("delete"), &json!("trash"), &Value::Null)
    );
    assert!(last.get("origin").is_none());
}

#[actix_web::test]
async fn what_could_not_be_done_at_its_time_is_written_down() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z"});
    schedule(&app, &story, &times).await.expect(200);
    story.again(&app).await.patch(&app, json!({"body": []})).await;
    app.clock.advance(3600);
    run_due(&app).await;
    let page = app.editor().get(format!("{}/audit", story.path())).await.expect(200);
    let last = &page.items()[0];
    assert_eq!((&last["action"], &last["via"]), (&json!("fail"), &json!("schedule")));
    assert_eq!(last["changed"], json!(["status", "publish_at"]));
}

#[actix_web::test]
async fn a_revision_that_was_chosen_is_the_one_that_was_published() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Chosen").ready().await;
    let story = story.patch(&app, json!({"headline": "Newer"})).await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "revision": 1});
    schedule(&app, &story, &times).await.expect(200);
    app.clock.advance(3600);
    run_due(&app).await;
    let page = app.editor().get(format!("{}/audit", story.path())).await.expect(200);
    assert_eq!(
        (&page.items()[0]["action"], &page.items()[0]["revision"]),
        (&json!("publish"), &json!(1))
    );
}
