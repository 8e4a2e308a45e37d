//! Public notes on what was published.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Call, Reply, TestApp};

fn correct<'a>(app: &'a TestApp, article: &Made, note: &Value) -> Call<'a> {
    let call = app.editor().post(format!("{}/corrections", article.path()));
    call.if_match(article.revision()).json(note)
}

async fn shown(app: &TestApp, article: &Made) -> Reply {
    app.anon().get(article.public_path()).await.expect(200)
}

#[actix_web::test]
async fn a_correction_is_public_at_once_and_brings_nothing_else() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let changed = live.patch(&app, json!({"deck": "Not published."})).await;
    app.clock.advance(60);
    let block = live.json["body"][0]["id"].clone();
    let note = json!({"text": "An earlier version gave the wrong day.", "block_id": block});
    let made = correct(&app, &changed, &note).await.expect(201);
    assert_eq!((made.etag(), &made["revision"]), ("\"4\"", &json!(4)));
    let id = &made.items()[0]["id"];
    assert!(made.header("Location").unwrap().ends_with(id.as_str().unwrap()));

    let page = shown(&app, &live).await;
    assert_eq!(
        page["corrections"],
        json!([{
            "id": id, "kind": "correction", "text": "An earlier version gave the wrong day.", "block_id": block,
            "created_at": "2026-02-16T09:31:00.000Z", "updated_at": "2026-02-16T09:31:00.000Z",
        }])
    );
    assert_eq!(
        (&page["deck"], &page["updated_at"]),
        (&Value::Null, &json!("2026-02-16T09:31:00.000Z"))
    );
    assert_eq!(page["published_at"], live.json["published_at"]);
    let listed = app.anon().get("/api/v1/articles").await.expect(200);
    assert_eq!(listed.items()[0]["corrections"], page["corrections"]);
    let after = live.again(&app).await;
    assert_eq!(after.json["has_unpublished_changes"], true, "the deck waits still");
    assert_eq!(
        shown(&app, &after.act(&app, "publish").await).await["corrections"],
        page["corrections"]
    );
}

#[actix_web::test]
async fn what_had_no_unpublished_changes_has_none_afterwards() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    correct(
        &app,
        &live,
        &json!({"kind": "update", "text": "The second ferry left."}),
    )
    .await
    .expect(201);
    let after = live.again(&app).await.json;
    assert_eq!(
        (&after["has_unpublished_changes"], &after["live_revision"]),
        (&json!(false), &json!(3))
    );
    let history = app.editor().get(format!("{}/revisions", live.path())).await.expect(200);
    assert_eq!(history.items()[0]["reason"], "correct");
    assert_eq!(history.items()[0]["changed"], json!(["corrections"]));
}

#[actix_web::test]
async fn corrections_are_changed_and_removed() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let first = correct(&app, &live, &json!({"text": "First."})).await.expect(201);
    let second = correct(&app, &live.again(&app).await, &json!({"text": "Second."}))
        .await
        .expect(201);
    let path = |at: usize| {
        let id = second.items()[at]["id"].as_str().unwrap();
        format!("{}/corrections/{id}", live.path())
    };
    app.clock.advance(60);
    let call = app
        .editor()
        .patch(path(0))
        .if_match(4)
        .json(&json!({"kind": "clarification", "text": "Clearer."}));
    let changed = call.await.expect(200);
    assert_eq!(changed.etag(), "\"5\"");
    let same = app
        .editor()
        .patch(path(0))
        .if_match(5)
        .json(&json!({"text": "Clearer."}))
        .await
        .expect(200);
    assert_eq!(same.etag(), "\"5\"", "what changes nothing is no revision");
    let page = shown(&app, &live).await;
    let texts: Vec<&Value> = page["corrections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["text"])
        .collect();
    assert_eq!(texts, ["Clearer.", "Second."]);
    assert_ne!(page["corrections"][0]["updated_at"], first.items()[0]["updated_at"]);
    let rest = app.editor().delete(path(1)).if_match(5).await.expect(200);
    assert_eq!(rest.items().len(), 1);
    assert_eq!(shown(&app, &live).await["corrections"].as_array().unwrap().len(), 1);
    app.editor().delete(path(1)).if_match(6).await.refused(404, "not_found");
    let read = app
        .editor()
        .get(format!("{}/corrections", live.path()))
        .await
        .expect(200);
    assert_eq!((read.items(), read.etag()), (rest.items(), "\"6\""));
}

