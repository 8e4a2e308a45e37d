//! Changes of working copies.

use serde_json::{Value, json};

use crate::make::{self, paragraph};
use crate::support::{Person, TestApp, database};

#[actix_web::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestApp::start().await;
    let before = make::wire_story(&app).await.ready().await;
    app.clock.advance(60);
    let after = before.patch(&app, json!({"deck": "A new deck.", "kicker": null})).await;

    let mut expected = before.json.clone();
    expected["deck"] = json!("A new deck.");
    expected["kicker"] = Value::Null;
    expected["revision"] = json!(2);
    expected["updated_at"] = json!("2026-02-16T09:31:00.000Z");
    assert_eq!(after.json, expected);
    assert_eq!(after.again(&app).await.json, expected);
}

#[actix_web::test]
async fn the_answer_to_a_patch_carries_the_new_etag() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Tagged").ready().await;
    let reply = app
        .editor()
        .patch(made.path())
        .if_match(1)
        .json(&json!({"deck": "x"}))
        .await
        .expect(200);
    assert_eq!((reply.etag(), &reply["revision"]), ("\"2\"", &json!(2)));
}

#[actix_web::test]
async fn a_merge_patch_is_taken_under_its_own_media_type() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Merged").ready().await;
    let call = app
        .editor()
        .patch(made.path())
        .if_match(1)
        .header("Content-Type", "application/merge-patch+json");
    assert_eq!(call.bytes(r#"{"deck":"x"}"#).await.expect(200)["deck"], "x");
}

/// Each optional field: absent leaves it, null clears it, a value sets it.
#[actix_web::test]
async fn null_clears_every_field_that_may_be_empty() {
    let app = TestApp::start().await;
    let mut article = make::wire_story(&app).await.ready().await;
    for field in [
        "short_headline",
        "seo_title",
        "seo_description",
        "deck",
        "kicker",
        "original_url",
        "distributor",
        "dateline",
        "section_id",
        "internal_note",
    ] {
        assert!(!article.json[field].is_null(), "the wire story has {field}");
        article = article.patch(&app, json!({})).await;
        assert!(!article.json[field].is_null(), "{field} stays when it is not named");
        article = article.patch(&app, json!({field: null})).await;
        assert!(article.json[field].is_null(), "{field} is cleared");
    }
    for field in ["headline", "kind", "locale", "slug", "byline", "body", "custom"] {
        let call = app
            .editor()
            .patch(article.path())
            .if_match(article.revision())
            .json(&json!({field: null}));
        let refusal = call.await.refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(format!("/{field}"), "wrong_type".to_owned())]);
    }
}

#[actix_web::test]
async fn objects_within_are_merged_and_arrays_replaced() {
    let app = TestApp::start().await;
    let article = make::wire_story(&app).await.ready().await;
    let article = article
        .patch(
            &app,
            json!({
                "dateline": {"city": "Lower Quay"},
                "distributor": {"usage_terms": null},
                "byline": {"override": "From our correspondents"},
                "custom": {"print_page": null, "desk": {"shift": "late"}},
                "body": [paragraph("One paragraph now.")],
            }),
        )
        .await
        .json;
    assert_eq!(article["dateline"]["rendered"], "LOWER QUAY, Feb 16 (Meridian Wire)");
    assert_eq!(article["distributor"]["name"], "Meridian Wire");
    assert_eq!(article["distributor"]["usage_terms"], Value::Null);
    assert_eq!(article["byline"]["text"], "From our correspondents");
    assert_eq!(article["byline"]["contributors"].as_array().map(Vec::len), Some(2));
    assert_eq!(article["custom"], json!({"desk": {"id": "world", "shift": "late"}}));
    assert_eq!(article["body"].as_array().map(Vec::len), Some(1));
}

#[actix_web::test]
async fn a_patch_that_changes_nothing_leaves_the_revision() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Unchanged").ready().await;
    app.clock.advance(60);
    for nothing in [
        json!({}),
        json!({"headline": "Unchanged"}),
        json!({"headline": "  Unchanged "}),
    ] {
        let reply = app
            .editor()
            .patch(made.path())
            .if_match(1)
            .json(&nothing)
            .await
            .expect(200);
        assert_eq!((reply.json(), reply.etag()), (&made.json, "\"1\""), "{nothing}");
    }
}

#[actix_web::test]
async fn a_change_needs_the_revision_it_was_made_on() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Versioned").ready().await;
    let made = made.patch(&app, json!({"deck": "Second."})).await;
    let path = made.path();
    for (what, tag, status, code) in [
        ("none", None, 428, "precondition_required"),
        ("any", Some("*"), 428, "precondition_required"),
        ("stale", Some("\"1\""), 412, "stale_revision"),
        ("from the future", Some("\"3\""), 412, "stale_revision"),
        ("weak", Some("W/\"2\""), 412, "stale_revision"),
        ("spelt otherwise", Some("\"02\""), 412, "stale_revision"),
        ("no tag", Some("2"), 400, "bad_request"),
        ("empty", Some(""), 400, "bad_request"),
    ] {
        for call in [
            app.editor().patch(&path).json(&json!({"deck": "Third."})),
            app.editor().delete(&path),
            app.editor().post(made.action("publish")),
            app.editor().post(made.action("unpublish")),
            app.editor().post(made.action("restore")),
        ] {
            let call = match tag {
                Some(tag) => call.header("If-Match", tag),
                None => call,
            };
            let refusal = call.await.expect(status);
            assert_eq!(refusal.code(), code, "{what}");
        }
    }
    assert_eq!(made.again(&app).await.json, made.json, "nothing was changed");
    let call = app
        .editor()
        .patch(&path)
        .header("If-Match", "\"7\", \"2\"")
        .json(&json!({"deck": "Third."}));
    assert_eq!(call.await.expect(200)["revision"], 3);
}

