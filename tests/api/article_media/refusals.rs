//! What keeps a media from being shown, and an article that shows it from being published.

use serde_json::{Value, json};

use super::{ARTICLES, NOBODY, ferry, image};
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn a_media_that_is_not_there_or_of_another_kind_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let (picture, sound, film) = (ferry(&app).await, make::sound(&app).await, make::film(&app).await);
    let trashed = ferry(&app).await;
    let trashed = trashed.trash(&app).await;
    let (unknown, kind) = ("unknown_reference", "not_allowed");
    let lead = |id: &str| json!({"lead_media": {"media_id": id}});
    let body = |block: Value| json!({"body": [paragraph("x"), block]});
    for (what, change, pointer, code) in [
        ("nobody's", lead(NOBODY), "/lead_media/media_id", unknown),
        ("one in the trash", lead(trashed.id()), "/lead_media/media_id", unknown),
        ("a sound for a picture", lead(sound.id()), "/lead_media/media_id", kind),
        (
            "nothing",
            json!({"lead_media": {"alt": "x"}}),
            "/lead_media/media_id",
            "required",
        ),
        (
            "nobody's in the body",
            body(image(&Made::article(&json!({"id": NOBODY})))),
            "/body/1/media_id",
            unknown,
        ),
        ("a film for a picture", body(image(&film)), "/body/1/media_id", kind),
        (
            "a sound in a gallery",
            body(json!({"type": "gallery", "items": [{"media_id": picture.id()}, {"media_id": sound.id()}]})),
            "/body/1/items/1/media_id",
            kind,
        ),
        (
            "within a box",
            body(json!({"type": "fact_box", "title": "x", "blocks": [image(&film)]})),
            "/body/1/blocks/0/media_id",
            kind,
        ),
        (
            "a picture for a film",
            body(json!({"type": "video", "media_id": picture.id()})),
            "/body/1/media_id",
            kind,
        ),
        (
            "a film for a sound",
            body(json!({"type": "audio", "media_id": film.id()})),
            "/body/1/media_id",
            kind,
        ),
        (
            "both",
            body(json!({"type": "video", "media_id": film.id(), "embed_url": "https://v.example/"})),
            "/body/1",
            "malformed",
        ),
        ("neither", body(json!({"type": "audio"})), "/body/1", "malformed"),
        (
            "an open address",
            body(json!({"type": "audio", "embed_url": "http://v.example/"})),
            "/body/1/embed_url",
            kind,
        ),
        (
            "an empty gallery",
            body(json!({"type": "gallery", "items": []})),
            "/body/1/items",
            "too_short",
        ),
        (
            "too many pictures",
            body(json!({"type": "gallery", "items": vec![json!({"media_id": picture.id()}); 101]})),
            "/body/1/items",
            "too_many",
        ),
        (
            "what only answers have",
            body(json!({"type": "image", "media_id": picture.id(), "media": {}})),
            "/body/1/media",
            "unknown",
        ),
        (
            "a size that there is not",
            body(json!({"type": "image", "media_id": picture.id(), "size": "huge"})),
            "/body/1/size",
            "not_allowed",
        ),
    ] {
        let mut new = change;
        new["headline"] = json!("Ferry sails");
        let refused = app
            .editor()
            .post(ARTICLES)
            .json(&new)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(pointer.to_owned(), code.to_owned())], "{what}");
    }
}

#[actix_web::test]
async fn a_body_has_so_many_media_and_no_more() {
    let app = TestApp::start().await;
    let picture = ferry(&app).await;
    let gallery = |number: usize| json!({"type": "gallery", "items": vec![json!({"media_id": picture.id()}); number]});
    let five = vec![gallery(100); 5];
    let ask = |blocks: Vec<Value>| {
        app.editor()
            .post(ARTICLES)
            .json(&json!({"headline": "Many", "body": blocks}))
    };
    ask(five.clone()).await.expect(201);
    let more = five.into_iter().chain([gallery(1)]).collect();
    let refused = ask(more).await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [("/body".to_owned(), "too_many".to_owned())]);
}

#[actix_web::test]
async fn a_picture_without_a_credit_or_whose_rights_expired_is_not_published() {
    let app = TestApp::start().await;
    let bare = make::picture(&app, json!({})).await;
    let expired = json!({"credit": "Northlight Pictures", "rights_expire_at": "2026-02-16T09:30:00Z"});
    let expired = make::picture(&app, expired).await;
    let (film, sound) = (make::film(&app).await, make::sound(&app).await);
    let story = make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": bare.id()}))
        .set(
            "body",
            json!([
                paragraph("x"), image(&expired), {"type": "gallery", "items": [{"media_id": bare.id()}]},
                {"type": "video", "media_id": film.id()}, {"type": "audio", "media_id": sound.id()},
                {"type": "video", "embed_url": "https://v.example/"},
            ]),
        )
        .ready()
        .await;
    let publish = |story: &Made| app.editor().post(story.action("publish")).if_match(story.revision());
    let refused = publish(&story).await.refused(422, "not_ready");
    let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        refused.flaws(),
        [
            at("/lead_media/credit", "required"),
            at("/body/1/media_id", "not_allowed"),
            at("/body/2/items/0/credit", "required"),
        ]
    );
    let body =
        json!([paragraph("x"), {"type": "gallery", "items": [{"media_id": bare.id(), "credit": "A passenger"}]}]);
    let story = story
        .patch(&app, json!({"lead_media": {"credit": "A passenger"}, "body": body}))
        .await;
    publish(&story).await.expect(200);
}

