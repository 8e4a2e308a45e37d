//! Media in articles: what may be shown where, what readers get of it, and that pages follow a media that changes.

mod refusals;

use serde_json::{Value, json};

use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp, snap};

const ARTICLES: &str = "/api/v1/editor/articles";
const NOBODY: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";

/// A picture with everything that readers are told of it.
async fn ferry(app: &TestApp) -> Made {
    let said = json!({
        "alt": "A ferry leaves a harbour.", "caption": "The Kestrel leaves.", "credit": "Northlight Pictures",
        "creator": "Ilse Maren", "usage_terms": "Not for resale.",
    });
    make::picture(app, said).await
}

fn image(media: &Made) -> Value {
    json!({"type": "image", "id": "i", "media_id": media.id(), "size": "normal"})
}

/// A story that shows the media in every place that there is.
fn everywhere<'a>(app: &'a TestApp, picture: &Made, film: &Made, sound: &Made) -> make::Story<'a> {
    let body = json!([
        paragraph("The first ferry left."),
        {"type": "image", "id": "i", "media_id": picture.id(), "caption": "Here it goes.", "size": "wide"},
        {"type": "gallery", "id": "g", "title": "In pictures", "items": [
            {"media_id": picture.id()}, {"media_id": picture.id(), "alt": "A ferry, again.", "credit": "A passenger"},
        ]},
        {"type": "video", "id": "v", "media_id": film.id(), "caption": "The crossing."},
        {"type": "audio", "id": "a", "media_id": sound.id()},
        {"type": "video", "id": "w", "embed_url": "https://video.example/1"},
    ]);
    make::draft(app, "Ferry sails")
        .set(
            "lead_media",
            json!({"media_id": picture.id(), "caption": "Leaving at last."}),
        )
        .set("body", body)
}

#[actix_web::test]
async fn readers_are_shown_each_media_whole_with_what_holds_at_its_place() {
    let app = TestApp::start().await;
    let (picture, film, sound) = (ferry(&app).await, make::film(&app).await, make::sound(&app).await);
    let live = everywhere(&app, &picture, &film, &sound).published().await;
    assert_eq!(live.json["word_count"], 4, "words under pictures are not counted");

    let read = app.anon().get(live.public_path()).await.expect(200);
    let lead = &read["lead_media"];
    assert_eq!(
        [&lead["alt"], &lead["caption"], &lead["credit"]],
        ["A ferry leaves a harbour.", "Leaving at last.", "Northlight Pictures"]
    );
    assert_eq!(
        lead["media"]["caption"], "The Kestrel leaves.",
        "the card says the media's own"
    );
    let card = &lead["media"];
    let at = |form: &str| format!("/media/{}/{form}?v={}", picture.id(), card["version"].as_str().unwrap());
    assert_eq!(card["src"], at("640.jpg"));
    assert_eq!(
        card["srcset"],
        format!(
            "{} 160w, {} 320w, {} 600w",
            at("160.webp"),
            at("320.webp"),
            at("640.webp")
        )
    );
    assert_eq!(
        card["renditions"][5],
        json!({"url": at("640.jpg"), "width": 600, "height": 400, "format": "jpeg"})
    );
    assert!(!read.text().contains("resale"), "terms stay inside");

    let block = |at: usize| &read["body"][at];
    assert_eq!(
        (&block(1)["caption"], &block(1)["credit"]),
        (&json!("Here it goes."), &json!("Northlight Pictures"))
    );
    assert_eq!(block(1)["media"], *card);
    let items = &block(2)["items"];
    assert_eq!(
        (&items[0]["alt"], &items[0]["caption"]),
        (&json!("A ferry leaves a harbour."), &json!("The Kestrel leaves."))
    );
    assert_eq!(
        (&items[1]["alt"], &items[1]["credit"]),
        (&json!("A ferry, again."), &json!("A passenger"))
    );
    assert_eq!(block(3)["media"]["kind"], "video");
    let version = block(4)["media"]["version"].as_str().unwrap();
    assert_eq!(
        block(4)["media"]["src"],
        format!("/media/{}/original.wav?v={version}", sound.id())
    );
    assert!(block(5).get("media").is_none(), "another service's is not ours to show");

    let keys: Vec<&str> = read.header("Surrogate-Key").unwrap().split(' ').collect();
    for shown in [&picture, &film, &sound] {
        let key = format!("media:{}", shown.id());
        assert_eq!(keys.iter().filter(|one| **one == key).count(), 1, "{keys:?}");
    }
    let list = app.anon().get("/api/v1/articles").await.expect(200);
    assert_eq!(list.items()[0]["lead_media"], *lead);
    assert!(
        list.header("Surrogate-Key")
            .unwrap()
            .contains(&format!("media:{}", picture.id()))
    );
}