#[actix_web::test]
async fn no_older_revision_takes_a_correction_back() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    correct(&app, &live, &json!({"text": "Wrong day."})).await.expect(201);
    let call = app
        .editor()
        .post(live.action("revert"))
        .if_match(3)
        .json(&json!({"revision": 1}));
    assert_eq!(call.await.expect(200)["corrections"][0]["text"], "Wrong day.");
    let down = live.again(&app).await.act(&app, "unpublish").await;
    correct(&app, &down, &json!({"text": "Said while it was down."}))
        .await
        .expect(201);
    let up = live.again(&app).await.act(&app, "publish").await;
    assert_eq!(shown(&app, &up).await["corrections"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn corrections_that_are_not_right_are_refused() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    for (note, pointer, rule) in [
        (json!({}), "/text", "required"),
        (json!({"text": " "}), "/text", "too_short"),
        (json!({"text": "x", "kind": "retraction"}), "/kind", "not_allowed"),
        (json!({"text": "x", "kind": "gossip"}), "/kind", "not_allowed"),
        (
            json!({"text": "x", "block_id": "nowhere"}),
            "/block_id",
            "unknown_reference",
        ),
        (json!({"text": "x", "id": "mine"}), "/id", "unknown"),
    ] {
        let refused = correct(&app, &live, &note).await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(pointer.to_owned(), rule.to_owned())], "{note}");
    }
    let mut article = live.clone();
    for number in 0..100 {
        correct(&app, &article, &json!({"text": format!("Note {number}.")}))
            .await
            .expect(201);
        article = article.again(&app).await;
    }
    let refused = correct(&app, &article, &json!({"text": "One more."}))
        .await
        .refused(422, "invalid_body");
    assert_eq!(refused.flaws()[0].1, "too_many");
    let call = app.editor().post(format!("{}/corrections", live.path())).if_match(2);
    call.json(&json!({"text": "Late."}))
        .await
        .refused(412, "stale_revision");
    let trashed = article.trash(&app).await;
    correct(&app, &trashed, &json!({"text": "x"}))
        .await
        .refused(409, "article_in_trash");
}

#[actix_web::test]
async fn a_retraction_leaves_a_notice_where_the_story_was() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let place = live.json["canonical_url"].as_str().unwrap().to_owned();
    app.clock.advance(60);
    let notice = json!({"notice": "The story rested on a document that was forged."});
    let call = app
        .editor()
        .post(live.action("retract"))
        .if_match(live.revision())
        .json(&notice);
    let retracted = Made::article(call.await.expect(200).json());
    let told = json!({"notice": notice["notice"], "retracted_at": "2026-02-16T09:31:00.000Z"});
    for path in [
        live.public_path(),
        format!("/api/v1/articles/{}", live.short_id()),
        format!("/api/v1/articles/{}", live.slug()),
        format!("{}/related", live.public_path()),
    ] {
        let gone = app.anon().get(&path).await.refused(410, "gone");
        assert_eq!(gone["retraction"], told, "{path}");
    }
    let resolved = app
        .anon()
        .get(format!("/api/v1/resolve?path={place}"))
        .await
        .expect(200);
    assert_eq!((&resolved["type"], &resolved["retraction"]), (&json!("gone"), &told));
    assert_eq!(app.anon().get("/api/v1/articles").await.expect(200).items().len(), 0);
    assert_eq!(retracted.json["corrections"][0]["kind"], "retraction");

    let trashed = retracted.trash(&app).await;
    assert_eq!(
        app.anon().get(live.public_path()).await.refused(410, "gone")["retraction"],
        told
    );
    let again = trashed.act(&app, "restore").await.act(&app, "publish").await;
    let down = again.act(&app, "unpublish").await;
    let gone = app.anon().get(down.public_path()).await.refused(410, "gone");
    assert_eq!(
        gone["retraction"],
        Value::Null,
        "it was published again, and only taken down since"
    );
}

#[actix_web::test]
async fn a_retraction_without_a_word_is_told_as_one() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let retracted = live.act(&app, "retract").await;
    let gone = app.anon().get(live.public_path()).await.refused(410, "gone");
    assert_eq!(
        gone["retraction"],
        json!({"notice": null, "retracted_at": "2026-02-16T09:30:00.000Z"})
    );
    assert_eq!(retracted.json["corrections"], json!([]));
}

