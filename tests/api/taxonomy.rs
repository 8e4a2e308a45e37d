//! Sections, contributors and tags, for editors and for readers.

use serde_json::{Value, json};

use crate::make::{self, KINDS, Made};
use crate::support::{TestApp, snap};

#[actix_web::test]
async fn a_section_is_made_and_read() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let body = json!({
        "name": "The Strait", "slug": "strait", "description": "Ferries.", "parent_id": world.id(), "position": 2,
    });
    let made = app
        .editor()
        .post("/api/v1/editor/sections")
        .json(&body)
        .await
        .expect(201);
    snap("section_for_editors", made.json());
    let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
    assert_eq!((read.json(), read.etag(), made.etag()), (made.json(), "\"1\"", "\"1\""));
    snap(
        "section",
        app.anon().get("/api/v1/sections/strait").await.expect(200).json(),
    );
}

#[actix_web::test]
async fn a_contributor_is_made_and_read() {
    let app = TestApp::start().await;
    let body = json!({
        "name": "Meridian Wire", "kind": "organisation", "bio": "An invented agency.", "url": "https://wire.example/",
    });
    let made = app
        .editor()
        .post("/api/v1/editor/contributors")
        .json(&body)
        .await
        .expect(201);
    snap("contributor_for_editors", made.json());
    let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
    assert_eq!((read.json(), read.etag(), made.etag()), (made.json(), "\"1\"", "\"1\""));
    snap(
        "contributor",
        app.anon()
            .get("/api/v1/contributors/meridian-wire")
            .await
            .expect(200)
            .json(),
    );
}

#[actix_web::test]
async fn a_tag_is_made_and_read() {
    let app = TestApp::start().await;
    let body = json!({"name": "Ferries", "description": "Crossings of the strait."});
    let made = app.editor().post("/api/v1/editor/tags").json(&body).await.expect(201);
    snap("tag_for_editors", made.json());
    let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
    assert_eq!((read.json(), read.etag(), made.etag()), (made.json(), "\"1\"", "\"1\""));
    snap("tag", app.anon().get("/api/v1/tags/ferries").await.expect(200).json());
}

#[actix_web::test]
async fn a_wrong_value_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    for (kind, field, value, rule) in [
        ("sections", "name", json!(""), "too_short"),
        ("sections", "name", json!("x".repeat(201)), "too_long"),
        ("sections", "slug", json!("a--b"), "malformed"),
        ("sections", "description", json!("a\u{0}"), "control_character"),
        ("sections", "parent_id", json!(nobody), "unknown_reference"),
        ("sections", "parent_id", json!("world"), "malformed"),
        ("sections", "position", json!(-1), "out_of_range"),
        ("sections", "position", json!(10_001), "out_of_range"),
        ("sections", "position", json!("1"), "wrong_type"),
        ("sections", "id", json!(nobody), "unknown"),
        ("contributors", "kind", json!("robot"), "not_allowed"),
        ("contributors", "url", json!("mailto:a@b.example"), "not_allowed"),
        ("contributors", "bio", json!("x".repeat(5001)), "too_long"),
        ("contributors", "email", json!("a@b.example"), "unknown"),
        ("tags", "name", json!("a\u{7}"), "control_character"),
        ("tags", "slug", json!("Ferries"), "malformed"),
        ("tags", "description", json!("x".repeat(1001)), "too_long"),
        ("tags", "parent_id", json!(nobody), "unknown"),
    ] {
        let mut body = json!({"name": "Good"});
        body[field] = value.clone();
        let call = app.editor().post(format!("/api/v1/editor/{kind}")).json(&body);
        let refusal = call.await.refused(422, "invalid_body");
        assert_eq!(
            refusal.flaws(),
            [(format!("/{field}"), rule.to_owned())],
            "{kind} {field}: {value}"
        );
    }
    for kind in KINDS {
        let refusal = app
            .editor()
            .post(format!("/api/v1/editor/{kind}"))
            .json(&json!({}))
            .await;
        assert_eq!(
            refusal.refused(422, "invalid_body").flaws(),
            [("/name".to_owned(), "required".to_owned())]
        );
    }
}

