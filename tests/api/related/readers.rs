//! Links as readers get them: cards of what is live, and nothing of what is not.

use serde_json::{Value, json};

use super::pair;
use crate::make::{self, Made, paragraph};
use crate::support::{Reply, TestApp, snap};

async fn page(app: &TestApp, of: &Made, query: &str) -> Reply {
    let path = format!("{}?{query}", of.public_path());
    app.anon().get(path).await.expect(200)
}

fn labels(cards: &Value) -> Vec<&str> {
    let cards = cards.as_array().into_iter().flatten();
    cards.map(|card| card["label"].as_str().unwrap()).collect()
}

/// A wire story with a link in mid-body, live, and what it leads to, live too.
async fn wire(app: &TestApp) -> (Made, Made) {
    let picture = make::picture(app, json!({"credit": "Northlight Pictures", "alt": "Waves."})).await;
    let target = make::draft(app, "Storm closes the strait")
        .set("deck", "No ferry before next week.")
        .set("lead_media", json!({"media_id": picture.id()}))
        .published()
        .await;
    app.clock.advance(60);
    let body = json!([
        paragraph("The first ferry left."),
        {"type": "related_article", "article_id": target.id(), "show_image": true},
        paragraph("It was full."),
    ]);
    let story = make::draft(app, "Ferry sails").set("body", body).published().await;
    (target, story)
}

#[actix_web::test]
async fn a_page_is_the_same_text_alone_and_at_its_address() {
    let app = TestApp::start().await;
    let (target, story) = wire(&app).await;
    for of in [&target, &story] {
        let read = page(&app, of, "").await;
        let path = read["path"].as_str().unwrap();
        for form in ["blocks", "html", "markdown", "text", "none"] {
            for include in [
                "",
                "&include=related",
                "&include=backlinks",
                "&include=related,backlinks",
            ] {
                let alone = page(&app, of, &format!("body={form}{include}")).await.text();
                let there = format!("/api/v1/resolve?path={path}&body={form}{include}");
                let there = app.anon().get(there).await.expect(200).text();
                let within = format!("{{\"type\":\"article\",\"article\":{alone}}}");
                assert_eq!(there, within, "{path} {form} {include}");
            }
        }
    }
}

#[actix_web::test]
async fn a_link_in_mid_body_shows_in_every_form_in_the_list_and_at_its_target() {
    let app = TestApp::start().await;
    let (target, story) = wire(&app).await;
    let url = target.json["canonical_url"].as_str().unwrap();
    let visible = |reply: &Reply, shown: bool, what: &str| {
        assert_eq!(
            reply.text().contains("Storm closes the strait"),
            shown,
            "{what}: {}",
            reply.text()
        );
        assert_eq!(
            reply.text().contains(target.short_id()),
            shown,
            "{what}: {}",
            reply.text()
        );
    };
    for step in ["live", "unpublish", "publish", "retract", "publish"] {
        let shown = matches!(step, "live" | "publish");
        if step != "live" {
            target.again(&app).await.act(&app, step).await;
        }
        for form in ["blocks", "html", "markdown"] {
            visible(&page(&app, &story, &format!("body={form}")).await, shown, form);
        }
        let text = page(&app, &story, "body=text").await;
        let line = if shown {
            "Related article: Storm closes the strait\n\n"
        } else {
            ""
        };
        assert_eq!(
            text["body_text"],
            format!("The first ferry left.\n\n{line}It was full.")
        );
        visible(
            &page(&app, &story, "body=none&include=related,backlinks").await,
            shown,
            "include",
        );
        let list = app
            .anon()
            .get(format!("{}/related", story.public_path()))
            .await
            .expect(200);
        visible(&list, shown, "the list");
        if shown {
            let back = app
                .anon()
                .get(format!("{}/backlinks", target.public_path()))
                .await
                .expect(200);
            assert_eq!(back.items()[0]["article"]["id"], story.id());
            assert_eq!(back.items()[0]["kinds"], json!(["related"]));
        }
    }
    let blocks = page(&app, &story, "").await;
    let card = &blocks["body"][1]["link"];
    assert_eq!(
        (&card["label"], &card["url"]),
        (&json!("Storm closes the strait"), &json!(url))
    );
    assert_eq!(card["article"]["deck"], "No ferry before next week.");
    assert!(
        card["article"]["lead_media"]["media"]["srcset"]
            .as_str()
            .unwrap()
            .contains("600w")
    );
    let html = page(&app, &story, "body=html").await;
    let html = html["body_html"].as_str().unwrap();
    assert!(html.contains(&format!("Related article: <a href=\"{url}\"")), "{html}");
    assert!(
        html.contains("<img src=\"/media/") && html.contains("alt=\"Waves.\""),
        "{html}"
    );
    let markdown = page(&app, &story, "body=markdown").await;
    assert!(
        markdown["body_markdown"]
            .as_str()
            .unwrap()
            .contains("related-article with-image")
    );
    // The picture is another in each run.
    let mut block = blocks["body"][1].clone();
    block["link"]["article"]["lead_media"] = json!("[media]");
    snap("related_article", &block);
}

