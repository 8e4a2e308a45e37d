//! The trash is emptied by itself.

use copydesk::services::articles;
use serde_json::json;

use crate::make;
use crate::support::TestApp;

const DAY: i64 = 24 * 60 * 60;

/// What the worker does every hour.
async fn empty(app: &TestApp) {
    for id in articles::expired(&app.services).await {
        articles::purge(&app.services, id).await;
    }
}

#[actix_web::test]
async fn what_was_long_in_the_trash_is_deleted_for_good() {
    let app = TestApp::start().await;
    empty(&app).await;
    let old = make::draft(&app, "Old").ready().await.trash(&app).await;
    let back = make::draft(&app, "Restored").ready().await.trash(&app).await;
    let linking = make::draft(&app, "Linking")
        .set("related", json!([{"article_id": old.id()}]))
        .ready()
        .await;
    app.clock.advance(DAY);
    let young = make::draft(&app, "Young").ready().await.trash(&app).await;
    app.clock.advance(29 * DAY);
    empty(&app).await;
    app.editor().get(old.path()).await.expect(200);
    back.act(&app, "restore").await;
    app.clock.advance(1);
    empty(&app).await;
    app.editor().get(old.path()).await.refused(404, "not_found");
    for kept in [&back, &young] {
        app.editor().get(kept.path()).await.expect(200);
    }
    let link = &linking.again(&app).await.json["related"][0];
    assert_eq!(
        (&link["label"], &link["hidden_because"]),
        (&json!("Old"), &json!("target_deleted"))
    );
}

#[actix_web::test]
async fn the_trash_can_be_kept_for_ever() {
    let app = TestApp::with(|config| config.trash.keep_days = 0).await;
    let old = make::draft(&app, "Old").ready().await.trash(&app).await;
    app.clock.advance(3650 * DAY);
    empty(&app).await;
    app.editor().get(old.path()).await.expect(200);
}

/// A newsroom that upgrades finds in its trash what it had there, for as long as if it had put it there that day.
#[actix_web::test]
async fn what_was_there_before_the_trash_was_emptied_is_counted_from_then() {
    let app = TestApp::start().await;
    let old = make::draft(&app, "Old").ready().await.trash(&app).await;
    app.clock.advance(100 * DAY);
    empty(&app).await;
    app.clock.advance(29 * DAY);
    empty(&app).await;
    app.editor().get(old.path()).await.expect(200);
    app.clock.advance(2 * DAY);
    empty(&app).await;
    app.editor().get(old.path()).await.refused(404, "not_found");
}
