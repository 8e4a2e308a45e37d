//! The trash.

use serde_json::{Value, json};

use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn a_trashed_article_is_shown_and_can_be_brought_back() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Thrown away").ready().await;
    app.clock.advance(60);
    let reply = app.editor().delete(draft.path()).if_match(1).await.expect(200);
    assert_eq!(
        (reply.etag(), &reply["deleted_at"]),
        ("\"2\"", &json!("2026-02-16T09:31:00.000Z"))
    );
    let trashed = draft.again(&app).await;
    let mut told = reply.json().clone();
    assert_eq!(told.as_object_mut().unwrap().remove("referrers"), Some(json!([])));
    assert_eq!(trashed.json, told);

    let back = trashed.act(&app, "restore").await.json;
    assert_eq!(
        (&back["deleted_at"], &back["status"], &back["revision"]),
        (&Value::Null, &json!("draft"), &json!(3))
    );
}

#[actix_web::test]
async fn trashing_takes_down_what_is_live_and_restoring_does_not_bring_it_back_live() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Gone at once").published().await;
    let trashed = live.trash(&app).await;
    assert_eq!(
        (&trashed.json["status"], &trashed.json["live_revision"]),
        (&json!("unpublished"), &Value::Null)
    );
    app.anon().get(live.public_path()).await.refused(410, "gone");
    trashed.act(&app, "restore").await;
    app.anon().get(live.public_path()).await.refused(410, "gone");
}

#[actix_web::test]
async fn what_is_in_the_trash_is_neither_edited_nor_published() {
    let app = TestApp::start().await;
    let trashed = make::draft(&app, "Rests").ready().await.trash(&app).await;
    let patch = app
        .editor()
        .patch(trashed.path())
        .if_match(2)
        .json(&json!({"deck": "x"}));
    patch.await.refused(409, "article_in_trash");
    for verb in ["publish", "unpublish"] {
        app.editor()
            .post(trashed.action(verb))
            .if_match(2)
            .await
            .refused(409, "article_in_trash");
    }
    assert_eq!(trashed.again(&app).await.revision(), trashed.revision());
}

#[actix_web::test]
async fn trashing_and_restoring_twice_change_nothing_the_second_time() {
    let app = TestApp::start().await;
    let trashed = make::draft(&app, "Twice").ready().await.trash(&app).await;
    assert_eq!(trashed.trash(&app).await.json, trashed.json);
    let back = trashed.act(&app, "restore").await;
    assert_eq!(back.act(&app, "restore").await.json, back.json);
}

#[actix_web::test]
async fn a_trashed_article_keeps_its_slug() {
    let app = TestApp::start().await;
    make::draft(&app, "Kept name").ready().await.trash(&app).await;
    assert_eq!(make::draft(&app, "Kept name").ready().await.slug(), "kept-name-2");
}