#[actix_web::test]
async fn a_card_shows_its_target_as_it_is_now() {
    let app = TestApp::start().await;
    let (target, story) = wire(&app).await;
    let other = make::picture(&app, json!({"credit": "Elsewhere Pictures"})).await;
    let change = json!({
        "headline": "Storm shuts the strait", "slug": "storm-shuts", "lead_media": {"media_id": other.id()},
    });
    let target = target.patch(&app, change).await;
    let before = page(&app, &story, "include=related").await;
    assert_eq!(
        labels(&before["related"]),
        ["Storm closes the strait"],
        "until it is published"
    );
    let target = target.act(&app, "publish").await;
    let after = page(&app, &story, "include=related").await;
    let card = &after["related"][0];
    assert_eq!(card["label"], "Storm shuts the strait");
    assert_eq!(card["url"], target.json["canonical_url"]);
    assert_eq!(card["article"]["lead_media"]["media_id"], other.id());
    assert_eq!(after["body"][1]["link"], *card);
    assert_ne!(before.etag(), after.etag());
    assert!(
        after.header("Last-Modified").is_none(),
        "what it shows changes without a new edition of it"
    );
    let keys = after.header("Surrogate-Key").unwrap();
    for key in [
        format!("article:{}", target.id()),
        format!("media:{}", other.id()),
        "link:".to_owned(),
    ] {
        assert!(keys.contains(&key), "{key}: {keys}");
    }
    // The story itself was not touched.
    assert_eq!(story.again(&app).await.revision(), story.revision());
}

#[actix_web::test]
async fn readers_get_the_links_that_were_published() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({"label_override": "Read this"})).await;
    let story = story.act(&app, "publish").await;
    let change = json!({"related": [{"url": "https://harbour.example/12", "title": "Notice 12", "source": "Harbour"}]});
    let story = story.patch(&app, change).await;
    assert_eq!(
        labels(&page(&app, &story, "include=related").await["related"]),
        ["Read this"]
    );
    story.act(&app, "publish").await;
    let now = page(&app, &story, "include=related").await;
    assert_eq!(
        now["related"],
        json!([{
            "id": story.json["related"][0]["id"], "kind": "related", "placement": "list", "label": "Notice 12",
            "url": "https://harbour.example/12", "source": "Harbour", "article": null,
        }])
    );
    let back = app
        .anon()
        .get(format!("{}/backlinks", target.public_path()))
        .await
        .expect(200);
    assert_eq!(back.items().len(), 0);
}

#[actix_web::test]
async fn lists_are_paged_and_a_list_of_articles_brings_links() {
    let app = TestApp::start().await;
    let mut related = Vec::new();
    for number in 0..7 {
        let target = make::draft(&app, &format!("Target {number}"));
        let target = if number % 3 == 1 {
            target.ready().await
        } else {
            target.published().await
        };
        related.push(json!({"article_id": target.id()}));
    }
    let inline = make::draft(&app, "Inline").published().await;
    related.push(json!({"article_id": inline.id(), "placement": "inline"}));
    app.clock.advance(1);
    let story = make::draft(&app, "Story")
        .set("related", json!(related))
        .published()
        .await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}/related?limit=2{cursor}", story.public_path());
        let reply = app.anon().get(path).await.expect(200);
        seen.extend(reply.column("label").iter().map(|label| (*label).to_owned()));
        let Some(next) = reply["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    let expected = ["Target 0", "Target 2", "Target 3", "Target 5", "Target 6"];
    assert_eq!(seen, expected, "what shows in the body only is not in the list");
    let list = app.anon().get("/api/v1/articles?include=related").await.expect(200);
    assert_eq!(labels(&list.items()[0]["related"]), expected);
    assert_eq!(list.items()[1]["related"], json!([]));
    let plain = app.anon().get("/api/v1/articles").await.expect(200);
    assert!(plain.items()[0].get("related").is_none());
    for query in ["include=backlinks", "include=related,", "include="] {
        app.anon()
            .get(format!("/api/v1/articles?{query}"))
            .await
            .refused(400, "invalid_parameter");
    }

    let target = make::draft(&app, "Well linked").published().await;
    for number in 0..5 {
        app.clock.advance(60);
        let story = make::draft(&app, &format!("Linking {number}"));
        let link = json!([
            {"article_id": target.id()}, {"article_id": target.id(), "kind": "background", "placement": "inline"},
        ]);
        story.set("related", link).published().await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}/backlinks?limit=2{cursor}", target.public_path());
        let reply = app.anon().get(path).await.expect(200);
        for item in reply.items() {
            assert_eq!(item["kinds"], json!(["related", "background"]));
            seen.push(item["article"]["headline"].as_str().unwrap().to_owned());
        }
        let Some(next) = reply["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, [4, 3, 2, 1, 0].map(|number| format!("Linking {number}")));
    let whole = page(&app, &target, "include=backlinks").await;
    assert_eq!(whole["backlinks"].as_array().unwrap().len(), 5);
    let wrong = format!(
        "{}/related?cursor={}",
        target.public_path(),
        cursor.trim_start_matches("&cursor=")
    );
    app.anon().get(wrong).await.refused(400, "cursor_mismatch");
}

#[actix_web::test]
async fn links_of_what_is_not_live_are_answered_as_it_is() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Draft").ready().await;
    let gone = make::draft(&app, "Gone").published().await.act(&app, "retract").await;
    for list in ["related", "backlinks"] {
        app.anon()
            .get(format!("{}/{list}", draft.public_path()))
            .await
            .refused(404, "not_found");
        app.anon()
            .get(format!("{}/{list}", gone.public_path()))
            .await
            .refused(410, "gone");
    }
}
