//! An embargo holds for everybody.

use serde_json::{Value, json};

use super::{is_live, run_due, schedule, scheduled};
use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn nobody_publishes_before_an_embargo_ends() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails")
        .set("embargo_until", "2026-02-16T10:00:00Z")
        .ready()
        .await;
    for client in [app.editor(), app.admin()] {
        let refused = client
            .post(made.action("publish"))
            .if_match(1)
            .await
            .refused(422, "not_ready");
        assert_eq!(
            refused.flaws(),
            [("/embargo_until".to_owned(), "out_of_range".to_owned())]
        );
    }
    let early = schedule(&app, &made, &json!({"publish_at": "2026-02-16T09:59:59Z"})).await;
    assert_eq!(early.refused(422, "invalid_body").flaws()[0].0, "/publish_at");
    app.clock.set("2026-02-16T10:00:00Z");
    made.act(&app, "publish").await;
    assert!(is_live(&app, &made).await);
}

#[actix_web::test]
async fn a_story_can_wait_for_the_end_of_its_embargo() {
    let app = TestApp::start().await;
    let at = "2026-02-16T10:00:00.000Z";
    let made = make::draft(&app, "Ferry sails").set("embargo_until", at).ready().await;
    let waiting = scheduled(&app, &made, at).await;
    let call = app.editor().patch(made.path()).if_match(2);
    let refused = call
        .json(&json!({"embargo_until": "2026-02-16T10:00:01Z"}))
        .await
        .refused(422, "invalid_body");
    assert_eq!(
        refused.flaws(),
        [("/embargo_until".to_owned(), "out_of_range".to_owned())]
    );
    app.clock.set("2026-02-16T09:59:59.999Z");
    run_due(&app).await;
    assert!(!is_live(&app, &made).await);
    app.clock.set(at);
    run_due(&app).await;
    assert!(is_live(&app, &made).await);
    assert_eq!(waiting.json["embargo_until"], at);
}

#[actix_web::test]
async fn a_new_edition_of_what_is_live_waits_too() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let held = live
        .patch(
            &app,
            json!({"deck": "Secret.", "embargo_until": "2026-02-16T10:00:00Z"}),
        )
        .await;
    let call = app.editor().post(held.action("publish")).if_match(held.revision());
    call.await.refused(422, "not_ready");
    assert_eq!(
        app.anon().get(live.public_path()).await.expect(200)["deck"],
        Value::Null
    );
}

#[actix_web::test]
async fn no_older_revision_takes_an_embargo_back() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let held = made
        .patch(
            &app,
            json!({"deck": "Secret.", "embargo_until": "2026-02-16T12:00:00Z"}),
        )
        .await;
    let call = app
        .editor()
        .post(held.action("revert"))
        .if_match(2)
        .json(&json!({"revision": 1}));
    let back = call.await.expect(200);
    assert_eq!(
        (&back["deck"], &back["embargo_until"]),
        (&Value::Null, &json!("2026-02-16T12:00:00.000Z"))
    );
    let now = made.again(&app).await;
    let early = schedule(
        &app,
        &now,
        &json!({"publish_at": "2026-02-16T11:00:00Z", "revision": 1}),
    )
    .await;
    early.refused(422, "invalid_body");
    let lifted = now.patch(&app, json!({"embargo_until": null})).await;
    lifted.act(&app, "publish").await;
}
