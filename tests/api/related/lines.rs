//! Lines and asides of HTML and Markdown that may be related links, and what must not become of them.

use serde_json::{Value, json};

use super::pair;
use crate::make::{self, Made, paragraph};
use crate::support::{Person, Reply, TestApp};

async fn written(app: &TestApp, story: &Made, html: &str) -> Reply {
    let call = app.editor().patch(story.path()).if_match(story.revision());
    call.json(&json!({"body_html": html})).await.expect(200)
}

/// The types of the blocks of a body.
fn types(of: &Value) -> Vec<&str> {
    let blocks = of["body"].as_array().unwrap();
    blocks.iter().map(|block| block["type"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_paragraph_of_a_writer_stays_what_it_is() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").published().await;
    let words = json!([
        {"text": "See also: "}, {"text": "the other story", "link": {"article_id": target.id()}},
    ]);
    let body = json!([paragraph("One."), {"type": "paragraph", "text": words}]);
    let story = make::draft(&app, "Story").set("body", body).ready().await;
    for (form, field) in [("html", "body_html"), ("markdown", "body_markdown")] {
        let shown = app
            .editor()
            .get(format!("{}?body={form}", story.path()))
            .await
            .expect(200);
        let call = app.editor().patch(story.path()).if_match(story.revision());
        let back = call.json(&json!({field: shown[field]})).await.expect(200);
        assert_eq!(
            (&back["revision"], &back["body"]),
            (&story.json["revision"], &story.json["body"]),
            "{form}"
        );
    }
    // So does a line that leads to the article itself.
    let story = story.act(&app, "publish").await;
    let own = story.json["canonical_url"].as_str().unwrap();
    for html in [
        format!("<p>Read more: <a href=\"{own}\">here</a></p>"),
        format!(
            "<p>Related: <a data-article-id=\"{}\" href=\"/\">me</a></p>",
            story.id()
        ),
    ] {
        let story = story.again(&app).await;
        let reply = written(&app, &story, &html).await;
        assert_eq!(types(reply.json()), ["paragraph"], "{html}");
    }
}

#[actix_web::test]
async fn an_address_of_ours_is_the_article_that_is_there() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({"placement": "both"})).await;
    let url = target.json["canonical_url"].as_str().unwrap();
    let id = story.json["related"][0]["id"].as_str().unwrap();
    // However much of what we wrote an editor's program took away.
    for aside in [
        format!("<aside class=\"related-article\">Related article: <a href=\"{url}\">Storm</a></aside>"),
        format!(
            "<aside class=\"related-article\" data-link-id=\"{id}\">Related article: <a href=\"{url}\">Storm</a></aside>"
        ),
    ] {
        let story = story.again(&app).await;
        let reply = written(&app, &story, &format!("<p>One.</p>{aside}")).await;
        assert_eq!(types(reply.json()), ["paragraph", "related_article"], "{aside}");
        assert_eq!(reply["related"].as_array().unwrap().len(), 1, "{aside}");
        assert_eq!(reply["related"][0]["id"], json!(id), "{aside}");
    }
    let other = make::draft(&app, "Other").ready().await;
    let link = json!({"url": url, "title": "Storm"});
    let reply = super::add(&app, &other, &link).await.expect(201);
    assert_eq!(reply.items()[0]["article_id"], target.id());
    assert!(reply.items()[0]["url"].is_null());
}

#[actix_web::test]
async fn what_else_stands_in_an_aside_is_not_lost() {
    let app = TestApp::start().await;
    let (_, story) = pair(&app, json!({})).await;
    let id = story.json["related"][0]["id"].as_str().unwrap();
    let elsewhere = "<a href=\"https://x.example/2\">Second</a>";
    for html in [
        format!(
            "<aside class=\"related-article\"><p>Important words.</p><a href=\"https://x.example/1\">Title</a>{elsewhere}</aside>"
        ),
        format!(
            "<aside class=\"related-list\"><ul><li><a data-link-id=\"{id}\">One</a></li><li>{elsewhere}</li></ul></aside>"
        ),
        format!(
            "<aside class=\"related-list\"><p>Important words.</p><ul><li><a data-link-id=\"{id}\">One</a></li></ul>{elsewhere}</aside>"
        ),
    ] {
        let story = story.again(&app).await;
        let reply = written(&app, &story, &html).await;
        let body = reply["body"].to_string();
        assert!(body.contains("https://x.example/2"), "{html}: {body}");
        assert_eq!(
            body.contains("Important words."),
            html.contains("Important words."),
            "{html}: {body}"
        );
        assert_eq!(reply["warnings"][0]["code"], "structure_flattened", "{html}");
        let call = app
            .editor()
            .patch(story.path())
            .if_match(story.again(&app).await.revision());
        let strict = call
            .header("Prefer", "handling=strict")
            .json(&json!({"body_html": html}));
        strict.await.refused(422, "invalid_body");
    }
}