#[actix_web::test]
async fn a_stale_change_is_told_who_was_first() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Contested").ready().await;
    app.clock.advance(1);
    app.admin()
        .patch(made.path())
        .if_match(1)
        .json(&json!({"deck": "Mine."}))
        .await
        .expect(200);
    let call = app
        .editor()
        .patch(made.path())
        .if_match(1)
        .json(&json!({"deck": "No, mine."}));
    let refusal = call.await.refused(412, "stale_revision");
    let admin = database::user_id(Person::Admin);
    let changed = json!({"also_yours": ["deck"], "not_yours": []});
    let current =
        json!({"revision": 2, "updated_at": "2026-02-16T09:30:01.000Z", "updated_by": admin, "changed": changed});
    assert_eq!(refusal["current"], current);
}

#[actix_web::test]
async fn a_refused_patch_changes_nothing() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "As it was").ready().await;
    let patch = json!({"headline": "Changed", "kind": "gossip", "colour": "red", "deck": 7});
    let refusal = app
        .editor()
        .patch(made.path())
        .if_match(1)
        .json(&patch)
        .await
        .refused(422, "invalid_body");
    let mut flaws = refusal.flaws();
    flaws.sort();
    let expected = [
        ("/colour", "unknown"),
        ("/deck", "wrong_type"),
        ("/kind", "not_allowed"),
    ];
    assert_eq!(
        flaws,
        expected.map(|(at, rule)| (at.to_owned(), rule.to_owned())),
        "all of them at once"
    );
    assert_eq!(made.again(&app).await.json, made.json);
}

#[actix_web::test]
async fn a_slug_that_is_asked_for_is_had_as_it_is_or_not_at_all() {
    let app = TestApp::start().await;
    make::draft(&app, "Taken").ready().await;
    let other = make::draft(&app, "Other").ready().await;
    let call = app
        .editor()
        .patch(other.path())
        .if_match(1)
        .json(&json!({"slug": "taken"}));
    call.await.refused(409, "slug_taken");
    let call = app
        .editor()
        .post("/api/v1/editor/articles")
        .json(&json!({"headline": "x", "slug": "taken"}));
    call.await.refused(409, "slug_taken");
    let other = other.patch(&app, json!({"headline": "Another headline"})).await;
    assert_eq!(other.slug(), "other", "a slug does not follow the headline");
    let french = make::draft(&app, "Taken").set("locale", "fr").ready().await;
    let moved = french.patch(&app, json!({"locale": "en"})).await;
    assert_eq!(moved.slug(), "taken-2", "a language where it is taken");
}

#[actix_web::test]
async fn an_action_refuses_values_that_it_would_not_heed() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Not yet").ready().await;
    let publish = |body| {
        let path = format!("{}/actions/publish", draft.path());
        app.editor().post(path).if_match(1).json(&body)
    };
    let refused = publish(json!({"publish_at": "2030-01-01T00:00:00Z"}))
        .await
        .refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [("/publish_at".to_owned(), "unknown".to_owned())]);
    publish(json!([])).await.refused(422, "invalid_body");
    assert_eq!(draft.again(&app).await.json["status"], "draft");
    publish(json!({})).await.expect(200);
}

#[actix_web::test]
async fn an_article_that_is_not_there_is_not_found_under_any_spelling() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Here").ready().await;
    let id = made.id();
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    for name in [
        nobody,
        made.short_id(),
        made.slug(),
        &id.to_uppercase(),
        &id.replace('-', ""),
        "0",
        "%00",
        "..%2f",
    ] {
        let path = format!("/api/v1/editor/articles/{name}");
        app.editor().get(&path).await.refused(404, "not_found");
        app.editor()
            .patch(&path)
            .if_match(1)
            .json(&json!({}))
            .await
            .refused(404, "not_found");
        app.editor().delete(&path).if_match(1).await.refused(404, "not_found");
        app.editor()
            .post(format!("{path}/actions/publish"))
            .if_match(1)
            .await
            .refused(404, "not_found");
    }
    app.editor().get(made.path()).await.expect(200);
}

#[actix_web::test]
async fn a_link_does_not_tell_an_author_of_a_hidden_draft() {
    let app = TestApp::start().await;
    let hidden = make::draft(&app, "Hidden").ready().await;
    let live = make::draft(&app, "Live").published().await;
    let own = make::draft(&app, "Own").by(Person::Contributor).ready().await;
    let link = |id: &str| {
        let span = json!({"text": "x", "link": {"article_id": id}});
        let body = json!({"headline": "x", "body": [{"type": "paragraph", "text": [span]}]});
        app.contributor().post("/api/v1/editor/articles").json(&body)
    };
    let hidden = link(hidden.id()).await.refused(422, "invalid_body").flaws();
    let missing = link("019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f")
        .await
        .refused(422, "invalid_body")
        .flaws();
    assert_eq!(hidden, missing);
    link(live.id()).await.expect(201);
    link(own.id()).await.expect(201);
}
