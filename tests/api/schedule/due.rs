//! What is done at its time.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{is_live, run_due, schedule, scheduled};
use crate::make;
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn a_story_goes_live_at_its_second_and_not_before() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let waiting = scheduled(&app, &made, "2026-02-16T10:00:00Z").await;
    for moment in ["2026-02-16T09:59:59.999Z", "2026-02-16T09:30:00Z"] {
        app.clock.set(moment);
        run_due(&app).await;
        assert!(!is_live(&app, &made).await, "{moment}");
    }
    app.clock.set("2026-02-16T10:00:00.000Z");
    run_due(&app).await;
    let page = app.anon().get(made.public_path()).await.expect(200);
    assert_eq!(page["published_at"], "2026-02-16T10:00:00.000Z");
    let after = made.again(&app).await;
    for (field, expected) in [
        ("status", json!("published")),
        ("revision", json!(2)),
        ("live_revision", json!(2)),
        ("has_unpublished_changes", json!(false)),
        ("publish_at", Value::Null),
        ("scheduled_by", Value::Null),
        ("updated_at", waiting.json["updated_at"].clone()),
        ("moved_at", json!("2026-02-16T10:00:00.000Z")),
    ] {
        assert_eq!(after.json[field], expected, "{field}");
    }
}

#[actix_web::test]
async fn who_writes_meanwhile_gets_no_conflict() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let waiting = scheduled(&app, &made, "2026-02-16T10:00:00Z").await;
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    let seen = app
        .editor()
        .get(made.path())
        .header("If-None-Match", "\"2\"")
        .await
        .expect(200);
    assert_eq!(
        seen["status"], "published",
        "the revision does not tell that it moved, so it is sent"
    );
    let written = waiting
        .patch(&app, json!({"deck": "Written while it went live."}))
        .await;
    assert_eq!((&written.json["status"], written.revision()), (&json!("published"), 3));
    assert_eq!(written.json["has_unpublished_changes"], true);
}

#[actix_web::test]
async fn the_latest_revision_goes_live_unless_one_is_chosen() {
    let app = TestApp::start().await;
    let at = "2026-02-16T10:00:00Z";
    let follows = make::draft(&app, "Follows").ready().await;
    let pinned = make::draft(&app, "Pinned").ready().await;
    let kept = make::draft(&app, "Kept").ready().await;
    let freed = make::draft(&app, "Freed").ready().await;
    scheduled(&app, &follows, at)
        .await
        .patch(&app, json!({"deck": "Later."}))
        .await;
    for article in [&pinned, &freed] {
        let later = article.patch(&app, json!({"deck": "Later."})).await;
        schedule(&app, &later, &json!({"publish_at": at, "revision": 1}))
            .await
            .expect(200);
    }
    pinned.again(&app).await.patch(&app, json!({"deck": "Last."})).await;
    for (article, word, deck) in [(&kept, "scheduled", "Later."), (&freed, "latest", "Last.")] {
        let waiting = match word {
            "scheduled" => scheduled(&app, article, at).await,
            _ => article.again(&app).await,
        };
        let call = app.editor().patch(format!("{}?goes_live={word}", article.path()));
        let reply = call
            .if_match(waiting.revision())
            .json(&json!({ "deck": deck }))
            .await
            .expect(200);
        let expected = if word == "scheduled" { json!(2) } else { Value::Null };
        assert_eq!(reply["scheduled_revision"], expected, "{word}");
    }
    app.clock.set(at);
    run_due(&app).await;
    for (article, deck, live, changes) in [
        (&follows, json!("Later."), 3, false),
        (&pinned, Value::Null, 1, true),
        (&kept, Value::Null, 2, true),
        (&freed, json!("Last."), 4, false),
    ] {
        let page = app.anon().get(article.public_path()).await.expect(200);
        assert_eq!(page["deck"], deck, "{}", page["headline"]);
        let after = article.again(&app).await.json;
        assert_eq!(
            (&after["live_revision"], &after["has_unpublished_changes"]),
            (&json!(live), &json!(changes)),
            "{}",
            page["headline"]
        );
    }
    let call = app.editor().patch(format!("{}?goes_live=latest", pinned.path()));
    let now = pinned.again(&app).await;
    call.if_match(now.revision())
        .json(&json!({}))
        .await
        .refused(400, "invalid_parameter");
}

#[actix_web::test]
async fn a_revision_that_is_to_go_live_does_not_fold() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let autosave = |revision: i64, query: &'static str, deck: &'static str| {
        let call = app.editor().patch(format!("{}?autosave=true{query}", made.path()));
        call.if_match(revision).json(&json!({ "deck": deck }))
    };
    scheduled(&app, &made, "2026-02-16T10:00:00Z").await;
    autosave(2, "", "Chosen.").await.expect(200);
    autosave(3, "&goes_live=scheduled", "Not yet.").await.expect(200);
    autosave(4, "", "Not yet either.").await.expect(200);
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    assert_eq!(app.anon().get(made.public_path()).await.expect(200)["deck"], "Chosen.");
}

