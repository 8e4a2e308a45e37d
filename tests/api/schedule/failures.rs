//! What cannot be done at its time.

use serde_json::{Value, json};

use super::{is_live, run_due, schedule, scheduled};
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn what_cannot_go_live_at_its_time_says_why() {
    let app = TestApp::start().await;
    let emptied = make::draft(&app, "Emptied").ready().await;
    let down = make::draft(&app, "Was live")
        .published()
        .await
        .act(&app, "unpublish")
        .await;
    let live = make::draft(&app, "Is live").published().await;
    let fine = make::draft(&app, "Fine").ready().await;
    for article in [&emptied, &down, &live] {
        let waiting = scheduled(&app, article, "2026-02-16T10:00:00Z").await;
        waiting.patch(&app, json!({"body": []})).await;
    }
    scheduled(&app, &fine, "2026-02-16T10:00:00Z").await;
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    assert!(is_live(&app, &fine).await, "the others are no hindrance");
    for (article, status) in [(&emptied, "draft"), (&down, "unpublished"), (&live, "published")] {
        let after = article.again(&app).await.json;
        assert_eq!((&after["status"], &after["publish_at"]), (&json!(status), &Value::Null));
        let failure = &after["schedule_failure"];
        assert_eq!(failure["due_at"], "2026-02-16T10:00:00.000Z");
        assert_eq!(
            (&failure["kind"], &failure["errors"][0]["pointer"]),
            (&json!("publish"), &json!("/body"))
        );
    }
    let mended = emptied
        .again(&app)
        .await
        .patch(&app, json!({"body": [paragraph("Text.")]}))
        .await;
    let live = mended.act(&app, "publish").await;
    assert_eq!(live.json["schedule_failure"], Value::Null);
}

/// A story, and another that its text and its links lead to, which is deleted for good.
async fn leading_to_what_is_gone(app: &TestApp) -> Made {
    let gone = make::draft(app, "Gone").ready().await;
    let link = json!([{"text": "A link", "link": {"article_id": gone.id()}}, {"text": " and words."}]);
    let story = make::draft(app, "Leads")
        .set("body", json!([{"type": "paragraph", "text": link}]))
        .set("related", json!([{"article_id": gone.id()}]))
        .ready()
        .await;
    let later = story.patch(app, json!({"deck": "Later."})).await;
    app.admin()
        .delete(format!("{}?permanent=true", gone.path()))
        .if_match(1)
        .await
        .expect(204);
    later
}

#[actix_web::test]
async fn a_link_in_the_text_to_what_is_deleted_for_good_is_words() {
    let app = TestApp::start().await;
    let by_hand = leading_to_what_is_gone(&app).await.act(&app, "publish").await;
    let pinned = leading_to_what_is_gone(&app).await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "revision": 1});
    schedule(&app, &pinned, &times).await.expect(200);
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    for article in [&by_hand, &pinned] {
        let page = app
            .anon()
            .get(format!("{}?include=related", article.public_path()))
            .await
            .expect(200);
        assert_eq!(page["body"][0]["text"], json!([{"text": "A link and words."}]));
        assert_eq!(page["related"], json!([]));
    }
}

#[actix_web::test]
async fn a_revision_that_names_what_is_gone_does_not_go_live_without_it() {
    let app = TestApp::start().await;
    let photo = make::photo(&app, Person::Editor).await;
    let (carol, bob) = (
        make::contributor(&app, "Carol", "person").await,
        make::contributor(&app, "Bob", "person").await,
    );
    let named = make::draft(&app, "Named")
        .set("byline", json!({"contributors": [{"contributor_id": carol.id()}]}))
        .ready()
        .await;
    let pictured = make::draft(&app, "Pictured")
        .set("lead_media", json!({"media_id": photo.id()}))
        .ready()
        .await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "revision": 1});
    for article in [&named, &pictured] {
        schedule(&app, article, &times).await.expect(200);
    }
    carol.merge(&app, &bob).await;
    let without = pictured
        .again(&app)
        .await
        .patch(&app, json!({"lead_media": null}))
        .await;
    photo.trash(&app).await;
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    for (article, pointer) in [
        (&named, "/byline/contributors/0/contributor_id"),
        (&without, "/lead_media/media_id"),
    ] {
        assert!(!is_live(&app, article).await);
        let after = article.again(&app).await.json;
        assert_eq!(after["schedule_failure"]["errors"][0]["pointer"], pointer);
    }
}

#[actix_web::test]
async fn an_edition_that_cannot_be_made_keeps_nobody_from_taking_the_story_down() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T11:00:00Z"});
    schedule(&app, &live, &times).await.expect(200);
    live.again(&app).await.patch(&app, json!({"body": []})).await;
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    let after = live.again(&app).await.json;
    assert_eq!(after["schedule_failure"]["kind"], "publish");
    assert_eq!(
        (&after["publish_at"], &after["unpublish_at"]),
        (&Value::Null, &json!("2026-02-16T11:00:00.000Z"))
    );
    app.clock.set("2026-02-16T11:00:00Z");
    run_due(&app).await;
    app.anon().get(live.public_path()).await.refused(410, "gone");
}

#[actix_web::test]
async fn a_job_that_broke_holds_no_other_up() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T11:00:00Z"});
    schedule(&app, &live, &times).await.expect(200);
    app.clock.set("2026-02-16T11:00:00Z");
    let later = if app.database.is_postgres() {
        "'2026-02-17'"
    } else {
        "9000000000000000"
    };
    app.database.damage(&format!(
        "update jobs set attempts = 9, wait_until = {later} where kind = 'publish'"
    ));
    run_due(&app).await;
    app.anon().get(live.public_path()).await.refused(410, "gone");
    app.clock.set("2026-02-18T00:00:00Z");
    app.database.damage("update jobs set wait_until = null");
    run_due(&app).await;
    app.anon().get(live.public_path()).await.refused(410, "gone");
}