#[actix_web::test]
async fn every_form_shows_the_media_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let (picture, film, sound) = (ferry(&app).await, make::film(&app).await, make::sound(&app).await);
    let live = everywhere(&app, &picture, &film, &sound).published().await;
    for form in ["html", "markdown"] {
        let field = format!("body_{form}");
        let read = app
            .anon()
            .get(format!("{}?body={form}", live.public_path()))
            .await
            .expect(200);
        let text = read[field.as_str()].as_str().unwrap();
        for words in ["The Kestrel leaves.", "Here it goes.", "A passenger", "640.jpg?v="] {
            assert!(text.contains(words), "{form} lacks {words}: {text}");
        }
        for (surface, shown) in [
            ("readers", read.json().clone()),
            (
                "editors",
                app.editor()
                    .get(format!("{}?body={form}", live.path()))
                    .await
                    .expect(200)
                    .json()
                    .clone(),
            ),
        ] {
            let again = live.patch(&app, json!({ field.as_str(): shown[field.as_str()] })).await;
            assert_eq!(again.json["body"], live.json["body"], "{form} of {surface}");
            assert_eq!(again.json["warnings"], json!([]), "{form} of {surface}");
            assert_eq!(
                again.revision(),
                live.revision(),
                "nothing was changed by way of {form} of {surface}"
            );
        }
    }
    let text = app
        .anon()
        .get(format!("{}?body=text", live.public_path()))
        .await
        .expect(200);
    let text = text["body_text"].as_str().unwrap();
    assert!(
        text.contains("Here it goes.") && text.contains("In pictures\nThe Kestrel leaves."),
        "{text}"
    );
}

#[actix_web::test]
async fn a_body_without_media_is_sent_as_it_was_written() {
    let app = TestApp::start().await;
    let picture = ferry(&app).await;
    let live = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": picture.id()}))
        .published()
        .await;
    let read = app.anon().get(live.public_path()).await.expect(200);
    assert_eq!(read["body"], live.json["body"]);
    assert!(read.header("Last-Modified").is_some());
}

#[actix_web::test]
async fn a_lead_media_is_merged_field_by_field() {
    let app = TestApp::start().await;
    let (one, other) = (ferry(&app).await, ferry(&app).await);
    let story = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": one.id(), "alt": "A", "caption": "C"}))
        .ready()
        .await;
    assert_eq!(story.json["media"][0]["id"], one.id());
    let story = story
        .patch(&app, json!({"lead_media": {"alt": null, "credit": "D"}}))
        .await;
    let lead = json!({"media_id": one.id(), "alt": null, "caption": "C", "credit": "D"});
    assert_eq!(story.json["lead_media"], lead);
    let story = story.patch(&app, json!({"lead_media": {"media_id": other.id()}})).await;
    let lead = json!({"media_id": other.id(), "alt": null, "caption": null, "credit": null});
    assert_eq!(
        story.json["lead_media"], lead,
        "what was said of one picture is not said of another"
    );
    assert_eq!(story.json["media"][0]["id"], other.id());
    let listed = app.editor().get(ARTICLES).await.expect(200);
    assert_eq!(listed.items()[0]["media"][0]["id"], other.id());
    let story = story.patch(&app, json!({"lead_media": null})).await;
    assert_eq!(
        (&story.json["lead_media"], &story.json["media"]),
        (&Value::Null, &json!([]))
    );
}