#[actix_web::test]
async fn the_notice_of_a_retraction_is_changed_and_removed_like_any_note() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let call = app
        .editor()
        .post(live.action("retract"))
        .if_match(2)
        .json(&json!({"notice": "Forgd."}));
    let retracted = call.await.expect(200);
    let id = retracted["corrections"][0]["id"].as_str().unwrap();
    let path = format!("{}/corrections/{id}", live.path());
    let kind = app
        .editor()
        .patch(&path)
        .if_match(3)
        .json(&json!({"kind": "correction"}));
    assert_eq!(kind.await.refused(422, "invalid_body").flaws()[0].0, "/kind");
    let text = json!({"kind": "retraction", "text": "Forged."});
    app.editor().patch(&path).if_match(3).json(&text).await.expect(200);
    let told = app.anon().get(live.public_path()).await.refused(410, "gone");
    assert_eq!(told["retraction"]["notice"], "Forged.");
    app.editor().delete(&path).if_match(4).await.expect(200);
    let told = app.anon().get(live.public_path()).await.refused(410, "gone");
    assert_eq!(
        (&told["retraction"]["notice"], told["retraction"].is_object()),
        (&Value::Null, true)
    );
}

#[actix_web::test]
async fn no_number_of_notes_keeps_a_story_from_being_retracted() {
    let app = TestApp::start().await;
    let mut live = make::draft(&app, "Ferry sails").published().await;
    for number in 0..100 {
        correct(&app, &live, &json!({"text": format!("Note {number}.")}))
            .await
            .expect(201);
        live = live.again(&app).await;
    }
    let call = app
        .editor()
        .post(live.action("retract"))
        .if_match(live.revision())
        .json(&json!({"notice": "Forged."}));
    assert_eq!(call.await.expect(200)["corrections"].as_array().unwrap().len(), 101);
}

#[actix_web::test]
async fn a_note_is_about_a_block_that_is_there_and_shows_where_that_is() {
    let app = TestApp::start().await;
    let block = |id: &str| json!({"type": "paragraph", "id": id, "text": [{"text": id}]});
    let live = make::draft(&app, "Ferry sails")
        .set("body", json!([block("p1"), block("p2")]))
        .published()
        .await;
    let changed = live.patch(&app, json!({"body": [block("p1"), block("new")]})).await;
    let first = correct(
        &app,
        &changed,
        &json!({"text": "Of what readers see.", "block_id": "p2"}),
    )
    .await
    .expect(201);
    let second = json!({"text": "Of what they do not.", "block_id": "new"});
    correct(&app, &live.again(&app).await, &second).await.expect(201);
    let of = |page: &Reply| -> Vec<Value> {
        let notes = page["corrections"].as_array().unwrap();
        notes.iter().map(|one| one["block_id"].clone()).collect()
    };
    assert_eq!(of(&shown(&app, &live).await), [json!("p2"), Value::Null]);
    live.again(&app).await.act(&app, "publish").await;
    assert_eq!(of(&shown(&app, &live).await), [Value::Null, json!("new")]);
    // Who sends a whole note back does not hear of a block that is gone by now.
    let id = first.items()[0]["id"].as_str().unwrap();
    let call = app.editor().patch(format!("{}/corrections/{id}", live.path()));
    let whole = json!({"kind": "correction", "text": "Reworded.", "block_id": "p2"});
    call.if_match(live.again(&app).await.revision())
        .json(&whole)
        .await
        .expect(200);
}

/// One thing says what is told: the note that is there.
#[actix_web::test]
async fn a_second_retraction_tells_the_note_that_was_kept() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Ferry sails").published().await;
    let call = app
        .editor()
        .post(live.action("retract"))
        .if_match(2)
        .json(&json!({"notice": "Forged."}));
    let retracted = Made::article(call.await.expect(200).json());
    let again = retracted.act(&app, "publish").await.act(&app, "retract").await;
    let told =
        || async { app.anon().get(live.public_path()).await.refused(410, "gone")["retraction"]["notice"].clone() };
    assert_eq!(told().await, "Forged.");
    correct(&app, &again, &json!({"text": "Said besides."}))
        .await
        .expect(201);
    assert_eq!(told().await, "Forged.");
}
