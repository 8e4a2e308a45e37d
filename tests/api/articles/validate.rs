//! What an editor should look at before a story is published.

use serde_json::{Value, json};

use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

async fn validate(app: &TestApp, article: &Made) -> Value {
    let call = app.editor().post(format!("{}/validate", article.path()));
    call.await.expect(200).json().clone()
}

/// Code, severity and place of each.
fn told(validation: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = validation["findings"].as_array().unwrap().iter();
    findings
        .map(|one| (text(&one["code"]), text(&one["severity"]), text(&one["pointer"])))
        .collect()
}

fn expected(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let own =
        |(code, severity, at): &(&str, &str, &str)| ((*code).to_owned(), (*severity).to_owned(), (*at).to_owned());
    all.iter().map(own).collect()
}

/// A story with everything wrong that can be.
async fn careless(app: &TestApp) -> Made {
    let bare = make::upload_file(app, Person::Editor, make::png()).await;
    let expired = make::photo(app, Person::Editor).await;
    expired
        .patch(app, json!({"rights_expire_at": "2026-02-01T00:00:00Z"}))
        .await;
    let draft = make::draft(app, "Not live").ready().await;
    make::draft(app, &"Long ".repeat(30))
        .set("embargo_until", "2026-03-01T00:00:00Z")
        .set("lead_media", json!({"media_id": bare.id()}))
        .set("related", json!([{"article_id": draft.id()}]))
        .set(
            "body",
            json!([
                {"type": "paragraph", "text": [{"text": "A link", "link": {"article_id": draft.id()}}]},
                {"type": "heading", "level": 3, "text": [{"text": "Too deep"}]},
                {"type": "heading", "level": 2, "text": [{"text": "Back"}]},
                {"type": "heading", "level": 4, "text": [{"text": "Too deep again"}]},
                {"type": "gallery", "items": [{"media_id": expired.id()}, {"media_id": bare.id(), "alt": "A.", "credit": "B"}]},
            ]),
        )
        .ready()
        .await
}

#[actix_web::test]
async fn everything_that_should_be_looked_at_is_told_with_its_place() {
    let app = TestApp::start().await;
    let made = careless(&app).await;
    let found = validate(&app, &made).await;
    assert_eq!(
        told(&found),
        expected(&[
            ("embargo", "error", "/embargo_until"),
            ("headline_too_long", "warning", "/headline"),
            ("missing_byline", "warning", "/byline"),
            ("missing_credit", "error", "/lead_media/credit"),
            ("missing_alt", "warning", "/lead_media/alt"),
            ("expired_rights", "error", "/body/4/items/0/media_id"),
            ("heading_skipped", "warning", "/body/1/level"),
            ("heading_skipped", "warning", "/body/3/level"),
            ("unresolved_link", "warning", "/body/0/text/0/link/article_id"),
            ("unresolved_link", "warning", "/related/0"),
        ])
    );
    assert_eq!(found["publishable"], false);
    let refused = app
        .editor()
        .post(made.action("publish"))
        .if_match(1)
        .await
        .refused(422, "not_ready");
    let places: Vec<String> = refused.flaws().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        places,
        ["/embargo_until", "/lead_media/credit", "/body/4/items/0/media_id"],
        "what is an error refuses"
    );
    assert_eq!(made.again(&app).await.json, made.json, "looking changes nothing");
}

#[actix_web::test]
async fn a_careful_story_has_nothing_to_look_at() {
    let app = TestApp::start().await;
    let photo = make::photo(&app, Person::Editor).await;
    let target = make::draft(&app, "Live").published().await;
    let story = make::wire_story(&app).await;
    let story = story
        .set("lead_media", json!({"media_id": photo.id()}))
        .set("related", json!([{"article_id": target.id()}]));
    let made = story.ready().await;
    assert_eq!(
        validate(&app, &made).await,
        json!({"revision": 1, "publishable": true, "findings": []})
    );
    let empty = make::draft(&app, "Empty").set("body", json!([])).ready().await;
    assert_eq!(told(&validate(&app, &empty).await)[0].0, "empty_body");
}

#[actix_web::test]
async fn a_newsroom_says_what_keeps_a_story_from_being_published() {
    let app = TestApp::with(|config| {
        config.publish.block = vec!["missing_byline".to_owned(), "heading_skipped".to_owned()];
        config.publish.headline_characters = 20;
        config.media.require_credit = false;
    })
    .await;
    let bare = make::upload_file(&app, Person::Editor, make::png()).await;
    let made = make::draft(&app, "A headline that is longer")
        .set("lead_media", json!({"media_id": bare.id()}))
        .set(
            "body",
            json!([paragraph("Text."), {"type": "heading", "level": 4, "text": [{"text": "Deep"}]}]),
        )
        .ready()
        .await;
    assert_eq!(
        told(&validate(&app, &made).await),
        expected(&[
            ("headline_too_long", "warning", "/headline"),
            ("missing_byline", "error", "/byline"),
            ("missing_credit", "warning", "/lead_media/credit"),
            ("missing_alt", "warning", "/lead_media/alt"),
            ("heading_skipped", "error", "/body/1/level"),
        ])
    );
    let refused = app
        .editor()
        .post(made.action("publish"))
        .if_match(1)
        .await
        .refused(422, "not_ready");
    assert_eq!(refused.flaws().len(), 2);
    let mended = json!({"byline": {"override": "From us"}, "body": [paragraph("Text.")]});
    made.patch(&app, mended).await.act(&app, "publish").await;
}

/// What can be configured is what there is.
#[test]
fn the_words_of_the_configuration_are_codes() {
    use copydesk::domain::lint::LintCode;
    let page = include_str!("../../../docs/CONFIG.md");
    for word in [
        "missing_byline",
        "missing_alt",
        "headline_too_long",
        "heading_skipped",
        "unresolved_link",
    ] {
        assert!(
            LintCode::parse(word).is_ok() && page.contains(&format!("`{word}`")),
            "{word}"
        );
    }
}

#[actix_web::test]
async fn boxes_are_looked_into_and_a_link_to_itself_leads_there() {
    let app = TestApp::with(|config| config.publish.block = vec!["unresolved_link".to_owned()]).await;
    let made = make::draft(&app, "Ferry sails")
        .set("byline", json!({"override": "From us"}))
        .ready()
        .await;
    let link = json!({"text": "This very story", "link": {"article_id": made.id()}});
    let heading = |level: u8| json!({"type": "heading", "level": level, "text": [{"text": "In a box"}]});
    let body = json!([
        {"type": "paragraph", "text": [link]},
        {"type": "fact_box", "title": "Facts", "blocks": [heading(2), heading(4)]},
    ]);
    let made = made.patch(&app, json!({ "body": body })).await;
    let found = validate(&app, &made).await;
    assert_eq!(
        told(&found),
        expected(&[("heading_skipped", "warning", "/body/1/blocks/1/level")])
    );
    let target = make::draft(&app, "Target")
        .set("byline", json!({"override": "From us"}))
        .published()
        .await;
    let linked = made
        .patch(&app, json!({"related": [{"article_id": target.id()}]}))
        .await;
    let live = linked.act(&app, "publish").await;
    target.act(&app, "unpublish").await;
    live.act(&app, "publish").await;
    let trashed = live.trash(&app).await;
    app.editor()
        .post(format!("{}/validate", trashed.path()))
        .await
        .refused(409, "article_in_trash");
}