#[actix_web::test]
async fn pictures_in_html_become_blocks_where_they_are_ours() {
    let app = TestApp::start().await;
    let (picture, film) = (ferry(&app).await, make::film(&app).await);
    let html = format!(
        "<p>a</p><figure><img src='https://cdn.example/media/{0}/640.jpg?v=1' alt='A ferry leaves a harbour.'>\
         <figcaption>Our words <small>Northlight Pictures</small></figcaption></figure>\
         <img src='/media/{NOBODY}/640.jpg' title='Whose words?'><img src='/media/{1}/original.mp4'>",
        picture.id(),
        film.id()
    );
    let new = json!({"headline": "Pasted", "body_html": html});
    let made = app.editor().post(ARTICLES).json(&new).await.expect(201);
    let mut body = made["body"].clone();
    for block in body.as_array_mut().unwrap() {
        block.as_object_mut().unwrap().remove("id");
    }
    let kept = json!({"type": "image", "media_id": picture.id(), "caption": "Our words", "size": "normal"});
    assert_eq!(body, json!([paragraph("a"), kept, paragraph("Whose words?")]));
    let warning = &made["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["name"], &warning["count"]),
        (&json!("element_dropped"), &json!("data-media-id"), &json!(2))
    );
    let strict = app
        .editor()
        .post(ARTICLES)
        .header("Prefer", "handling=strict")
        .json(&new)
        .await;
    strict.refused(422, "invalid_body");
}

#[actix_web::test]
async fn live_pages_follow_a_media_that_changes_and_keep_what_was_written_for_them() {
    let app = TestApp::start().await;
    let (picture, film, sound) = (ferry(&app).await, make::film(&app).await, make::sound(&app).await);
    let live = everywhere(&app, &picture, &film, &sound).published().await;
    let before = app.anon().get(live.public_path()).await.expect(200);
    app.clock.advance(60);
    let picture = picture
        .patch(
            &app,
            json!({"caption": "Corrected.", "alt": "A ship.", "creator": "Somebody else"}),
        )
        .await;

    let after = app.anon().get(live.public_path()).await.expect(200);
    assert_eq!(
        (&after["lead_media"]["caption"], &after["lead_media"]["alt"]),
        (&json!("Leaving at last."), &json!("A ship."))
    );
    assert_eq!(after["body"][2]["items"][0]["caption"], "Corrected.");
    assert_ne!(
        after["lead_media"]["media"]["version"], before["lead_media"]["media"]["version"],
        "who made it is written into renditions"
    );
    assert_ne!(after.header("Last-Modified"), before.header("Last-Modified"));
    assert_eq!(after["updated_at"], before["updated_at"]);
    let unseen = json!({"rights_expire_at": "2027-01-01T00:00:00Z", "filename": "other.jpg"});
    picture.patch(&app, unseen).await;
    let same = app.anon().get(live.public_path()).await.expect(200);
    assert_eq!(
        same.etag(),
        after.etag(),
        "what readers are not told of changes no page"
    );
    let again = live.again(&app).await;
    assert_eq!(again.revision(), live.revision());
    assert_eq!(again.json["media"][0]["caption"], "Corrected.");
}

