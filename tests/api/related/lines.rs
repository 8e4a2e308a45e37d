//! Lines and asides of HTML and Markdown that may be related links, and what must not become of them.

use serde_json::{Value, json};

use super::pair;
use crate::make::{self, Made, paragraph};
use crate::support::{Reply, TestApp};

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
