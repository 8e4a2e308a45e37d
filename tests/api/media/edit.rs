//! What editors say of media.

use serde_json::{Value, json};

use super::super::make;
use crate::support::{Person, TestApp};

const MEDIA: &str = "/api/v1/editor/media";

#[actix_web::test]
async fn a_change_is_based_on_what_was_read() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let patch = || {
        app.editor()
            .patch(made.path())
            .json(&json!({"caption": null, "creator": "A. Kivi"}))
    };
    patch().await.refused(428, "precondition_required");
    let stale = patch().if_match(1).await.refused(412, "stale_revision");
    assert_eq!(stale["current"]["revision"], 2);
    let changed = patch().if_match(2).await.expect(200);
    assert_eq!(
        (&changed["caption"], &changed["creator"], changed.etag()),
        (&Value::Null, &json!("A. Kivi"), "\"3\"")
    );
    let same = patch().if_match(3).await.expect(200);
    assert_eq!(same["revision"], 3, "a patch that changes nothing");
    let refusal = app
        .editor()
        .patch(made.path())
        .if_match(3)
        .json(&json!({"credit": "", "mime": "x"}))
        .await;
    let flaws = refusal.refused(422, "invalid_body").flaws();
    assert!(
        flaws.contains(&("/credit".into(), "too_short".into())) && flaws.contains(&("/mime".into(), "unknown".into()))
    );
}

#[actix_web::test]
async fn a_corrected_credit_is_in_the_renditions_and_their_addresses() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let after = made.patch(&app, json!({"credit": "Corrected Pictures"})).await;
    assert_ne!(made.json["src"], after.json["src"]);
    let reply = app.anon().get(after.json["src"].as_str().unwrap()).await.expect(200);
    let has = |text: &str| reply.body().windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(has("Corrected Pictures") && !has("Northlight"));
}

#[actix_web::test]
async fn another_file_takes_the_place_of_the_first_and_keeps_what_was_said() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let send = |bytes: Vec<u8>| {
        let call = app.editor().call("PUT", format!("{}/file", made.path()));
        call.header("Content-Type", "application/octet-stream").bytes(bytes)
    };
    let other = make::drawn(50, 20, image::ImageFormat::Jpeg, |_, _| [7; 3]);
    send(other.clone()).await.refused(428, "precondition_required");
    send(other.clone()).if_match(1).await.refused(412, "stale_revision");
    let after = send(other.clone()).if_match(2).await.expect(200);
    for field in ["id", "caption", "credit", "alt", "created_at"] {
        assert_eq!(after[field], made.json[field], "{field}");
    }
    assert_eq!(
        (&after["width"], &after["mime"], &after["revision"]),
        (&json!(50), &json!("image/jpeg"), &json!(3))
    );
    let now = app
        .anon()
        .get(after["original_url"].as_str().unwrap())
        .await
        .expect(200);
    assert_eq!(now.body(), other);
    send(b"%PDF-1.7\n".to_vec())
        .if_match(3)
        .await
        .refused(422, "media_refused");
    send(b"hello".to_vec())
        .if_match(3)
        .await
        .refused(415, "unsupported_media_type");
    assert_eq!(made.again(&app).await.revision(), 3);
}

#[actix_web::test]
async fn media_go_to_the_trash_and_come_back() {
    let app = TestApp::start().await;
    let made = make::photo(&app, Person::Editor).await;
    let binned = made.trash(&app).await;
    assert!(binned.json["deleted_at"].is_string());
    app.editor()
        .get(MEDIA)
        .await
        .expect(200)
        .items()
        .iter()
        .for_each(|one| assert_ne!(one["id"], made.json["id"]));
    let listed = app.editor().get(format!("{MEDIA}?trashed=true")).await.expect(200);
    assert_eq!(listed.column("id"), [made.id()]);
    let patch = app
        .editor()
        .patch(made.path())
        .if_match(binned.revision())
        .json(&json!({"caption": "x"}));
    patch.await.refused(409, "media_in_trash");
    let back = binned.act(&app, "restore").await;
    assert_eq!(back.json["deleted_at"], Value::Null);
    back.patch(&app, json!({"caption": "x"})).await;
}

