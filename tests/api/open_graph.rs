//! What is shown of a story that is shared.

use serde_json::{Value, json};

use crate::make;
use crate::support::{Person, TestApp};

async fn told(app: &TestApp, path: &str) -> Value {
    let page = app.anon().get(path).await.expect(200);
    assert_eq!(page["open_graph"]["url"], page["canonical_url"]);
    page["open_graph"].clone()
}

#[actix_web::test]
async fn a_page_says_all_that_is_shown_of_it_elsewhere() {
    let app = TestApp::with(|config| {
        config.site.name = "The Strait Courier".to_owned();
        config.site.url = "https://news.example".to_owned();
    })
    .await;
    let drawn = make::drawn(2000, 1000, image::ImageFormat::Jpeg, |_, _| [40, 99, 140]);
    let photo = make::upload_file(&app, Person::Editor, drawn).await;
    let photo = photo
        .patch(&app, json!({"alt": "A pier.", "credit": "Northlight Pictures"}))
        .await;
    let lead = json!({"media_id": photo.id(), "alt": "A pier at dawn."});
    let story = make::wire_story(&app)
        .await
        .set("locale", "pt-BR")
        .set("lead_media", lead);
    let story = story.published().await;
    let found = told(&app, &story.public_path()).await;
    let image = found["image"]["url"].as_str().unwrap();
    assert!(
        image.starts_with(&format!("https://news.example/media/{}/1280.jpg?v=", photo.id())),
        "{image}"
    );
    let bytes = app
        .anon()
        .get(image.strip_prefix("https://news.example").unwrap())
        .await
        .expect(200);
    assert_eq!(bytes.header("Content-Type"), found["image"]["type"].as_str());
    let expected = json!({
        "title": "Strait ferry resumes after storm",
        "description": "The first ferry in nine days left Port Aldous on Monday.",
        "type": "article",
        "url": found["url"],
        "site_name": "The Strait Courier",
        "locale": "pt_BR",
        "image": {"url": image, "width": 1280, "height": 640, "alt": "A pier at dawn.", "type": "image/jpeg"},
        "published_time": "2026-02-16T09:30:00.000Z",
        "modified_time": "2026-02-16T09:30:00.000Z",
        "section": "World",
        "tags": ["Winter storm", "Ferries"],
        "authors": [{"name": "Meridian Wire", "url": null}],
    });
    assert_eq!(found, expected);
    let path = found["url"].as_str().unwrap();
    let there = app.anon().get(format!("/api/v1/resolve?path={path}")).await.expect(200);
    assert_eq!(there["article"]["open_graph"], found);
    let list = app.anon().get("/api/v1/articles").await.expect(200);
    assert!(list.items()[0].get("open_graph").is_none());
    // A change moves the second time only.
    app.clock.advance(60);
    let story = story
        .patch(&app, json!({"seo_title": "Ferry"}))
        .await
        .act(&app, "publish")
        .await;
    let later = told(&app, &story.public_path()).await;
    assert_eq!(later["published_time"], "2026-02-16T09:30:00.000Z");
    assert_eq!(
        (&later["modified_time"], &later["title"]),
        (&json!("2026-02-16T09:31:00.000Z"), &json!("Ferry"))
    );
}

#[actix_web::test]
async fn what_nobody_wrote_for_it_is_taken_from_the_story() {
    let app = TestApp::start().await;
    let body = json!([
        {"type": "heading", "level": 2, "text": [{"text": "Not this"}]},
        make::paragraph("The harbour was\nquiet."),
        {"type": "divider"},
        make::paragraph("Nobody sailed."),
    ]);
    let plain = make::draft(&app, "Quiet").set("body", body).published().await;
    for query in ["", "?body=none", "?body=html"] {
        let found = told(&app, &format!("{}{query}", plain.public_path())).await;
        assert_eq!(
            (
                &found["title"],
                &found["description"],
                &found["image"],
                &found["section"]
            ),
            (
                &json!("Quiet"),
                &json!("The harbour was quiet. Nobody sailed."),
                &Value::Null,
                &Value::Null
            )
        );
        assert_eq!((&found["authors"], &found["tags"]), (&json!([]), &json!([])));
    }
    let long = make::draft(&app, "Long").set("body", json!([make::paragraph(&"A long story. ".repeat(500))]));
    let found = told(&app, &long.published().await.public_path()).await;
    assert!(
        found["description"]
            .as_str()
            .is_some_and(|text| text.ends_with("long…") && text.len() < 330)
    );
    let decked = make::draft(&app, "Decked").set("deck", "At noon\nand later.");
    let found = told(&app, &decked.published().await.public_path()).await;
    assert_eq!(found["description"], "At noon and later.");
}

#[actix_web::test]
async fn who_wrote_it_is_who_the_byline_names() {
    let app = TestApp::start().await;
    let person = make::contributor(&app, "Ansa Kivi", "person").await;
    let credit = |role: &str| json!({"contributor_id": person.id(), "role": role});
    let supplier = json!({"name": "Meridian Wire", "category": "wires"});
    for (byline, distributor, names) in [
        (
            json!({"contributors": [credit("photographer")]}),
            json!(null),
            vec!["Ansa Kivi"],
        ),
        (
            json!({"override": "From our desk"}),
            supplier.clone(),
            vec!["From our desk"],
        ),
        (json!({}), supplier, vec!["Meridian Wire"]),
        (json!({}), json!(null), vec![]),
    ] {
        let story = make::draft(&app, "Ferry")
            .set("byline", byline)
            .set("distributor", distributor);
        let found = told(&app, &story.published().await.public_path()).await;
        let authors = found["authors"].as_array().unwrap();
        assert_eq!(
            authors
                .iter()
                .map(|one| one["name"].as_str().unwrap())
                .collect::<Vec<_>>(),
            names
        );
    }
}

/// A film has no renditions, and a picture that is small comes as it is.
#[actix_web::test]
async fn the_picture_is_the_lead_photograph_where_there_is_one() {
    let app = TestApp::with(|config| config.media.url = "https://media.example".to_owned()).await;
    let film = make::film(&app).await;
    let story = make::draft(&app, "Film").set("lead_media", json!({"media_id": film.id()}));
    assert_eq!(
        told(&app, &story.published().await.public_path()).await["image"],
        Value::Null
    );
    let small = make::picture(&app, json!({"credit": "Northlight Pictures"})).await;
    let story = make::draft(&app, "Small").set("lead_media", json!({"media_id": small.id()}));
    let image = told(&app, &story.published().await.public_path()).await["image"].clone();
    assert_eq!((&image["width"], &image["alt"]), (&json!(600), &Value::Null));
    assert!(
        image["url"]
            .as_str()
            .unwrap()
            .starts_with("https://media.example/media/")
    );
}