#[actix_web::test]
async fn a_slug_belongs_to_one() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let path = format!("/api/v1/editor/{kind}");
        app.editor()
            .post(&path)
            .json(&json!({"name": "Taken"}))
            .await
            .expect(201);
        app.editor()
            .post(&path)
            .json(&json!({"name": "Taken", "slug": "taken"}))
            .await
            .refused(409, "slug_taken");
        let namesake = app
            .editor()
            .post(&path)
            .json(&json!({"name": "Taken"}))
            .await
            .expect(201);
        assert_eq!(namesake["slug"], "taken-2");
        let other = app
            .editor()
            .post(&path)
            .json(&json!({"name": "Other"}))
            .await
            .expect(201);
        let call = app
            .editor()
            .patch(other.header("Location").unwrap())
            .if_match(1)
            .json(&json!({"slug": "taken"}));
        call.await.refused(409, "slug_taken");
    }
}

#[actix_web::test]
async fn a_change_needs_the_revision_it_was_made_on() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let made = make::one(&app, kind, "Versioned").await;
        for call in [
            app.editor().patch(made.path()).json(&json!({"name": "New"})),
            app.editor().delete(made.path()),
        ] {
            call.await.refused(428, "precondition_required");
        }
        let made = made.patch(&app, json!({"name": "Second"})).await;
        assert_eq!(made.revision(), 2);
        let same = made.patch(&app, json!({"name": " Second "})).await;
        assert_eq!(same.json, made.json, "a patch that changes nothing");
        for call in [
            app.editor().patch(made.path()).json(&json!({"name": "New"})),
            app.editor().delete(made.path()),
        ] {
            let refusal = call.if_match(1).await.refused(412, "stale_revision");
            assert_eq!(refusal["current"]["revision"], 2);
        }
        app.editor().delete(made.path()).if_match(2).await.expect(204);
        app.editor().get(made.path()).await.refused(404, "not_found");
        app.anon().get(made.public_path()).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn null_clears_every_field_that_may_be_empty() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let section = make::subsection(&app, "Sea", &world)
        .await
        .patch(&app, json!({"description": "Ships."}))
        .await;
    let bare = section
        .patch(&app, json!({"description": null, "parent_id": null}))
        .await
        .json;
    assert_eq!((&bare["description"], &bare["parent_id"]), (&Value::Null, &Value::Null));
    let wire = make::contributor(&app, "Meridian Wire", "organisation").await;
    let wire = wire
        .patch(&app, json!({"bio": "An agency.", "url": "https://wire.example/"}))
        .await;
    let bare = wire.patch(&app, json!({"bio": null, "url": null})).await.json;
    assert_eq!((&bare["bio"], &bare["url"]), (&Value::Null, &Value::Null));
    let ferries = make::tag(&app, "Ferries").await;
    let ferries = ferries.patch(&app, json!({"description": "Crossings."})).await;
    let bare = ferries.patch(&app, json!({"description": null})).await.json;
    assert_eq!(bare["description"], Value::Null);
}

#[actix_web::test]
async fn sections_form_a_tree_without_circles_and_not_too_deep() {
    let app = TestApp::start().await;
    let mut chain = vec![make::section(&app, "Level 1").await];
    for level in 2..=8 {
        chain.push(make::subsection(&app, &format!("Level {level}"), &chain[level - 2]).await);
    }
    let refused = |parent: &Made, rule: &str| (json!({"parent_id": parent.id()}), rule.to_owned());
    for (section, (change, rule)) in [
        (&chain[0], refused(&chain[0], "not_allowed")),
        (&chain[0], refused(&chain[3], "not_allowed")),
        (&make::section(&app, "Extra").await, refused(&chain[7], "out_of_range")),
    ] {
        let refusal = app
            .editor()
            .patch(section.path())
            .if_match(1)
            .json(&change)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [("/parent_id".to_owned(), rule)]);
    }
    let deepest = app.anon().get(chain[7].public_path()).await.expect(200);
    let above: Vec<_> = deepest["ancestors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["name"].clone())
        .collect();
    assert_eq!(
        above,
        (1..=7).map(|level| json!(format!("Level {level}"))).collect::<Vec<_>>()
    );
}