#[actix_web::test]
async fn a_newsroom_may_ask_for_neither_credit_nor_rights() {
    let app = TestApp::with(|config| {
        config.media.require_credit = false;
        config.media.require_rights = false;
    })
    .await;
    let picture = make::picture(&app, json!({"rights_expire_at": "2020-01-01T00:00:00Z"})).await;
    make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": picture.id()}))
        .published()
        .await;
}

#[actix_web::test]
async fn pictures_alone_are_no_story() {
    let app = TestApp::start().await;
    let picture = ferry(&app).await;
    let story = make::draft(&app, "Pictures")
        .set("body", json!([image(&picture)]))
        .ready()
        .await;
    let call = app.editor().post(story.action("publish")).if_match(1);
    assert_eq!(
        call.await.refused(422, "not_ready").flaws(),
        [("/body".to_owned(), "required".to_owned())]
    );
}

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'/>";

#[actix_web::test]
async fn a_picture_that_readers_see_does_not_become_one_that_they_cannot_see() {
    let app = TestApp::with(|config| config.media.allow_svg = true).await;
    let put = |media: &Made, bytes: Vec<u8>| {
        let call = app.editor().call("PUT", format!("{}/file", media.path()));
        let call = call.header("Content-Type", "application/octet-stream");
        call.if_match(media.revision()).bytes(bytes)
    };
    let (lead, face, draft) = (ferry(&app).await, ferry(&app).await, ferry(&app).await);
    make::draft(&app, "Ferry sails")
        .set("lead_media", json!({"media_id": lead.id()}))
        .published()
        .await;
    let who = make::contributor(&app, "Ilse Maren", "person").await;
    let who = who.patch(&app, json!({"avatar_media_id": face.id()})).await;
    make::draft(&app, "Ferry does not sail")
        .set("lead_media", json!({"media_id": draft.id()}))
        .ready()
        .await;
    for shown in [&lead, &face] {
        put(shown, SVG.to_vec()).await.refused(422, "media_refused");
        let other = make::drawn(50, 20, image::ImageFormat::Png, |x, _| [x.to_le_bytes()[0], 7, 7]);
        put(shown, other).await.expect(200);
    }
    put(&draft, SVG.to_vec()).await.expect(200);

    let call = app.editor().patch(who.path()).if_match(who.revision());
    let refused = call.json(&json!({"avatar_media_id": draft.id()})).await;
    let flaws = refused.refused(422, "invalid_body").flaws();
    assert_eq!(flaws, [("/avatar_media_id".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn a_contributor_does_not_change_what_an_editor_read_unseen() {
    let app = TestApp::start().await;
    let mine = make::photo(&app, Person::Contributor).await;
    let story = make::draft(&app, "Ferry sails")
        .by(Person::Contributor)
        .set("lead_media", json!({"media_id": mine.id(), "credit": "Me"}))
        .ready()
        .await;
    let read = story.again(&app).await;
    let put = |revision: i64, bytes: Vec<u8>| {
        let call = app.contributor().call("PUT", format!("{}/file", mine.path()));
        let call = call.header("Content-Type", "application/octet-stream");
        call.if_match(revision).bytes(bytes)
    };
    let other = make::drawn(50, 20, image::ImageFormat::Png, |x, _| [x.to_le_bytes()[0], 7, 7]);
    let changed = put(mine.revision(), other).await.expect(200);
    let publish = |revision: i64| app.editor().post(story.action("publish")).if_match(revision);
    let stale = publish(read.revision()).await.refused(412, "stale_revision");
    assert_eq!(stale["current"]["updated_by"], mine.json["created_by"]);

    let patch = |change: Value| {
        let call = app.contributor().patch(mine.path());
        call.if_match(changed["revision"].as_i64().unwrap()).json(&change)
    };
    let read = story.again(&app).await;
    patch(json!({"rights_expire_at": "2030-01-01T00:00:00Z"}))
        .await
        .expect(200);
    assert_eq!(
        story.again(&app).await.revision(),
        read.revision(),
        "no reader is shown it"
    );
    let media = mine.again(&app).await;
    app.contributor()
        .patch(mine.path())
        .if_match(media.revision())
        .json(&json!({"caption": "Another ferry."}))
        .await
        .expect(200);
    publish(read.revision()).await.refused(412, "stale_revision");
    let read = story.again(&app).await;
    assert_eq!(read.json["live_revision"], Value::Null);
    publish(read.revision()).await.expect(200);
}
