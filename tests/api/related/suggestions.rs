//! Stories that an article could link to.

use serde_json::json;

use super::add;
use crate::make::{self, paragraph};
use crate::support::{Person, Reply, TestApp};

async fn suggested(app: &TestApp, of: &make::Made) -> Reply {
    let path = format!("{}/related/suggestions", of.path());
    app.editor().get(path).await.expect(200)
}

fn headlines(reply: &Reply) -> Vec<&str> {
    let items = reply.items().iter();
    items
        .map(|item| item["article"]["headline"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn the_most_like_come_first_with_the_reasons() {
    let app = TestApp::start().await;
    let (ferries, weather) = (make::tag(&app, "Ferries").await, make::tag(&app, "Weather").await);
    let world = make::section(&app, "World").await;
    let story = |headline: &str, body: &str| make::draft(&app, headline).set("body", json!([paragraph(body)]));
    let near = story(
        "Kestrel ferry breaks down",
        "The Kestrel lay in the harbour of Port Aldous.",
    )
    .set("tag_ids", json!([ferries.id()]))
    .set("section_id", world.id())
    .published()
    .await;
    story("Ferry fares rise", "Fares between Port Aldous and the mainland rise.")
        .published()
        .await;
    story("Election results in full", "The count went on all night.")
        .published()
        .await;
    story("Storm warning", "Winds are expected.")
        .set("tag_ids", json!([weather.id()]))
        .published()
        .await;
    let hidden = story("Kestrel ferry secrets", "The Kestrel in Port Aldous.")
        .ready()
        .await;
    let gone = story("Kestrel ferry gone", "The Kestrel in Port Aldous.")
        .published()
        .await;
    gone.act(&app, "unpublish").await;

    let own = story(
        "Kestrel ferry sails again",
        "The Kestrel left Port Aldous harbour. Passengers cheered the ferry.",
    )
    .set("tag_ids", json!([ferries.id(), weather.id()]))
    .set("section_id", world.id())
    .ready()
    .await;
    let found = suggested(&app, &own).await;
    let expected = ["Kestrel ferry breaks down", "Ferry fares rise", "Storm warning"];
    assert_eq!(
        headlines(&found),
        expected,
        "neither hidden ones nor those with nothing in common"
    );
    let first = &found.items()[0];
    assert_eq!(first["same_section"], true);
    assert_eq!(first["tags"][0]["slug"], "ferries");
    let words: Vec<&str> = first["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert!(words.contains(&"kestrel") && words.contains(&"ferry"), "{words:?}");
    assert_eq!(found.items()[2]["words"], json!([]), "a tag alone is a reason");
    let scores: Vec<f64> = found
        .items()
        .iter()
        .map(|item| item["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores[0] <= 1.0, "{scores:?}");

    // Neither itself, live as it is, nor what it links to.
    let own = own.act(&app, "publish").await;
    assert_eq!(headlines(&suggested(&app, &own).await), expected);
    add(&app, &own, &json!({"article_id": near.id()})).await.expect(201);
    assert_eq!(headlines(&suggested(&app, &own).await), expected[1..]);
    // What is found follows what is live.
    hidden.act(&app, "publish").await;
    assert_eq!(headlines(&suggested(&app, &own).await)[0], "Kestrel ferry secrets");
    let changed = hidden
        .again(&app)
        .await
        .patch(&app, json!({"headline": "Tax", "body": [paragraph("Tax.")]}))
        .await;
    assert_eq!(headlines(&suggested(&app, &own).await)[0], "Kestrel ferry secrets");
    changed.act(&app, "publish").await;
    assert_eq!(headlines(&suggested(&app, &own).await), expected[1..]);
}

#[actix_web::test]
async fn a_contributor_is_given_what_is_live() {
    let app = TestApp::start().await;
    make::draft(&app, "Kestrel ferry").published().await;
    make::draft(&app, "Kestrel ferry of another").ready().await;
    let own = make::draft(&app, "Kestrel ferry").by(Person::Contributor).ready().await;
    let path = format!("{}/related/suggestions", own.path());
    let found = app.contributor().get(path).await.expect(200);
    assert_eq!(headlines(&found), ["Kestrel ferry"]);
    let empty = make::draft(&app, "!?").ready().await;
    assert_eq!(
        suggested(&app, &empty.patch(&app, json!({"body": []})).await)
            .await
            .items()
            .len(),
        0
    );
}
