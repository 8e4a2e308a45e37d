//! Going live and being taken down.

use serde_json::{Value, json};

use crate::make::{self, paragraph};
use crate::support::{TestApp, snap};

#[actix_web::test]
async fn publishing_makes_a_story_readable_as_it_was_at_that_moment() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.ready().await;
    app.anon().get(story.public_path()).await.refused(404, "not_found");

    app.clock.advance(60);
    let story = story.act(&app, "publish").await;
    snap("wire_story_published_working_copy", &story.json);
    let read = app.anon().get(story.public_path()).await.expect(200);
    snap("wire_story", read.json());

    let story = story
        .patch(
            &app,
            json!({"headline": "Not yet for readers", "body": [paragraph("Nor this.")]}),
        )
        .await;
    assert_eq!(story.json["has_unpublished_changes"], true);
    let again = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!((again.json(), again.etag()), (read.json(), read.etag()));
}

#[actix_web::test]
async fn publishing_again_replaces_the_edition_and_keeps_the_address() {
    let app = TestApp::start().await;
    let first = make::draft(&app, "First words").published().await;
    let before = app.anon().get(first.public_path()).await.expect(200);
    app.clock.set("2026-03-01T00:00:00Z");
    let second = first
        .patch(&app, json!({"headline": "Second words", "slug": "second-words"}))
        .await;
    let second = second.act(&app, "publish").await;
    let after = app.anon().get(first.public_path()).await.expect(200);

    assert_eq!(
        (&before["headline"], &after["headline"]),
        (&json!("First words"), &json!("Second words"))
    );
    assert_ne!(before.etag(), after.etag());
    assert_eq!(
        after["published_at"], before["published_at"],
        "a new edition does not move it"
    );
    assert_eq!(after["updated_at"], "2026-03-01T00:00:00.000Z");
    let short_id = second.short_id();
    assert_eq!(
        after["path"],
        format!("/2026/02/16/second-words-{short_id}"),
        "the date is the first one"
    );
    let all = app.anon().get("/api/v1/articles?count=true").await.expect(200);
    assert_eq!(all["total"], 1);
}

#[actix_web::test]
async fn publishing_what_is_live_already_changes_nothing() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Once is enough").published().await;
    app.clock.advance(60);
    assert_eq!(live.act(&app, "publish").await.json, live.json);
}

#[actix_web::test]
async fn publishing_moves_the_revision() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Counted").ready().await;
    let reply = app.editor().post(draft.action("publish")).if_match(1).await.expect(200);
    let told = |name: &str| reply[name].clone();
    assert_eq!(reply.etag(), "\"2\"");
    assert_eq!(
        [told("status"), told("revision"), told("live_revision")],
        [json!("published"), json!(2), json!(2)]
    );
    assert_eq!(told("has_unpublished_changes"), json!(false));
    app.editor()
        .post(draft.action("publish"))
        .if_match(1)
        .await
        .refused(412, "stale_revision");
}

#[actix_web::test]
async fn a_story_without_text_is_not_published() {
    let app = TestApp::start().await;
    for (what, body) in [
        ("no blocks", json!([])),
        ("empty blocks", json!([{"type": "paragraph", "text": []}])),
        ("blanks", json!([paragraph("  "), paragraph("\n\t")])),
    ] {
        let draft = make::draft(&app, "Silence").set("body", body).ready().await;
        let refusal = app
            .editor()
            .post(draft.action("publish"))
            .if_match(1)
            .await
            .refused(422, "not_ready");
        assert_eq!(refusal.flaws(), [("/body".to_owned(), "required".to_owned())], "{what}");
        assert_eq!(draft.again(&app).await.json, draft.json, "{what}");
        app.anon().get(draft.public_path()).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn unpublishing_takes_the_story_from_readers_and_keeps_it_for_editors() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Taken down").published().await;
    let down = live.act(&app, "unpublish").await;
    assert_eq!(
        (&down.json["status"], &down.json["live_revision"]),
        (&json!("unpublished"), &Value::Null)
    );
    for name in [live.id(), live.short_id(), live.slug()] {
        app.anon()
            .get(format!("/api/v1/articles/{name}"))
            .await
            .refused(410, "gone");
    }
    assert!(app.anon().get("/api/v1/articles").await.expect(200).items().is_empty());

    app.clock.set("2026-02-20T08:00:00Z");
    let back = down.act(&app, "publish").await.json;
    assert_eq!(back["first_published_at"], "2026-02-16T09:30:00.000Z");
    assert_eq!(back["published_at"], "2026-02-20T08:00:00.000Z");
    app.anon().get(live.public_path()).await.expect(200);
}

#[actix_web::test]
async fn only_what_is_live_can_be_taken_down() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Never live").ready().await;
    let down = make::draft(&app, "Down already")
        .published()
        .await
        .act(&app, "unpublish")
        .await;
    for (what, article, allowed) in [
        ("a draft", draft, json!(["submit", "schedule", "publish"])),
        ("one taken down", down, json!(["schedule", "publish", "retract"])),
    ] {
        let call = app
            .editor()
            .post(article.action("unpublish"))
            .if_match(article.revision());
        let refusal = call.await.refused(409, "move_not_allowed");
        assert_eq!(refusal["allowed"], allowed, "{what}");
        assert_eq!(article.again(&app).await.revision(), article.revision(), "{what}");
    }
}

#[actix_web::test]
async fn a_link_to_an_article_follows_it_while_it_is_live() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").ready().await;
    let link = json!({"type": "paragraph", "id": "p1", "text": [
        {"text": "See "}, {"text": "the timetable", "link": {"article_id": target.id()}}, {"text": "."},
    ]});
    let story = make::draft(&app, "Ferry sails")
        .set("body", json!([link]))
        .published()
        .await;
    let spans = || async { app.anon().get(story.public_path()).await.expect(200)["body"][0]["text"].clone() };

    assert_eq!(
        spans().await,
        json!([{"text": "See the timetable."}]),
        "no link to what is not live"
    );
    let target = target.act(&app, "publish").await;
    let address = app.anon().get(target.public_path()).await.expect(200)["canonical_url"].clone();
    assert_eq!(
        spans().await[1]["link"],
        json!({"url": address, "article_id": target.id()})
    );

    let target = target
        .patch(&app, json!({"slug": "new-timetable"}))
        .await
        .act(&app, "publish")
        .await;
    let address = app.anon().get(target.public_path()).await.expect(200)["canonical_url"].clone();
    assert!(address.as_str().unwrap().contains("new-timetable"));
    assert_eq!(spans().await[1]["link"]["url"], address);
    let target = target.act(&app, "unpublish").await;
    assert_eq!(spans().await, json!([{"text": "See the timetable."}]));
    // The database forgets what led to it; the text was written before that.
    let call = app.admin().delete(format!("{}?permanent=true", target.path()));
    call.if_match(target.revision()).await.expect(204);
    assert_eq!(spans().await, json!([{"text": "See the timetable."}]));
}