#[actix_web::test]
async fn a_live_story_gets_its_next_edition_and_its_end_at_their_times() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let changed = live.patch(&app, json!({"headline": "Ferry sailed"})).await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T11:00:00Z"});
    let waiting = schedule(&app, &changed, &times).await.expect(200);
    assert_eq!(waiting["status"], "published");
    assert_eq!(
        app.anon().get(live.public_path()).await.expect(200)["headline"],
        "Ferry sails"
    );
    app.clock.set("2026-02-16T10:30:00Z");
    run_due(&app).await;
    let page = app.anon().get(live.public_path()).await.expect(200);
    assert_eq!(
        (&page["headline"], &page["published_at"]),
        (&json!("Ferry sailed"), &live.json["published_at"])
    );
    app.clock.set("2026-02-16T11:00:00Z");
    run_due(&app).await;
    app.anon().get(live.public_path()).await.refused(410, "gone");
    let after = live.again(&app).await.json;
    assert_eq!(
        (&after["status"], &after["unpublish_at"]),
        (&json!("unpublished"), &Value::Null)
    );
}

#[actix_web::test]
async fn what_was_due_while_nobody_was_there_is_done_in_order() {
    let app = TestApp::start().await;
    let short = make::draft(&app, "Came and went").ready().await;
    let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T11:00:00Z"});
    schedule(&app, &short, &times).await.expect(200);
    let stays = make::draft(&app, "Stays").ready().await;
    scheduled(&app, &stays, "2026-02-16T10:30:00Z").await;
    app.clock.set("2026-02-17T00:00:00Z");
    run_due(&app).await;
    app.anon().get(short.public_path()).await.refused(410, "gone");
    assert!(is_live(&app, &stays).await);
    let calendar = app.editor().get("/api/v1/editor/schedule").await.expect(200);
    assert_eq!(calendar.items().len(), 0);
}

#[actix_web::test]
async fn many_that_do_what_is_due_do_it_once() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let mut stories = Vec::new();
    for number in 0..40 {
        let made = make::draft(&app, &format!("Story {number}")).ready().await;
        let times = json!({"publish_at": "2026-02-16T10:00:00Z", "unpublish_at": "2026-02-16T12:00:00Z"});
        schedule(&app, &made, &times).await.expect(200);
        stories.push(made);
    }
    app.clock.set("2026-02-16T10:00:00Z");
    join_all((0..6).map(|_| run_due(&app))).await;
    let counted = "select cast(count(*) as text) as what from editions group by article_id";
    assert_eq!(app.database.texts(counted), ["1"; 40], "one edition each");
    for made in &stories {
        assert!(is_live(&app, made).await);
    }
}

/// An editor who changes the times while they come wins or loses, and nothing waits for ever.
#[actix_web::test]
async fn times_that_are_changed_while_they_come_are_done_or_not() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    for round in 0..20 {
        let made = make::draft(&app, &format!("Round {round}")).ready().await;
        let at = "2026-02-16T10:00:00Z";
        app.clock.set("2026-02-16T09:30:00Z");
        let waiting = scheduled(&app, &made, at).await;
        app.clock.set(at);
        let editor = app.editor();
        let back = async { editor.post(waiting.action("unschedule")).if_match(2).await.status() };
        let (status, (), ()) = futures_util::join!(back, run_due(&app), run_due(&app));
        let after = made.again(&app).await.json;
        match after["status"].as_str() {
            Some("draft") => assert_eq!(status, 200),
            Some("published") => assert_eq!(status, 409),
            other => panic!("{other:?}"),
        }
        assert_eq!(is_live(&app, &made).await, after["status"] == "published");
    }
}

#[actix_web::test]
async fn what_is_in_the_trash_waits_for_nothing() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").by(Person::Editor).ready().await;
    let trashed = scheduled(&app, &made, "2026-02-16T10:00:00Z").await.trash(&app).await;
    assert_eq!(
        (&trashed.json["status"], &trashed.json["publish_at"]),
        (&json!("draft"), &Value::Null)
    );
    app.clock.set("2026-02-16T10:00:00Z");
    run_due(&app).await;
    let back = trashed.act(&app, "restore").await;
    run_due(&app).await;
    assert_eq!(back.again(&app).await.json["status"], "draft");
}

#[actix_web::test]
async fn a_revision_that_readers_had_for_a_moment_stays() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let times = json!({"publish_at": "2026-02-16T09:31:00Z", "unpublish_at": "2026-02-16T09:32:00Z"});
    schedule(&app, &made, &times).await.expect(200);
    let autosave = |revision: i64, deck: &'static str| {
        let call = app.editor().patch(format!("{}?autosave=true", made.path()));
        call.if_match(revision).json(&json!({ "deck": deck }))
    };
    autosave(2, "Had.").await.expect(200);
    app.clock.set("2026-02-16T09:32:00Z");
    run_due(&app).await;
    autosave(3, "Later.").await.expect(200);
    let kept = app
        .editor()
        .get(format!("{}/revisions/3", made.path()))
        .await
        .expect(200);
    assert_eq!(kept["article"]["deck"], "Had.");
}
