//! Setting times, and what they have to be.

use serde_json::{Value, json};

use super::{is_live, run_due, schedule, scheduled};
use crate::make::{self, Made};
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn times_are_kept_with_their_zone() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({
        "publish_at": "2026-02-17T06:00:00+09:00", "unpublish_at": "2026-03-17T06:00:00+09:00", "time_zone": "asia/seoul",
    });
    let reply = schedule(&app, &made, &times).await.expect(200);
    for (field, expected) in [
        ("status", json!("scheduled")),
        ("publish_at", json!("2026-02-16T21:00:00.000Z")),
        ("unpublish_at", json!("2026-03-16T21:00:00.000Z")),
        ("time_zone", json!("Asia/Seoul")),
        ("scheduled_revision", Value::Null),
        ("scheduled_by", reply["updated_by"].clone()),
    ] {
        assert_eq!(reply[field], expected, "{field}");
    }
    assert_eq!(reply.etag(), "\"2\"");
    let history = app.editor().get(format!("{}/revisions", made.path())).await.expect(200);
    let changed = json!(["status", "publish_at", "unpublish_at", "time_zone"]);
    assert_eq!(history.items()[0]["changed"], changed);
    let again = schedule(&app, &Made::article(reply.json()), &times).await.expect(200);
    assert_eq!(again.etag(), "\"2\"", "the same times are no change");
    let form = json!({"publish_at": "2026-02-20T06:00:00Z", "unpublish_at": null, "time_zone": null, "revision": null});
    let other = Made::article(schedule(&app, &made.again(&app).await, &form).await.expect(200).json());
    assert_eq!(
        (&other.json["unpublish_at"], &other.json["time_zone"]),
        (&Value::Null, &Value::Null)
    );
}