#[actix_web::test]
async fn what_we_write_is_taken_back_to_the_letter() {
    let app = TestApp::start().await;
    let picture = make::picture(&app, json!({"credit": "Northlight Pictures"})).await;
    let target = make::draft(&app, "Target").set("lead_media", json!({"media_id": picture.id()}));
    let target = target.published().await;
    let body = json!([
        paragraph("One."),
        {"type": "related_article", "article_id": target.id(), "show_image": true},
        {"type": "related_article", "url": "https://a.example/", "title": "Elsewhere & beyond"},
    ]);
    let story = make::draft(&app, "Story").set("body", body).ready().await;
    let shown = app
        .editor()
        .get(format!("{}?body=html", story.path()))
        .await
        .expect(200);
    let html = shown["body_html"].as_str().unwrap();
    assert!(html.contains("<img "), "{html}");
    // An editor's program may break lines within words.
    for html in [
        html.to_owned(),
        html.replace("Elsewhere &amp; beyond", "Elsewhere\n &amp; <b>beyond</b>"),
    ] {
        let call = app
            .editor()
            .patch(story.path())
            .if_match(1)
            .header("Prefer", "handling=strict");
        let back = call.json(&json!({"body_html": html})).await.expect(200);
        assert_eq!(
            (&back["body"], &back["revision"]),
            (&story.json["body"], &json!(1)),
            "{html}"
        );
    }
    // Pasted elsewhere without the ids of links, it makes links of its own.
    let bare = html.replace("data-link-id", "data-x");
    let other = json!({"headline": "Other", "body_html": bare.replace("Elsewhere", "Else\nwhere")});
    let other = app
        .editor()
        .post("/api/v1/editor/articles")
        .json(&other)
        .await
        .expect(201);
    assert_eq!(other["related"][1]["label"], "Else where & beyond");
}

#[actix_web::test]
async fn a_link_to_a_page_that_turns_out_to_be_ours_stays_as_it_was_written() {
    let app = TestApp::start().await;
    // The address of a draft, which its author's colleague knows nothing of.
    let draft = make::draft(&app, "Draft")
        .published()
        .await
        .act(&app, "unpublish")
        .await;
    let url = draft.json["canonical_url"].as_str().unwrap();
    let page = json!({"type": "related_article", "url": url, "title": "A page"});
    let story = make::draft(&app, "Story").by(Person::Contributor);
    let story = story.set("body", json!([paragraph("One."), page])).ready().await;
    assert_eq!(story.json["related"][0]["url"], url);
    let live = draft.act(&app, "publish").await;
    assert!(live.json["live_revision"].is_number());
    for by in [Person::Contributor, Person::Editor] {
        let call = app.person(by).patch(story.path()).if_match(1);
        let same = call.json(&json!({"body": story.json["body"]})).await.expect(200);
        assert_eq!(same["revision"], 1);
        let shown = app
            .person(by)
            .get(format!("{}?body=html", story.path()))
            .await
            .expect(200);
        let call = app.person(by).patch(story.path()).if_match(1);
        let same = call.json(&json!({"body_html": shown["body_html"]})).await.expect(200);
        assert_eq!(same["revision"], 1, "{}", shown["body_html"]);
    }
}

#[actix_web::test]
async fn a_list_with_an_address_of_ours_can_be_sent_again() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").published().await;
    let story = make::draft(&app, "Story").ready().await;
    let page =
        json!({"url": target.json["canonical_url"], "title": "x", "label_override": "Read this", "placement": "both"});
    let path = format!("{}/related", story.path());
    let mut seen = Vec::new();
    for revision in [1, 2] {
        let call = app.editor().call("PUT", &path).if_match(revision);
        let reply = call.json(&json!({"items": [page]})).await.expect(200);
        assert_eq!(reply["revision"], 2);
        seen.push(reply.items()[0].clone());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0]["article_id"], target.id());
}

#[actix_web::test]
async fn a_block_of_another_article_is_held_to_what_a_new_link_is() {
    let app = TestApp::start().await;
    let id = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    let story = make::draft(&app, "Story").ready().await;
    for (block, pointer, code) in [
        (
            json!({"url": "https://u:p@a.example/", "title": "x"}),
            "/body/0/url",
            "not_allowed",
        ),
        (json!({"url": "https://a.example/"}), "/body/0/title", "required"),
    ] {
        let mut block = block;
        (block["type"], block["link_id"]) = (json!("related_article"), json!(id));
        let call = app.editor().patch(story.path()).if_match(1);
        let reply = call.json(&json!({"body": [block]})).await.refused(422, "invalid_body");
        assert_eq!(reply.flaws(), [(pointer.to_owned(), code.to_owned())], "{block}");
    }
}