#[actix_web::test]
async fn what_shows_a_media_is_known_from_the_moment_it_does() {
    let app = TestApp::start().await;
    let picture = ferry(&app).await;
    let uses = async || {
        let found = app.editor().get(format!("{}/usages", picture.path())).await.expect(200);
        let named = |one: &Value| format!("{} {}", one["type"].as_str().unwrap(), one["name"].as_str().unwrap());
        found.items().iter().map(named).collect::<Vec<_>>()
    };
    assert!(uses().await.is_empty());
    let story = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": picture.id(), "credit": "X"}))
        .published()
        .await;
    assert_eq!(uses().await, ["article Ferry sails"]);
    let story = story
        .patch(&app, json!({"lead_media": null, "headline": "Not yet told"}))
        .await;
    assert_eq!(
        uses().await,
        ["live_article Ferry sails"],
        "readers still see it, under the headline that they see"
    );
    let call = app.editor().delete(picture.path()).if_match(picture.revision());
    call.await.refused(409, "in_use");
    let story = story.act(&app, "publish").await;
    assert!(uses().await.is_empty());
    let inside = json!({"type": "fact_box", "title": "x", "blocks": [image(&picture)]});
    let story = story.patch(&app, json!({"body": [paragraph("x"), inside]})).await;
    let copy = app
        .editor()
        .post(format!("{}/translations", story.path()))
        .json(&json!({"locale": "fr"}))
        .await
        .expect(201);
    assert_eq!(uses().await.len(), 2);
    Made::article(copy.json()).trash(&app).await;
    assert_eq!(uses().await.len(), 2, "what is in the trash can come back");
    let who = make::contributor(&app, "Ansa Kivi", "person").await;
    let who = who.patch(&app, json!({"avatar_media_id": picture.id()})).await;
    assert_eq!(uses().await.last().unwrap(), "contributor Ansa Kivi");
    let other = make::contributor(&app, "A. Kivi", "person").await;
    who.again(&app).await.merge(&app, &other).await;
    assert_eq!(uses().await.len(), 2);
}

#[actix_web::test]
async fn a_contributor_is_shown_with_a_picture() {
    let app = TestApp::start().await;
    let (picture, sound) = (ferry(&app).await, make::sound(&app).await);
    let who = make::contributor(&app, "Ansa Kivi", "person").await;
    for (id, code) in [(NOBODY, "unknown_reference"), (sound.id(), "not_allowed")] {
        let call = app
            .editor()
            .patch(who.path())
            .if_match(1)
            .json(&json!({"avatar_media_id": id}));
        let refused = call.await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [("/avatar_media_id".to_owned(), code.to_owned())]);
    }
    let who = who.patch(&app, json!({"avatar_media_id": picture.id()})).await;
    let read = app.anon().get(who.public_path()).await.expect(200);
    snap("contributor_with_picture", &without_version(read.json()));
    let key = format!("media:{}", picture.id());
    assert!(read.header("Surrogate-Key").unwrap().contains(&key));
    let list = app.anon().get("/api/v1/contributors").await.expect(200);
    assert_eq!(list.items()[0]["avatar"], read["avatar"]);
    assert!(list.header("Surrogate-Key").unwrap().contains(&key));
    picture.patch(&app, json!({"alt": "A face."})).await;
    assert_eq!(
        app.anon().get(who.public_path()).await.expect(200)["avatar"]["alt"],
        "A face."
    );
    let call = app.editor().delete(who.path()).if_match(who.revision());
    call.await.expect(204);
    let uses = app.editor().get(format!("{}/usages", picture.path())).await.expect(200);
    assert!(uses.items().is_empty());
}

/// Without what differs from run to run and is told by no name.
fn without_version(answer: &Value) -> Value {
    let version = answer["avatar"]["version"].as_str().unwrap();
    let id = answer["avatar"]["id"].as_str().unwrap();
    let text = answer
        .to_string()
        .replace(version, "[version]")
        .replace(&format!("/{id}/"), "/[id]/");
    let mut bare: Value = serde_json::from_str(&text).unwrap();
    bare["avatar"]["placeholder"] = json!("[placeholder]");
    bare
}

#[actix_web::test]
async fn an_author_may_show_any_media_and_learns_of_no_draft_by_it() {
    let app = TestApp::start().await;
    let picture = ferry(&app).await;
    make::draft(&app, "A colleague's")
        .set("lead_media", json!({"media_id": picture.id()}))
        .ready()
        .await;
    let mine = make::draft(&app, "Mine").by(Person::Contributor);
    mine.set("lead_media", json!({"media_id": picture.id()})).ready().await;
    let uses = app
        .contributor()
        .get(format!("{}/usages", picture.path()))
        .await
        .expect(200);
    assert_eq!(uses.items().len(), 1);
    assert_eq!(uses.items()[0]["name"], "Mine");
}