#[actix_web::test]
async fn times_that_cannot_be_kept_are_refused() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Ferry sails").ready().await;
    let live = make::draft(&app, "Live").published().await;
    let later = "2026-02-17T09:30:00Z";
    for (article, times, pointer, rule) in [
        (&draft, json!({}), "/publish_at", "required"),
        (&draft, json!({"unpublish_at": later}), "/publish_at", "required"),
        (
            &draft,
            json!({"publish_at": "2026-02-16T09:30:00Z"}),
            "/publish_at",
            "out_of_range",
        ),
        (
            &draft,
            json!({"publish_at": "2026-02-16T18:29:59+09:00"}),
            "/publish_at",
            "out_of_range",
        ),
        (
            &draft,
            json!({"publish_at": later, "unpublish_at": later}),
            "/unpublish_at",
            "out_of_range",
        ),
        (
            &draft,
            json!({"publish_at": later, "time_zone": "KST"}),
            "/time_zone",
            "not_allowed",
        ),
        (&draft, json!({"publish_at": "tomorrow"}), "/publish_at", "malformed"),
        (&draft, json!({"publish_at": null}), "/publish_at", "required"),
        (&draft, json!({"publish_at": later, "at": later}), "/at", "unknown"),
        (&live, json!({}), "/publish_at", "required"),
        (
            &live,
            json!({"unpublish_at": "2026-02-16T09:00:00Z"}),
            "/unpublish_at",
            "out_of_range",
        ),
        (
            &live,
            json!({"unpublish_at": later, "revision": 1}),
            "/publish_at",
            "required",
        ),
    ] {
        let refused = schedule(&app, article, &times).await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(pointer.to_owned(), rule.to_owned())], "{times}");
        assert_eq!(article.again(&app).await.json, article.json);
    }
    let refused = schedule(&app, &draft, &json!({"publish_at": later, "revision": 2}))
        .await
        .refused(422, "not_ready");
    assert_eq!(
        refused.flaws(),
        [("/revision".to_owned(), "unknown_reference".to_owned())]
    );
    let empty = make::draft(&app, "No text").set("body", json!([])).ready().await;
    let refused = schedule(&app, &empty, &json!({"publish_at": later}))
        .await
        .refused(422, "not_ready");
    assert_eq!(refused.flaws(), [("/body".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn rights_that_end_before_the_time_are_told_when_it_is_set() {
    let app = TestApp::start().await;
    let photo = make::photo(&app, Person::Editor).await;
    photo
        .patch(&app, json!({"rights_expire_at": "2026-02-18T00:00:00Z"}))
        .await;
    let made = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": photo.id()}))
        .ready()
        .await;
    let refused = schedule(&app, &made, &json!({"publish_at": "2026-02-18T00:00:00Z"})).await;
    assert_eq!(refused.refused(422, "not_ready").flaws()[0].0, "/lead_media/media_id");
    scheduled(&app, &made, "2026-02-17T23:59:59Z").await;
}

#[actix_web::test]
async fn taking_the_times_back_leaves_the_article_where_it_was() {
    let app = TestApp::start().await;
    let at = "2026-02-17T09:30:00Z";
    let draft = make::draft(&app, "Draft").ready().await;
    let down = make::draft(&app, "Down").published().await.act(&app, "unpublish").await;
    let live = make::draft(&app, "Live").published().await;
    for (article, waits, after) in [
        (draft, "scheduled", "draft"),
        (down, "scheduled", "unpublished"),
        (live, "published", "published"),
    ] {
        let waiting = scheduled(&app, &article, at).await;
        assert_eq!(waiting.json["status"], waits);
        let back = waiting.act(&app, "unschedule").await;
        assert_eq!(
            (&back.json["status"], &back.json["publish_at"]),
            (&json!(after), &Value::Null)
        );
    }
    app.clock.set("2026-02-18T00:00:00Z");
    run_due(&app).await;
    let page = app.anon().get("/api/v1/articles").await.expect(200);
    assert_eq!(page.items().len(), 1, "nothing is done any more");
}

#[actix_web::test]
async fn the_calendar_tells_what_is_to_be_done() {
    let app = TestApp::start().await;
    let own = make::draft(&app, "The author's own")
        .by(Person::Contributor)
        .ready()
        .await;
    let first = make::draft(&app, "First").ready().await;
    schedule(
        &app,
        &first,
        &json!({"publish_at": "2026-02-17T06:00:00Z", "unpublish_at": "2026-02-19T06:00:00Z", "time_zone": "Asia/Seoul"}),
    )
    .await
    .expect(200);
    scheduled(&app, &own, "2026-02-18T06:00:00Z").await;

    let path = "/api/v1/editor/schedule";
    let told = |page: &crate::support::Reply| -> Vec<String> {
        let one = |item: &Value| {
            format!(
                "{} {}",
                item["kind"].as_str().unwrap(),
                item["headline"].as_str().unwrap()
            )
        };
        page.items().iter().map(one).collect()
    };
    let all = app.editor().get(path).await.expect(200);
    assert_eq!(
        told(&all),
        ["publish First", "publish The author's own", "unpublish First"]
    );
    assert_eq!(
        all.items()[0],
        json!({
            "kind": "publish", "due_at": "2026-02-17T06:00:00.000Z", "time_zone": "Asia/Seoul", "article_id": first.id(),
            "headline": "First", "status": "scheduled", "scheduled_revision": null,
            "scheduled_by": first.json["created_by"],
        })
    );
    for (query, expected) in [
        (
            "?from=2026-02-18T06:00:00Z",
            vec!["publish The author's own", "unpublish First"],
        ),
        ("?to=2026-02-18T06:00:00Z", vec!["publish First"]),
        ("?from=2026-02-20T00:00:00Z", vec![]),
    ] {
        let page = app.editor().get(format!("{path}{query}")).await.expect(200);
        assert_eq!(told(&page), expected, "{query}");
    }
    let mine = app.contributor().get(path).await.expect(200);
    assert_eq!(told(&mine), ["publish The author's own"]);
    let mut cursor = String::new();
    for expected in ["publish First", "publish The author's own", "unpublish First"] {
        let page = app.editor().get(format!("{path}?limit=1{cursor}")).await.expect(200);
        assert_eq!(told(&page), [expected]);
        cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap_or_default());
    }
    assert_eq!(cursor, "&cursor=");
    app.editor()
        .get(format!("{path}?from=x"))
        .await
        .refused(400, "invalid_parameter");
}

#[actix_web::test]
async fn a_publish_by_hand_and_a_takedown_by_hand_end_the_waiting() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({"publish_at": "2026-02-17T06:00:00Z", "unpublish_at": "2026-02-19T06:00:00Z"});
    schedule(&app, &made, &times).await.expect(200);
    let live = made.again(&app).await.act(&app, "publish").await;
    assert_eq!(live.json["publish_at"], Value::Null);
    assert_eq!(
        live.json["unpublish_at"], "2026-02-19T06:00:00.000Z",
        "it is to come down still"
    );
    let down = live.act(&app, "unpublish").await;
    assert_eq!(down.json["unpublish_at"], Value::Null);
    app.clock.set("2026-02-20T00:00:00Z");
    run_due(&app).await;
    assert!(!is_live(&app, &made).await);
    assert_eq!(made.again(&app).await.json["schedule_failure"], Value::Null);
}

#[actix_web::test]
async fn setting_a_time_is_no_unpublished_change() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let reply = schedule(&app, &live, &json!({"unpublish_at": "2026-02-19T06:00:00Z"}))
        .await
        .expect(200);
    assert_eq!(
        (&reply["has_unpublished_changes"], &reply["live_revision"]),
        (&json!(false), &json!(3))
    );
    let back = Made::article(reply.json()).act(&app, "unschedule").await;
    assert_eq!(back.json["has_unpublished_changes"], false);
    let changed = back.patch(&app, json!({"deck": "New."})).await;
    let reply = schedule(&app, &changed, &json!({"unpublish_at": "2026-02-19T06:00:00Z"}))
        .await
        .expect(200);
    assert_eq!(reply["has_unpublished_changes"], true);
}

#[actix_web::test]
async fn a_revision_that_was_chosen_and_is_the_latest_leaves_nothing_unpublished() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "revision": 1});
    schedule(&app, &made, &times).await.expect(200);
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    assert!(is_live(&app, &made).await);
    assert_eq!(made.again(&app).await.json["has_unpublished_changes"], false);
}