#[actix_web::test]
async fn what_is_in_use_is_not_deleted() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.ready().await;
    let world = make::section(&app, "World").await;
    let wire = make::contributor(&app, "Meridian Wire", "organisation").await;
    let strait = make::subsection(&app, "The Strait", &world).await;
    let article = json!({"type": "article", "id": story.id(), "name": story.json["headline"]});
    let child = json!({"type": "section", "id": strait.id(), "name": "The Strait"});
    let ferries = make::tag(&app, "Ferries").await;
    for (made, uses) in [
        (&world, json!([child, article])),
        (&wire, json!([article])),
        (&ferries, json!([article])),
    ] {
        let refusal = app
            .editor()
            .delete(made.path())
            .if_match(1)
            .await
            .refused(409, "in_use");
        assert_eq!(refusal["uses"], uses);
        made.again(&app).await;
    }
    story
        .patch(
            &app,
            json!({"section_id": null, "byline": {"contributors": []}, "tag_ids": []}),
        )
        .await;
    app.editor().delete(ferries.path()).if_match(1).await.expect(204);
    app.editor().delete(wire.path()).if_match(1).await.expect(204);
    app.editor().delete(strait.path()).if_match(1).await.expect(204);
    app.editor().delete(world.path()).if_match(1).await.expect(204);
}

#[actix_web::test]
async fn a_new_name_reaches_the_live_pages_that_show_it() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.published().await;
    let story = story.patch(&app, json!({"headline": "Not yet for readers"})).await;
    let before = app.anon().get(story.public_path()).await.expect(200);
    app.clock.advance(3600);
    let wire = make::contributor(&app, "Meridian Wire", "organisation").await;
    wire.patch(&app, json!({"name": "Meridian News", "slug": "meridian-news"}))
        .await;
    make::section(&app, "World")
        .await
        .patch(&app, json!({"name": "Abroad"}))
        .await;
    make::tag(&app, "Ferries")
        .await
        .patch(&app, json!({"name": "Ferries and ports", "slug": "ports"}))
        .await;

    let after = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(after["byline"]["text"], "By Meridian News");
    assert_eq!(after["byline"]["contributors"][0]["slug"], "meridian-news");
    assert_eq!(after["section"]["name"], "Abroad");
    assert_eq!(after["tags"][1]["name"], "Ferries and ports");
    assert_eq!(after["tags"][1]["slug"], "ports");
    assert_eq!(after["tags"][0], before["tags"][0]);
    assert_ne!(after.etag(), before.etag());
    for same in ["headline", "body", "path", "published_at", "distributor"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!(
        story.again(&app).await.revision(),
        story.revision(),
        "the working copies are not written"
    );
}

#[actix_web::test]
async fn lists_go_by_slug_and_page_through() {
    let app = TestApp::start().await;
    for kind in KINDS {
        for name in ["Delta", "Alpha", "Echo", "Bravo", "Charlie"] {
            make::one(&app, kind, name).await;
        }
        for path in [format!("/api/v1/{kind}"), format!("/api/v1/editor/{kind}")] {
            let (mut slugs, mut query) = (Vec::new(), "limit=2".to_owned());
            loop {
                let page = app.editor().get(format!("{path}?{query}")).await.expect(200);
                slugs.extend(page.column("slug").into_iter().map(str::to_owned));
                let Some(cursor) = page["next_cursor"].as_str() else {
                    break;
                };
                query = format!("limit=2&cursor={cursor}");
            }
            assert_eq!(slugs, ["alpha", "bravo", "charlie", "delta", "echo"], "{path}");
            app.editor()
                .get(format!("{path}?cursor=x"))
                .await
                .refused(400, "bad_cursor");
            let refusal = app
                .editor()
                .get(format!("{path}?order=name"))
                .await
                .refused(400, "unknown_parameter");
            assert_eq!(refusal.flaws(), [("order".to_owned(), "unknown".to_owned())]);
        }
    }
    let page = app.anon().get("/api/v1/sections?limit=1").await.expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    app.anon()
        .get(format!("/api/v1/contributors?cursor={cursor}"))
        .await
        .refused(400, "cursor_mismatch");
}

#[actix_web::test]
async fn what_cannot_be_a_name_is_not_found() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let made = make::one(&app, kind, "Here").await;
        for name in ["none", "Here", "%00", "%ff", "a%2fb", made.id()] {
            app.anon()
                .get(format!("/api/v1/{kind}/{name}"))
                .await
                .refused(404, "not_found");
        }
        for name in [
            "here",
            "0",
            &made.id().to_uppercase(),
            "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f",
        ] {
            app.editor()
                .get(format!("/api/v1/editor/{kind}/{name}"))
                .await
                .refused(404, "not_found");
        }
    }
}