#[actix_web::test]
async fn a_list_is_narrowed_by_what_is_asked_for() {
    let app = TestApp::start().await;
    let ferry = make::photo(&app, Person::Editor).await;
    let ferry = ferry
        .patch(&app, json!({"caption": "ÉCOLE at 100% of_all", "headline": "Ferry"}))
        .await;
    app.clock.advance(60);
    let storm = make::photo(&app, Person::Editor).await;
    let storm = storm.patch(&app, json!({"credit": "Storm Desk", "alt": null})).await;
    let paper = make::upload_file(&app, Person::Editor, b"%PDF-1.7\n".to_vec()).await;
    let all = [paper.id(), storm.id(), ferry.id()];
    for (query, expected) in [
        ("", &all[..]),
        ("kind=image", &all[1..]),
        ("kind=document&kind=video", &all[..1]),
        ("q=%C3%A9cole", &all[2..]),
        ("q=100%25%20of_", &all[2..]),
        ("q=100_", &[]),
        ("q=%25", &all[2..]),
        ("q=kestrel", &all[1..2]),
        ("credit=storm", &all[1..2]),
        ("unused=true", &all[..]),
        ("uploaded_after=2026-02-16T09:30:30Z", &all[..2]),
        ("limit=1&kind=image", &all[1..2]),
    ] {
        let page = app.editor().get(format!("{MEDIA}?{query}")).await.expect(200);
        assert_eq!(page.column("id"), expected, "{query}");
    }
    let first = app.editor().get(format!("{MEDIA}?limit=2")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app
        .editor()
        .get(format!("{MEDIA}?limit=2&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(
        (second.column("id"), &second["next_cursor"]),
        (vec![ferry.id()], &Value::Null)
    );
    app.editor()
        .get(format!("{MEDIA}?kind=image&cursor={cursor}"))
        .await
        .refused(400, "cursor_mismatch");
}

#[actix_web::test]
async fn reports_name_what_wants_an_eye() {
    let app = TestApp::start().await;
    let told = make::photo(&app, Person::Editor).await;
    let mute = make::upload_file(&app, Person::Editor, make::png()).await;
    let soon = make::photo(&app, Person::Editor)
        .await
        .patch(&app, json!({"rights_expire_at": "2026-03-01T00:00:00Z"}))
        .await;
    let late = make::photo(&app, Person::Editor)
        .await
        .patch(&app, json!({"rights_expire_at": "2026-12-01T00:00:00Z"}))
        .await;
    let report = |name: &str| app.editor().get(format!("/api/v1/editor/reports/{name}"));
    assert_eq!(report("missing-alt").await.expect(200).column("id"), [mute.id()]);
    assert_eq!(report("rights-expiring").await.expect(200).column("id"), [soon.id()]);
    let all = report("rights-expiring?before=2027-01-01T00:00:00Z").await.expect(200);
    assert_eq!(all.column("id"), [late.id(), soon.id()]);
    let unused = report("unused-media?limit=3").await.expect(200);
    assert_eq!(unused.column("id"), [late.id(), soon.id(), mute.id()]);
    let rest = unused["next_cursor"].as_str().unwrap();
    let rest = report(&format!("unused-media?limit=3&cursor={rest}")).await.expect(200);
    assert_eq!(rest.column("id"), [told.id()]);
}

#[actix_web::test]
async fn a_contributor_changes_what_nobody_else_has_come_to_rely_on() {
    let app = TestApp::start().await;
    let own = make::photo(&app, Person::Contributor).await;
    let patch = |made: &make::Made, caption: &str| {
        let call = app.contributor().patch(made.path()).if_match(made.revision());
        call.json(&json!({"caption": caption}))
    };
    patch(&own, "Mine").await.expect(200);
    let own = own.again(&app).await;
    let lead = json!({"media_id": own.id()});
    let mine = make::draft(&app, "Mine")
        .by(Person::Contributor)
        .set("lead_media", lead.clone())
        .ready()
        .await;
    patch(&own, "In a draft of mine").await.expect(200);
    let own = own.again(&app).await;
    make::draft(&app, "An editor's").set("lead_media", lead).ready().await;
    patch(&own, "In the draft of another").await.refused(403, "forbidden");
    let file = app
        .contributor()
        .call("PUT", format!("{}/file", own.path()))
        .if_match(own.revision());
    file.header("Content-Type", "image/png")
        .bytes(make::png())
        .await
        .refused(403, "forbidden");
    let mine = mine.again(&app).await;
    mine.act(&app, "publish").await.act(&app, "unpublish").await;
    patch(&own, "In what readers had").await.refused(403, "forbidden");
    assert_eq!(own.again(&app).await.json, own.json);
}

#[actix_web::test]
async fn a_picture_that_readers_see_keeps_a_credit() {
    let app = TestApp::start().await;
    let picture = make::photo(&app, Person::Editor).await;
    let story = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": picture.id()}))
        .published()
        .await;
    let bare = app
        .editor()
        .patch(picture.path())
        .if_match(picture.revision())
        .json(&json!({"credit": null}));
    assert_eq!(
        bare.await.refused(422, "invalid_body").flaws(),
        [("/credit".to_owned(), "required".to_owned())]
    );
    let after = picture.patch(&app, json!({"credit": "Corrected Pictures"})).await;
    let read = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(read["lead_media"]["credit"], "Corrected Pictures");
    let src = read["lead_media"]["media"]["src"].as_str().unwrap().to_owned();
    assert_eq!(
        app.anon().get(&src).await.expect(200).header("Cache-Control"),
        Some("public, max-age=31536000, immutable")
    );
    let refusal = app
        .editor()
        .delete(after.path())
        .if_match(after.revision())
        .await
        .refused(409, "in_use");
    assert_eq!(refusal["uses"][0]["id"], story.json["id"]);
    story.act(&app, "unpublish").await;
    app.anon().get(&src).await.refused(404, "not_found");
    after.patch(&app, json!({"credit": null})).await;
}

#[actix_web::test]
async fn a_new_file_brings_its_own_facts_and_leaves_what_editors_said() {
    let Some(folder) = crate::samples::samples("images") else {
        return;
    };
    let app = TestApp::start().await;
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let made = make::upload_file(
        &app,
        Person::Editor,
        read("metadata/IPTC-PhotometadataRef-Std2017.1.jpg"),
    )
    .await;
    let made = made
        .patch(&app, json!({"caption": "Ours", "focal_point": {"x": 0.2, "y": 0.2}}))
        .await;
    let call = app
        .editor()
        .call("PUT", format!("{}/file", made.path()))
        .if_match(made.revision());
    let after = call
        .header("Content-Type", "image/jpeg")
        .bytes(read("metadata/cp.jpg"))
        .await
        .expect(200);
    for (field, value) in [
        ("caption", json!("Ours")),
        ("creator", json!("Paul Chiasson")),
        ("credit", json!("The Canadian Press")),
        ("headline", Value::Null),
        ("focal_point", Value::Null),
    ] {
        assert_eq!(after[field], value, "{field}");
    }
}

#[actix_web::test]
async fn a_picture_that_no_renditions_are_made_of_is_not_published() {
    let Some(file) = crate::samples::samples("images/formats/32Bit-72dpi-sRGB-800x600.avif") else {
        return;
    };
    let app = TestApp::start().await;
    let made = make::upload_file(&app, Person::Editor, std::fs::read(file).unwrap()).await;
    let lead = json!({"media_id": made.id(), "credit": "Northlight Pictures"});
    let story = make::draft(&app, "Ferry sails").set("lead_media", lead).ready().await;
    let refusal = app
        .editor()
        .post(story.action("publish"))
        .if_match(1)
        .await
        .refused(422, "not_ready");
    assert_eq!(
        refusal.flaws(),
        [("/lead_media/media_id".to_owned(), "not_allowed".to_owned())]
    );
}

#[actix_web::test]
async fn an_editor_sees_the_pictures_of_a_draft() {
    let app = TestApp::start().await;
    let picture = make::photo(&app, Person::Editor).await;
    let story = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": picture.id()}))
        .ready()
        .await;
    app.anon()
        .get(story.json["media"][0]["src"].as_str().unwrap())
        .await
        .expect(200);
}
